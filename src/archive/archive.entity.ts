import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { TenantColumn } from '../database/tenant-column.js';

/** A study: what QIDO matches, and the study- and patient-level attributes of its first instance. */
@Entity('study')
@Index('study_uid', ['studyInstanceUID', 'tenant'], { unique: true })
@Index('study_by_patient', ['patientID', 'id'])
@Index('study_by_date', ['studyDate', 'id'])
@Index('study_by_accession', ['accessionNumber', 'id'])
@Index('study_by_study_id', ['studyID', 'id'])
@Index('study_by_alphabetic_name', { synchronize: false }) // the groups of patient_name_search, for names and their beginnings
@Index('study_by_ideographic_name', { synchronize: false })
@Index('study_by_phonetic_name', { synchronize: false })
@Index('study_by_text', { synchronize: false }) // trigrams, for what has a wild card before its end
@Index('study_by_modality', { synchronize: false }) // GIN
@Index('study_by_sound', { synchronize: false }) // GIN
export class Study {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  readonly id!: number;

  @Column({ type: 'text', collation: 'C', name: 'study_instance_uid' })
  readonly studyInstanceUID!: string;

  @Column({ type: 'text', collation: 'C', name: 'patient_id', default: '' })
  readonly patientID!: string;

  /** Alphabetic, ideographic and phonetic group, folded (searchable-name.ts), joined by `=`: what PatientName matches. */
  @Column({ type: 'text', collation: 'C', name: 'patient_name_search', default: '' })
  readonly patientNameSearch!: string;

  /** How the words of the name sound (name-sounds.ts). */
  @Column('text', { name: 'patient_name_sounds', array: true, default: () => "'{}'" })
  readonly patientNameSounds!: string[];

  /** DA as received (YYYYMMDD), empty where absent: its text order is its date order. */
  @Column({ type: 'text', collation: 'C', name: 'study_date', default: '' })
  readonly studyDate!: string;

  @Column({ type: 'text', collation: 'C', name: 'study_time', default: '' })
  readonly studyTime!: string;

  @Column({ type: 'text', collation: 'C', name: 'accession_number', default: '' })
  readonly accessionNumber!: string;

  @Column({ type: 'text', collation: 'C', name: 'referring_physician_search', default: '' })
  readonly referringPhysicianSearch!: string;

  @Column({ type: 'text', collation: 'C', name: 'study_id', default: '' })
  readonly studyID!: string;

  @Column({ type: 'text', collation: 'C', name: 'study_description', default: '' })
  readonly studyDescription!: string;

  /** Timezone Offset From UTC (0008,0201), empty where the study does not say. */
  @Column('text', { name: 'timezone_offset', default: '' })
  readonly timezoneOffset!: string;

  /** How many of its series hold an instance. */
  @Column('int', { name: 'series_count', default: 0 })
  readonly seriesCount!: number;

  @Column('int', { name: 'instance_count', default: 0 })
  readonly instanceCount!: number;

  /** The modalities of its series, each once, in order. */
  @Column('text', { array: true, default: () => "'{}'" })
  readonly modalities!: string[];

  /** What a search answers, with gaps for counts and addresses (search-answer.ts). */
  @Column('text', { default: '' })
  readonly answer!: string;

  /** DICOM JSON of the study- and patient-level attributes. */
  @Column('text')
  readonly attributes!: string;

  @Column('timestamptz', { name: 'stored_at', default: () => 'now()' })
  readonly storedAt!: Date;

  /** Rises whenever an instance of it comes, goes or is changed. */
  @Column('bigint', { default: 0 })
  readonly revision!: number;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  readonly changedAt!: Date;

  /**
   * Attributes changed after their instances came, for those that come later (attribute-change.ts); null where nothing
   * was, neither of the study nor of one of its series.
   */
  @Column('text', { nullable: true })
  readonly change!: string | null;

  @TenantColumn()
  readonly tenant!: number;
}

