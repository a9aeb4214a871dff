import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** What happened, as its room wrote it, in that room's own transaction. Never changed, never removed. */
@Entity('ledger_record')
@Index('ledger_record_by_entity', { synchronize: false }) // by expressions: type and id of what an event is about
export class LedgerRecord {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  readonly id!: number;

  /** JSON text of the event without its `seq`; text, because jsonb would not give the same characters back. */
  @Column('text')
  readonly event!: string;
}

/** A record's place in the chain: its gapless number and hash. Never changed, never removed. */
@Entity('ledger_link')
export class LedgerLink {
  @PrimaryColumn('bigint')
  readonly seq!: number;

  @Index('ledger_link_record', { unique: true })
  @Column('bigint', { name: 'record_id' })
  readonly recordId!: number;

  /** 32 bytes */
  @Column('bytea')
  readonly hash!: Buffer;
}

/** Records that the linker has still to chain. */
@Entity('ledger_unlinked')
export class LedgerUnlinked {
  @PrimaryColumn('bigint', { name: 'record_id' })
  readonly recordId!: number;
}
