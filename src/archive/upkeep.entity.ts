import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { TenantColumn } from '../database/tenant-column.js';

/** How far the scrubber is; one row, for all servers on the database. */
@Entity('scrub_progress')
export class ScrubProgress {
  @PrimaryColumn('int')
  readonly id!: number;

  @Column('int', { default: 1 })
  readonly round!: number;

  @Column('timestamptz', { name: 'round_began', default: () => 'now()' })
  readonly roundBegan!: Date;

  @Column('timestamptz', { name: 'next_round_at', default: () => 'now()' })
  readonly nextRoundAt!: Date;

  /** The last instance whose object was read in this round; 0 before the first. */
  @Column('bigint', { name: 'after_row', default: 0 })
  readonly afterRow!: number;

  /** Read in this round. */
  @Column('bigint', { default: 0 })
  readonly objects!: number;

  @Column('bigint', { default: 0 })
  readonly bytes!: number;

  /** The server that scrubs, while its lease lasts. */
  @Column('uuid', { nullable: true })
  readonly holder!: string | null;

  @Column('timestamptz', { name: 'lease_until', nullable: true })
  readonly leaseUntil!: Date | null;
}

/** An object that was not what it should be when it was last read. Nothing is removed because of it. */
@Entity('damaged_object')
export class DamagedObject {
  @PrimaryColumn('bytea')
  readonly sha256!: Buffer;

  @Column('bigint', { name: 'instance_row' })
  readonly instanceRow!: number;

  /** `damaged`: other bytes than its SHA-256 says; `missing`: not there. */
  @Column('text')
  readonly what!: string;

  @Column('timestamptz', { name: 'found_at', default: () => 'now()' })
  readonly foundAt!: Date;

  @Column('timestamptz', { name: 'seen_at', default: () => 'now()' })
  readonly seenAt!: Date;
}

/** A dry run of the retention rules: only what it chose can be deleted by it. */
@Entity('retention_run')
export class RetentionRun {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  readonly id!: number;

  @Column('text')
  readonly rules!: string;

  @Column('timestamptz', { name: 'prepared_at', default: () => 'now()' })
  readonly preparedAt!: Date;

  @Column('timestamptz', { name: 'executed_at', nullable: true })
  readonly executedAt!: Date | null;

  @TenantColumn()
  readonly tenant!: number;
}

@Entity('retention_choice')
export class RetentionChoice {
  @PrimaryColumn('bigint')
  readonly run!: number;

  @PrimaryColumn('bigint', { name: 'study_row' })
  readonly studyRow!: number;

  @Column('text', { name: 'study_instance_uid' })
  readonly studyInstanceUID!: string;

  @Column('int')
  readonly instances!: number;

  @Column('bigint')
  readonly bytes!: number;

  /** What became of it: `deleted`, `changed` since the dry run, `gone`. */
  @Column('text', { nullable: true })
  readonly outcome!: string | null;

  @TenantColumn()
  readonly tenant!: number;
}
