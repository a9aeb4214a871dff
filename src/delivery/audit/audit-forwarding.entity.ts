import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far along the chain the records have been sent to a receiver of audit messages, and which server is sending. */
@Entity('audit_forwarding')
export class AuditForwardingRow {
  /** `tls://host:port` */
  @PrimaryColumn('text')
  readonly receiver!: string;

  /** Of the last record that the receiver has taken. */
  @Column('bigint', { name: 'sent_seq', default: 0 })
  readonly sentSeq!: number;

  @Column('text')
  readonly holder!: string;

  @Column('timestamptz', { name: 'lease_until' })
  readonly leaseUntil!: Date;
}
