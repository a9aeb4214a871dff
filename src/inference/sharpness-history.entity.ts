import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TenantKey } from '../database/tenant-column.js';

/** How sharp the images were that a model read, by modality and station: what an image is compared with to find motion blur. */
@Entity('sharpness_history')
export class SharpnessHistoryRow {
  @PrimaryColumn('text', { name: 'model_sha256', primaryKeyConstraintName: 'sharpness_history_key' })
  readonly modelSha256!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'sharpness_history_key' })
  readonly modality!: string;

  /** Station Name (0008,1010), or empty. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'sharpness_history_key' })
  readonly station!: string;

  @Column('bigint')
  readonly images!: number;

  /** Of the natural logarithms of sharpness. */
  @Column('double precision')
  readonly mean!: number;

  /** Sum of their squared differences from the mean. */
  @Column('double precision')
  readonly m2!: number;

  @TenantKey('sharpness_history_key')
  readonly tenant!: number;
}
