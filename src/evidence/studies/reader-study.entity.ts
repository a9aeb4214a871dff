import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { TenantColumn } from '../../database/tenant-column.js';

/** Which case a reader reads in which arm, session and place. */
@Entity('validation_assignment')
@Index('validation_assignment_place', ['study', 'reader', 'session', 'place'], { unique: true })
export class ValidationAssignment {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'validation_assignment_key' })
  readonly study!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'validation_assignment_key' })
  readonly reader!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'validation_assignment_key' })
  readonly arm!: string;

  @Column('int')
  readonly session!: number;

  @Column('int')
  readonly place!: number;

  @PrimaryColumn({ type: 'text', name: 'case_key', collation: 'C', primaryKeyConstraintName: 'validation_assignment_key' })
  readonly caseKey!: string;

  @TenantColumn()
  readonly tenant!: number;
}

/** That a reader was shown a case, and what of the model with it (JSON). */
@Entity('validation_opening')
@Index('validation_opening_by_case', ['study', 'reader', 'arm', 'caseKey'])
export class ValidationOpening {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'validation_opening_key' })
  readonly id!: number;

  @Column('uuid')
  readonly study!: string;

  @Column('text')
  readonly reader!: string;

  @Column('text')
  readonly arm!: string;

  @Column({ type: 'text', name: 'case_key', collation: 'C' })
  readonly caseKey!: string;

  @Column('text', { nullable: true })
  readonly shown!: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  readonly at!: Date;

  @Column('text', { name: 'made_by' })
  readonly madeBy!: string;

  @TenantColumn()
  readonly tenant!: number;
}

/** What a reader said of a case in an arm. It stands. */
@Entity('validation_reading')
export class ValidationReading {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'validation_reading_key' })
  readonly study!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'validation_reading_key' })
  readonly reader!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'validation_reading_key' })
  readonly arm!: string;

  @PrimaryColumn({ type: 'text', name: 'case_key', collation: 'C', primaryKeyConstraintName: 'validation_reading_key' })
  readonly caseKey!: string;

  @Column('smallint', { nullable: true })
  readonly rating!: number | null;

  @Column('smallint', { name: 'clinical_action', nullable: true })
  readonly clinicalAction!: number | null;

  @Column('text', { nullable: true })
  readonly marks!: string | null;

  @Column('text')
  readonly status!: string;

  @Column('timestamptz', { name: 'opened_at', nullable: true })
  readonly openedAt!: Date | null;

  @Column('timestamptz', { name: 'submitted_at' })
  readonly submittedAt!: Date;

  @Column('double precision', { nullable: true })
  readonly seconds!: number | null;

  @Column('text')
  readonly source!: string;

  @Column('text')
  readonly reason!: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly at!: Date;

  @Column('text', { name: 'made_by' })
  readonly madeBy!: string;

  @TenantColumn()
  readonly tenant!: number;
}
