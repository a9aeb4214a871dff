import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { TenantColumn, TenantKey } from '../../database/tenant-column.js';

/** A dataset, frozen as it is made. `details`: JSON, how its cases were chosen and what was found of them. */
@Entity('validation_dataset')
@Index('validation_dataset_by_time', ['tenant', 'at', 'id'])
export class ValidationDataset {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'validation_dataset_key' })
  readonly id!: string;

  @Column('text')
  readonly name!: string;

  @Column('text')
  readonly purpose!: string;

  @Column('text', { name: 'manifest_sha256' })
  readonly manifestSha256!: string;

  @Column('int', { name: 'use_limit' })
  readonly useLimit!: number;

  @Column('text')
  readonly details!: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly at!: Date;

  @Column('text', { name: 'made_by' })
  readonly madeBy!: string;

  @TenantColumn()
  readonly tenant!: number;
}

/** A case of a dataset. The row of the archive leads to its image; it is not in the manifest, and may be gone. */
@Entity('validation_case')
@Index('validation_case_once', ['dataset', 'fileSha256'], { unique: true })
export class ValidationCase {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'validation_case_key' })
  readonly dataset!: string;

  @PrimaryColumn({ type: 'text', name: 'case_key', collation: 'C', primaryKeyConstraintName: 'validation_case_key' })
  readonly caseKey!: string;

  @Column({ type: 'text', name: 'patient_key', collation: 'C' })
  readonly patientKey!: string;

  @Column('bigint', { name: 'instance_row' })
  readonly instanceRow!: number;

  @Column('text', { name: 'instance_hash' })
  readonly instanceHash!: string;

  @Column('text', { name: 'file_sha256' })
  readonly fileSha256!: string;

  @Column('text', { name: 'pixel_sha256' })
  readonly pixelSha256!: string;

  @Column('text', { name: 'perceptual_hash' })
  readonly perceptualHash!: string;

  @Column('text')
  readonly site!: string;

  @Column('text')
  readonly manufacturer!: string;

  @Column('text')
  readonly model!: string;

  @Column('double precision', { name: 'age_years', nullable: true })
  readonly ageYears!: number | null;

  @Column('text')
  readonly sex!: string;

  @Column('text')
  readonly stratum!: string;

  @Column('int', { name: 'times_used_before' })
  readonly timesUsedBefore!: number;

  @TenantColumn()
  readonly tenant!: number;
}

/** That a study which was locked uses these pixels. */
@Entity('validation_use')
export class ValidationUse {
  @PrimaryColumn('text', { name: 'pixel_sha256', primaryKeyConstraintName: 'validation_use_key' })
  readonly pixelSha256!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'validation_use_key' })
  readonly study!: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly at!: Date;

  @TenantKey('validation_use_key')
  readonly tenant!: number;
}

/** What is known of a case beside its image: what it is grouped or compared by. */
@Entity('validation_variable')
export class ValidationVariable {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'validation_variable_key' })
  readonly study!: string;

  @PrimaryColumn({ type: 'text', name: 'case_key', collation: 'C', primaryKeyConstraintName: 'validation_variable_key' })
  readonly caseKey!: string;

  @PrimaryColumn({ type: 'text', collation: 'C', primaryKeyConstraintName: 'validation_variable_key' })
  readonly name!: string;

  @Column('text')
  readonly value!: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly at!: Date;

  @Column('text', { name: 'made_by' })
  readonly madeBy!: string;

  @TenantColumn()
  readonly tenant!: number;
}
