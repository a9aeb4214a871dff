import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { TenantColumn } from '../../database/tenant-column.js';

/** The run of the model under test on the dataset. `config`: JSON. */
@Entity('validation_run')
@Index('validation_run_once', ['study'], { unique: true })
export class ValidationRun {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'validation_run_key' })
  readonly id!: string;

  @Column('uuid')
  readonly study!: string;

  @Column('text', { name: 'model_name' })
  readonly modelName!: string;

  @Column('text', { name: 'model_version' })
  readonly modelVersion!: string;

  @Column('text', { name: 'onnx_sha256' })
  readonly onnxSha256!: string;

  @Column('text', { name: 'card_sha256' })
  readonly cardSha256!: string;

  @Column('text')
  readonly software!: string;

  @Column('text')
  readonly config!: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly at!: Date;

  @Column('text', { name: 'made_by' })
  readonly madeBy!: string;

  @TenantColumn()
  readonly tenant!: number;
}

/** What the model answered for a case: a score, or the code of why it gave none. `outputs`: canonical text of all that it gave; `shown`: JSON, what a reader with the model sees. */
@Entity('validation_prediction')
export class ValidationPrediction {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'validation_prediction_key' })
  readonly study!: string;

  @Column('uuid')
  readonly run!: string;

  @PrimaryColumn({ type: 'text', name: 'case_key', collation: 'C', primaryKeyConstraintName: 'validation_prediction_key' })
  readonly caseKey!: string;

  @Column('double precision', { nullable: true })
  readonly score!: number | null;

  @Column('text')
  readonly error!: string;

  @Column('text', { name: 'input_sha256' })
  readonly inputSha256!: string;

  @Column('text', { name: 'output_sha256' })
  readonly outputSha256!: string;

  @Column('double precision')
  readonly milliseconds!: number;

  @Column('text')
  readonly provider!: string;

  @Column('text')
  readonly outputs!: string;

  @Column('text')
  readonly shown!: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly at!: Date;

  @TenantColumn()
  readonly tenant!: number;
}

/** That a run stopped by itself, and why: it goes on when somebody has it go on. */
@Entity('validation_halt')
export class ValidationHalt {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'validation_halt_key' })
  readonly id!: number;

  @Column('uuid')
  readonly study!: string;

  @Column('uuid')
  readonly run!: string;

  @Column('text')
  readonly code!: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly at!: Date;

  @TenantColumn()
  readonly tenant!: number;
}

/** All that results are computed from, by digests: after it nothing is added. What two people sign to unblind. */
@Entity('validation_freeze')
export class ValidationFreeze {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'validation_freeze_key' })
  readonly study!: string;

  @Column('text')
  readonly content!: string;

  @Column('text')
  readonly sha256!: string;

  @Column('text')
  readonly salt!: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly at!: Date;

  @Column('text', { name: 'made_by' })
  readonly madeBy!: string;

  @TenantColumn()
  readonly tenant!: number;
}

/** Results, by the plan that was in force. `content`: canonical text. */
@Entity('validation_analysis')
export class ValidationAnalysis {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'validation_analysis_key' })
  readonly study!: string;

  @PrimaryColumn('int', { primaryKeyConstraintName: 'validation_analysis_key' })
  readonly number!: number;

  @Column('text')
  readonly kind!: string;

  @Column('int', { name: 'protocol_version' })
  readonly protocolVersion!: number;

  @Column('text', { name: 'protocol_sha256' })
  readonly protocolSha256!: string;

  @Column('text')
  readonly plan!: string;

  @Column('text', { name: 'inputs_sha256' })
  readonly inputsSha256!: string;

  @Column('text')
  readonly content!: string;

  @Column('text')
  readonly sha256!: string;

  @Column('text')
  readonly software!: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly at!: Date;

  @Column('text', { name: 'made_by' })
  readonly madeBy!: string;

  @TenantColumn()
  readonly tenant!: number;
}

/** An evidence package that was sealed: what makes its bytes the same whenever it is asked for. */
@Entity('validation_package')
export class ValidationPackage {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'validation_package_key' })
  readonly study!: string;

  @PrimaryColumn('int', { primaryKeyConstraintName: 'validation_package_key' })
  readonly number!: number;

  @Column('text', { name: 'tag_sha512' })
  readonly tagSha512!: string;

  @Column('timestamptz', { name: 'signed_at' })
  readonly signedAt!: Date;

  @Column('bigint', { name: 'checkpoint_size' })
  readonly checkpointSize!: number;

  @Column('text')
  readonly facts!: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly at!: Date;

  @Column('text', { name: 'made_by' })
  readonly madeBy!: string;

  @TenantColumn()
  readonly tenant!: number;
}
