import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The one report of a study by a model version. A later image of the study makes a new version of it, not a second one. */
@Entity('report')
@Index('report_once', ['studyRow', 'modelName', 'modelVersion'], { unique: true })
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

  @Column('text')
  readonly status!: 'preliminary';

  @Column('int')
  readonly version!: number;

  @Column('timestamptz')
  readonly issued!: Date;

  /** SHA-256 of the readings it stands on, 64 hex digits: the same readings make no new version. */
  @Column('text', { name: 'readings_digest' })
  readonly readingsDigest!: string;

  @Column('text')
  readonly conclusion!: string;

  /** The findings as GraphQL gives them. */
  @Column('jsonb')
  readonly findings!: unknown;
}
