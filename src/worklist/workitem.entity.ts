import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { TenantColumn, TenantKey } from '../database/tenant-column.js';

/** A Unified Procedure Step: work that one system schedules and another performs (PS3.4 Annex CC). */
@Entity('workitem')
@Index('workitem_uid', ['workitemUID', 'tenant'], { unique: true })
@Index('workitem_by_state', ['state', 'id'])
export class Workitem {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  readonly id!: number;

  /** Its SOP Instance UID. */
  @Column('text', { name: 'workitem_uid' })
  readonly workitemUID!: string;

  /** Procedure Step State (0074,1000). */
  @Column('text')
  readonly state!: string;

  /** Known to the performer alone, as a key to the workitem (PS3.4 CC.1.1): never in an answer. */
  @Column('text', { name: 'transaction_uid', nullable: true })
  readonly transactionUID!: string | null;

  /** DICOM JSON of everything but the Transaction UID. */
  @Column('jsonb')
  readonly attributes!: unknown;

  @TenantColumn()
  readonly tenant!: number;
}

/** Who is told of a workitem's events. A row for a well-known UID stands for all workitems to come. */
@Entity('workitem_subscription')
@Index('workitem_subscription_by_workitem', ['workitemUID'])
export class WorkitemSubscription {
  /** AE title. */
  @PrimaryColumn('text')
  readonly subscriber!: string;

  @PrimaryColumn('text', { name: 'workitem_uid' })
  readonly workitemUID!: string;

  @Column('boolean', { name: 'deletion_lock' })
  readonly deletionLock!: boolean;

  /** Matching keys of a filtered global subscription. */
  @Column('jsonb', { nullable: true })
  readonly filter!: unknown;

  @TenantKey()
  readonly tenant!: number;
}

/** An event report on its way to a subscriber; every server on the database hands it to the channels it holds open. */
@Entity('workitem_event')
@Index('workitem_event_by_age', ['toldAt'])
export class WorkitemEvent {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  readonly id!: number;

  @Column('text')
  readonly subscriber!: string;

  /** DICOM JSON text, as it is sent. */
  @Column('text')
  readonly report!: string;

  @Column('timestamptz', { name: 'told_at', default: () => 'now()' })
  readonly toldAt!: Date;

  @TenantColumn()
  readonly tenant!: number;
}
