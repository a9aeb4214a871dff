import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { TenantColumn } from '../database/tenant-column.js';

export type ReadingState = 'read' | 'not-read' | 'failed';

/** What one model version made of one instance. One row for each pair, however often the work runs. */
@Entity('reading')
@Index('reading_once', ['instanceRow', 'modelName', 'modelVersion', 'modelSha256'], { unique: true })
@Index('reading_by_study', ['studyRow', 'modelName', 'modelVersion'])
export class Reading {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  readonly id!: number;

  @Column('bigint', { name: 'study_row' })
  readonly studyRow!: number;

  @Column('bigint', { name: 'instance_row' })
  readonly instanceRow!: number;

  @Column('text', { name: 'model_name' })
  readonly modelName!: string;

  @Column('text', { name: 'model_version' })
  readonly modelVersion!: string;

  @Column('text', { name: 'model_sha256' })
  readonly modelSha256!: string;

  @Column('text')
  readonly state!: ReadingState;

  /** Why it was not read or failed: a stable code. */
  @Column('text', { name: 'reason_code', nullable: true })
  readonly reasonCode!: string | null;

  /** The same in words; no PHI. */
  @Column('text', { nullable: true })
  readonly reason!: string | null;

  /** ImageReading as JSON without the attention map; null unless read. */
  @Column('jsonb', { nullable: true })
  readonly result!: unknown;

  @Column('int', { name: 'map_rows', nullable: true })
  readonly mapRows!: number | null;

  @Column('int', { name: 'map_columns', nullable: true })
  readonly mapColumns!: number | null;

  /** float32 little endian, row by row. */
  @Column('bytea', { name: 'map_values', nullable: true })
  readonly mapValues!: Buffer | null;

  @Column('timestamptz', { name: 'made_at', default: () => 'now()' })
  readonly madeAt!: Date;

  @TenantColumn()
  readonly tenant!: number;
}
