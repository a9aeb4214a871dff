import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { KeptCaller } from '../../access/kept-caller.js';
import { TenantKey } from '../../database/tenant-column.js';

/** What is kept beside a Subscription, and is in no version of it: who made it, and what its headers say. */
@Entity('subscription_owner')
export class SubscriptionOwnerRow {
  /** Of the Subscription resource. */
  @PrimaryColumn('text')
  readonly id!: string;

  /** Who wrote it last, but the server itself; null where nobody knows. */
  @Column('jsonb', { nullable: true })
  readonly owner!: KeptCaller | null;

  /** By what stands for each in the resource's `channel.header`, the line as it was given. */
  @Column('jsonb')
  readonly headers!: Readonly<Record<string, string>>;

  @TenantKey()
  readonly tenant!: number;
}
