import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { TenantColumn } from '../../database/tenant-column.js';

/** What somebody said the truth of a case is; null: it cannot be told. The last one of a person counts. */
@Entity('validation_label')
@Index('validation_label_by_case', ['study', 'caseKey'])
export class ValidationLabel {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'validation_label_key' })
  readonly id!: number;

  @Column('uuid')
  readonly study!: string;

  @Column({ type: 'text', name: 'case_key', collation: 'C' })
  readonly caseKey!: string;

  @Column('text')
  readonly member!: string;

  @Column('text')
  readonly method!: string;

  @Column('smallint', { nullable: true })
  readonly label!: number | null;

  @Column('text')
  readonly source!: string;

  @Column('boolean')
  readonly adjudicates!: boolean;

  @Column('timestamptz', { default: () => 'now()' })
  readonly at!: Date;

  @Column('text', { name: 'made_by' })
  readonly madeBy!: string;

  @TenantColumn()
  readonly tenant!: number;
}

/** The reference standard, frozen: the digest of all its rows. */
@Entity('validation_reference')
export class ValidationReference {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'validation_reference_key' })
  readonly study!: string;

  @Column('text')
  readonly sha256!: string;

  @Column('int')
  readonly cases!: number;

  @Column('text')
  readonly salt!: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly at!: Date;

  @Column('text', { name: 'made_by' })
  readonly madeBy!: string;

  @TenantColumn()
  readonly tenant!: number;
}

/** A row of the frozen reference standard. */
@Entity('validation_truth')
export class ValidationTruth {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'validation_truth_key' })
  readonly study!: string;

  @PrimaryColumn({ type: 'text', name: 'case_key', collation: 'C', primaryKeyConstraintName: 'validation_truth_key' })
  readonly caseKey!: string;

  @Column('smallint')
  readonly truth!: number;

  @TenantColumn()
  readonly tenant!: number;
}
