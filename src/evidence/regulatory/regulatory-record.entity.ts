import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { TenantKey } from '../../database/tenant-column.js';

/** A version of a record of the regulatory file. It is never changed: a correction is the next version. */
@Entity('regulatory_record')
@Index('regulatory_record_by_hash', ['sha256'])
export class RegulatoryRecordRow {
  /** A line of record-types.ts. */
  @PrimaryColumn({ type: 'text', collation: 'C' })
  readonly type!: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  readonly id!: string;

  /** From 1, without gaps: each supersedes the one before. */
  @PrimaryColumn('int')
  readonly version!: number;

  /** Canonical (RFC 8785). */
  @Column('text')
  readonly content!: string;

  /** Of `content`. */
  @Column('bytea')
  readonly sha256!: Buffer;

  /** Why it was written; '' of a first version that gives none. */
  @Column('text')
  readonly reason!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  readonly createdAt!: Date;

  /** Who, as the ledger calls them. */
  @Column('text', { name: 'created_by' })
  readonly createdBy!: string;

  @TenantKey()
  readonly tenant!: number;
}