@Entity('series')
@Index('series_uid', ['studyRow', 'seriesInstanceUID'], { unique: true })
@Index('series_by_modality', ['modality', 'studyRow'])
@Index('series_by_performed_date', ['performedDate', 'id'])
@Index('series_by_request', { synchronize: false }) // GIN
export class Series {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  readonly id!: number;

  @Column('bigint', { name: 'study_row' })
  readonly studyRow!: number;

  @Column({ type: 'text', collation: 'C', name: 'series_instance_uid' })
  readonly seriesInstanceUID!: string;

  @Column('text', { default: '' })
  readonly modality!: string;

  @Column('int', { name: 'series_number', nullable: true })
  readonly seriesNumber!: number | null;

  @Column({ type: 'text', collation: 'C', name: 'performed_date', default: '' })
  readonly performedDate!: string;

  @Column({ type: 'text', collation: 'C', name: 'performed_time', default: '' })
  readonly performedTime!: string;

  /** `tag=value` of what identifies the requests it was made for (request-attributes.ts). */
  @Column('text', { array: true, default: () => "'{}'" })
  readonly requests!: string[];

  @Column('int', { name: 'instance_count', default: 0 })
  readonly instanceCount!: number;

  /** What a search answers, with gaps for counts and addresses (search-answer.ts). */
  @Column('text', { default: '' })
  readonly answer!: string;

  /** DICOM JSON of the series-level attributes. */
  @Column('text')
  readonly attributes!: string;

  /** As of the study. */
  @Column('text', { nullable: true })
  readonly change!: string | null;

  @TenantColumn()
  readonly tenant!: number;
}

/** An instance: where its bytes lie, and everything about them that is ever asked for, so that nothing parses them again. */
@Entity('instance')
@Index('instance_uid', ['sopInstanceUID', 'tenant'], { unique: true })
@Index('instance_by_series', ['seriesRow', 'instanceNumber', 'id'])
@Index('instance_by_study', ['studyRow', 'id'])
@Index('instance_by_class', ['sopClassUID', 'id'])
@Index('instance_object', { synchronize: false }) // hash (sha256): who refers to an object
export class Instance {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  readonly id!: number;

  @Column('bigint', { name: 'study_row' })
  readonly studyRow!: number;

  @Column('bigint', { name: 'series_row' })
  readonly seriesRow!: number;

  @Column({ type: 'text', collation: 'C', name: 'sop_instance_uid' })
  readonly sopInstanceUID!: string;

  @Column({ type: 'text', collation: 'C', name: 'sop_class_uid' })
  readonly sopClassUID!: string;

  @Column('text', { name: 'transfer_syntax_uid' })
  readonly transferSyntaxUID!: string;

  @Column('int', { name: 'instance_number', nullable: true })
  readonly instanceNumber!: number | null;

  /** SHA-256 of the file as received: also its name in the store. */
  @Column('bytea')
  readonly sha256!: Buffer;

  @Column('bigint')
  readonly bytes!: number;

  /** DICOM JSON of the data set without bulk data. */
  @Column('text')
  readonly metadata!: string;

  /** What a search answers, with gaps for counts and addresses (search-answer.ts). */
  @Column('text', { default: '' })
  readonly answer!: string;

  /** Where each frame's bytes lie in the file (dicom/frame-table.ts). */
  @Column('jsonb', { name: 'frame_table', nullable: true })
  readonly frameTable!: unknown;

  /** Where each bulk value lies in the file. */
  @Column('jsonb', { name: 'bulk_data' })
  readonly bulkData!: unknown;

  /** True for what this server made itself (reports, attention maps): models do not read it. */
  @Column('boolean', { default: false })
  readonly derived!: boolean;

  /** Where the data set begins in the file, after the File Meta Information: a deflated one is inflated from there. */
  @Column('int', { name: 'data_set_offset' })
  readonly dataSetOffset!: number;

  /** Rises with every change of its attributes; 0 as received. */
  @Column('int', { default: 0 })
  readonly revision!: number;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  readonly changedAt!: Date;

  @Column('timestamptz', { name: 'stored_at', default: () => 'now()' })
  readonly storedAt!: Date;

  @TenantColumn()
  readonly tenant!: number;
}
