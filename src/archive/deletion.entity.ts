import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { TenantColumn } from '../database/tenant-column.js';

/** One request to delete: what it took away lies in the tables below until it is restored or purged. */
@Entity('deletion')
@Index('deletion_by_study', ['studyInstanceUID'])
export class Deletion {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  readonly id!: number;

  /** What was named: study, series or instance. */
  @Column('text')
  readonly level!: string;

  @Column('text', { name: 'study_instance_uid' })
  readonly studyInstanceUID!: string;

  @Column('text', { name: 'deleted_by' })
  readonly deletedBy!: string;

  @Column('text')
  readonly reason!: string;

  @Column('timestamptz', { name: 'deleted_at', default: () => 'now()' })
  readonly deletedAt!: Date;

  @TenantColumn()
  readonly tenant!: number;
}

/** The study's row as it was, whether or not it went with the instances: they may come back after it. */
@Entity('deleted_study')
@Index('deleted_study_row', ['id'])
export class DeletedStudy {
  @PrimaryColumn('bigint')
  readonly deletion!: number;

  /** Its row in `study`. */
  @PrimaryColumn('bigint')
  readonly id!: number;

  @Column('text', { name: 'study_instance_uid' })
  readonly studyInstanceUID!: string;

  @Column('jsonb')
  readonly content!: unknown;

  @TenantColumn()
  readonly tenant!: number;
}

@Entity('deleted_series')
export class DeletedSeries {
  @PrimaryColumn('bigint')
  readonly deletion!: number;

  /** Its row in `series`. */
  @PrimaryColumn('bigint')
  readonly id!: number;

  @Column('text', { name: 'series_instance_uid' })
  readonly seriesInstanceUID!: string;

  @Column('jsonb')
  readonly content!: unknown;

  @TenantColumn()
  readonly tenant!: number;
}

@Entity('deleted_instance')
@Index('deleted_instance_of', ['deletion', 'id'])
@Index('deleted_instance_uid', ['sopInstanceUID'])
@Index('deleted_instance_object', { synchronize: false }) // hash (sha256): who refers to an object
export class DeletedInstance {
  /** Its row in `instance`. */
  @PrimaryColumn('bigint')
  readonly id!: number;

  @Column('bigint')
  readonly deletion!: number;

  @Column('bigint', { name: 'series_row' })
  readonly seriesRow!: number;

  @Column('text', { name: 'sop_instance_uid' })
  readonly sopInstanceUID!: string;

  @Column('bytea')
  readonly sha256!: Buffer;

  @Column('bigint')
  readonly bytes!: number;

  @Column('jsonb')
  readonly content!: unknown;

  @TenantColumn()
  readonly tenant!: number;
}

/** An object whose last row was purged: removed as soon as it is sure that nothing refers to it. */
@Entity('doomed_object')
export class DoomedObject {
  @PrimaryColumn('bytea')
  readonly sha256!: Buffer;
}
