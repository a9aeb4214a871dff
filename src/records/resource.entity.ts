import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The current version of a FHIR resource: its text as it is served. */
@Entity('resource')
@Index('resource_by_time', ['type', 'lastUpdated', 'id'])
export class ResourceRow {
  @PrimaryColumn('text')
  readonly type!: string;

  @PrimaryColumn('text')
  readonly id!: string;

  @Column('int')
  readonly version!: number;

  @Column('timestamptz', { name: 'last_updated' })
  readonly lastUpdated!: Date;

  @Column('text')
  readonly content!: string;

  /** SHA-256 of the content without `meta.versionId` and `meta.lastUpdated`: the same again makes no new version. */
  @Column('bytea')
  readonly digest!: Buffer;
}

/** Every version there was, the current one too. */
@Entity('resource_version')
export class ResourceVersion {
  @PrimaryColumn('text')
  readonly type!: string;

  @PrimaryColumn('text')
  readonly id!: string;

  @PrimaryColumn('int')
  readonly version!: number;

  @Column('timestamptz', { name: 'last_updated' })
  readonly lastUpdated!: Date;

  @Column('text')
  readonly content!: string;
}

/** One searchable value of the current version: a token (system, value) or a reference (value is Type/id). */
@Entity('resource_search')
@Index('resource_search_owner', ['type', 'id'])
export class ResourceSearch {
  @PrimaryColumn('text')
  readonly type!: string;

  @PrimaryColumn('text')
  readonly parameter!: string;

  @PrimaryColumn('text')
  readonly value!: string;

  @PrimaryColumn('text')
  readonly system!: string;

  @PrimaryColumn('text')
  readonly id!: string;
}
