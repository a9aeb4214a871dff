import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { TenantOrServerColumn } from '../database/tenant-column.js';

/**
 * What happened, as its room wrote it, in that room's own transaction. Never changed, never removed. The columns after the
 * event's text say no more than it does: they are what records are found by (record-columns.ts).
 */
@Entity('ledger_record')
@Index('ledger_record_by_time', ['tenant', 'occurredAt', 'id'])
@Index('ledger_record_by_actor', ['actor', 'occurredAt', 'id'])
@Index('ledger_record_by_entity', ['entityId', 'entityType', 'id'])
@Index('ledger_record_by_patient', { synchronize: false }) // GIN: a search may be about many
export class LedgerRecord {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  readonly id!: number;

  /** JSON text of the event without its `seq`; text, because jsonb would not give the same characters back. */
  @Column('text')
  readonly event!: string;

  @Column('timestamptz', { name: 'occurred_at' })
  readonly occurredAt!: Date;

  @Column({ type: 'text', collation: 'C' })
  readonly actor!: string;

  @Column({ type: 'text', collation: 'C' })
  readonly agent!: string;

  @Column({ type: 'text', collation: 'C' })
  readonly action!: string;

  @Column({ type: 'text', collation: 'C' })
  readonly type!: string;

  @Column({ type: 'text', collation: 'C' })
  readonly subtype!: string;

  @Column({ type: 'text', collation: 'C', name: 'entity_type' })
  readonly entityType!: string;

  @Column({ type: 'text', collation: 'C', name: 'entity_id' })
  readonly entityId!: string;

  @Column({ type: 'text', collation: 'C', array: true })
  readonly patients!: string[];

  @Column('smallint')
  readonly outcome!: number;

  @TenantOrServerColumn()
  readonly tenant!: number;

  /** What may name people (seal.ts); null where the event has nothing of the kind. */
  @Column('bytea', { nullable: true })
  readonly sealed!: Buffer | null;
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

/** A signed checkpoint (checkpoint.ts). Never changed, never removed. */
@Entity('ledger_checkpoint')
export class LedgerCheckpoint {
  @PrimaryColumn('bigint')
  readonly size!: number;

  @Column('bytea')
  readonly root!: Buffer;

  @Column('bytea')
  readonly head!: Buffer;

  @Column('text')
  readonly origin!: string;

  @Column('timestamptz', { name: 'signed_at' })
  readonly signedAt!: Date;

  @Column('text')
  readonly kid!: string;

  @Column('bytea')
  readonly signature!: Buffer;

  /** Of the tree that it is the root of, for the next one to grow on from. */
  @Column('bytea')
  readonly peaks!: Buffer;
}
