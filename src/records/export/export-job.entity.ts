import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TenantColumn } from '../../database/tenant-column.js';

/** An export that was asked for (FHIR Bulk Data Access 2.0). It has no files: what it gives is read as it is fetched. */
@Entity('export_job')
export class ExportJobRow {
  @PrimaryColumn('text')
  readonly id!: string;

  /** The kick-off request's address. */
  @Column('text')
  readonly request!: string;

  /** ExportAsked. */
  @Column('jsonb')
  readonly asked!: unknown;

  /** What is given is as it was then. */
  @Column('timestamptz', { name: 'transaction_time' })
  readonly transactionTime!: Date;

  @Column('text', { name: 'requested_by' })
  readonly requestedBy!: string;

  @Column('timestamptz', { name: 'requested_at' })
  readonly requestedAt!: Date;

  /** How many resources of each type, once they are counted. */
  @Column('jsonb', { nullable: true })
  readonly output!: unknown;

  @TenantColumn()
  readonly tenant!: number;
}
