import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { TenantOrServerColumn } from '../database/tenant-column.js';

export type WorkState = 'waiting' | 'running' | 'dead';

/** One piece of work that a room has still to do. Done work leaves the table; what gave up stays, visibly, as `dead`. */
@Entity('work')
@Index('work_due', { synchronize: false }) // partial: (kind, priority desc, due_at, id) where waiting
@Index('work_once', { synchronize: false }) // partial unique: (kind, subject, tenant) where waiting
@Index('work_running', { synchronize: false }) // partial: (kind, subject) where running
export class WorkItem {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  readonly id!: number;

  @Column('text')
  readonly kind!: string;

  @Column('text')
  readonly subject!: string;

  @Column('text', { default: 'waiting' })
  readonly state!: WorkState;

  @Column('int', { default: 0 })
  readonly priority!: number;

  @Column('int', { default: 0 })
  readonly attempt!: number;

  @Column('timestamptz', { name: 'due_at', default: () => 'now()' })
  readonly dueAt!: Date;

  @Column('uuid', { nullable: true })
  readonly worker!: string | null;

  @Column('timestamptz', { name: 'lease_until', nullable: true })
  readonly leaseUntil!: Date | null;

  /** Stable code of the fault of the last attempt; never its prose. */
  @Column('text', { name: 'last_fault', nullable: true })
  readonly lastFault!: string | null;

  @Column('timestamptz', { name: 'enqueued_at', default: () => 'now()' })
  readonly enqueuedAt!: Date;

  @TenantOrServerColumn()
  readonly tenant!: number;
}
