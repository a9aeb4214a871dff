import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { TenantKey } from '../../database/tenant-column.js';

/** A version of a FHIR resource: its text as it is served. */
abstract class Version {
  @PrimaryColumn({ type: 'text', collation: 'C' })
  readonly type!: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  readonly id!: string;

  @Column('timestamptz', { name: 'last_updated' })
  readonly lastUpdated!: Date;

  /** Empty where the version says that the resource was deleted. */
  @Column('text')
  readonly content!: string;

  /** What made it (R4 bundle-definitions.html#Bundle.entry.request.method): POST, PUT, PATCH or DELETE. */
  @Column('text', { default: 'PUT' })
  readonly method!: string;

  @Column('boolean', { default: false })
  readonly deleted!: boolean;
}

/** The current version of a resource. */
@Entity('resource')
@Index('resource_by_time', ['type', 'lastUpdated', 'no'])
@Index('resource_by_change', ['lastUpdated', 'no'])
@Index('resource_timeline', { synchronize: false }) // of what is of a patient
@Index('resource_to_index', { synchronize: false }) // of those that are in another form of the index: none, but after a migration
export class ResourceRow extends Version {
  @Column('int')
  readonly version!: number;

  /** SHA-256 of the content without `meta.versionId` and `meta.lastUpdated`: the same again makes no new version. */
  @Column('bytea')
  readonly digest!: Buffer;

  /** What the index knows it by; from the sequence `resource_number`, in blocks. */
  @Column('bigint', { unique: true })
  readonly no!: number;

  /** A room of the server's writes it, and no client edits it. */
  @Column('boolean', { default: false })
  readonly owned!: boolean;

  /** The form that its rows in the index have (INDEX_FORM). */
  @Column('int', { name: 'index_form', default: 0 })
  readonly indexForm!: number;

  /** Its place among what is of its patient (TimelinePlace); null where it has none. */
  @Column({ type: 'text', collation: 'C', nullable: true })
  readonly patient!: string | null;

  @Column({ type: 'text', collation: 'C', nullable: true })
  readonly status!: string | null;

  @Column('timestamptz', { nullable: true })
  readonly dated!: Date | null;

  @TenantKey()
  readonly tenant!: number;
}

/** Every version before the current one. */
@Entity('resource_version')
@Index('resource_version_by_time', ['type', 'lastUpdated'])
@Index('resource_version_by_change', ['lastUpdated'])
export class ResourceVersion extends Version {
  @PrimaryColumn('int')
  readonly version!: number;

  @TenantKey()
  readonly tenant!: number;
}
