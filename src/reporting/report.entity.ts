import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ReportStatus } from './report-status.js';
import { TenantKey } from '../database/tenant-column.js';

/**
 * The one report of a study by a model version. A later image of the study makes a new version of it, not a second one; once a
 * person has reviewed it, a report of the next cycle, for what was signed stays.
 */
@Entity('report')
@Index('report_once_a_cycle', ['studyRow', 'modelName', 'modelVersion', 'cycle'], { unique: true })
@Index('report_by_issue', ['issued', 'id'])
export class Report {
  /** UUID; also the id of its FHIR DiagnosticReport. */
  @PrimaryColumn('text')
  readonly id!: string;

  @Column('bigint', { name: 'study_row' })
  readonly studyRow!: number;

  @Column('text', { name: 'model_name' })
  readonly modelName!: string;

  @Column('text', { name: 'model_version' })
  readonly modelVersion!: string;

  @Column('text', { name: 'model_sha256' })
  readonly modelSha256!: string;

  /** 1 for the first report; one more for the report of what was read after the last was reviewed. */
  @Column('int')
  readonly cycle!: number;

  @Column('text')
  readonly status!: ReportStatus;

  /** Of what the model says; reviews do not count. */
  @Column('int')
  readonly version!: number;

  @Column('timestamptz')
  readonly issued!: Date;

  /** When a person last reviewed it. */
  @Column('timestamptz', { nullable: true })
  readonly reviewed!: Date | null;

  /** SHA-256 of the readings it stands on, 64 hex digits: the same readings make no new version. */
  @Column('text', { name: 'readings_digest' })
  readonly readingsDigest!: string;

  @Column('text')
  readonly conclusion!: string;

  /** The findings as GraphQL gives them, with the verdicts that stand. */
  @Column('jsonb')
  readonly findings!: unknown;

  @TenantKey()
  readonly tenant!: number;
}
