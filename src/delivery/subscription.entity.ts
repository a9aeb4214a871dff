import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { KeptCaller } from '../access/kept-caller.js';
import type { SubscriptionForm } from './subscription-form.js';
import { TenantColumn, TenantKey } from '../database/tenant-column.js';

/** A Subscription that is heard: what its resource asks for, and how far it was told. */
@Entity('subscription')
@Index('subscription_by_topic', ['topic', 'id'])
export class SubscriptionState {
  /** Of the Subscription resource. */
  @PrimaryColumn('text')
  readonly id!: string;

  /** active, or error where it could not be reached: events are counted all the same. */
  @Column('text')
  readonly status!: 'active' | 'error';

  @Column('text')
  readonly topic!: string;

  @Column('jsonb')
  readonly form!: SubscriptionForm;

  /** Of what the resource asks for: the same is not greeted twice. */
  @Column('text')
  readonly digest!: string;

  @Column('timestamptz')
  readonly since!: Date;

  @Column('timestamptz', { name: 'ends_at', nullable: true })
  readonly endsAt!: Date | null;

  /** Events since it began: the number of the last. */
  @Column('bigint')
  readonly events!: number;

  /** The number of the last event that its endpoint took. */
  @Column('bigint')
  readonly delivered!: number;

  @Column('timestamptz', { name: 'last_sent', nullable: true })
  readonly lastSent!: Date | null;

  /** Tries that failed since the last that did not. */
  @Column('int')
  readonly failures!: number;

  /** When the next try is due after one that failed. */
  @Column('timestamptz', { name: 'retry_at', nullable: true })
  readonly retryAt!: Date | null;

  @TenantKey()
  readonly tenant!: number;
}

/** Something that a subscription is told. */
@Entity('subscription_event')
export class SubscriptionEvent {
  @PrimaryColumn('text', { name: 'subscription_id' })
  readonly subscriptionId!: string;

  /** From 1, without gaps. */
  @PrimaryColumn('bigint')
  readonly number!: number;

  @Column('timestamptz')
  readonly occurred!: Date;

  /** What it is about: `TYPE/ID`. */
  @Column('text')
  readonly focus!: string;

  /** The version of that. */
  @Column('int')
  readonly version!: number;

  @TenantKey()
  readonly tenant!: number;
}

/** Lets a WebSocket be bound to a subscription, for a short time. */
@Entity('subscription_token')
export class SubscriptionToken {
  @PrimaryColumn('text', { name: 'token_sha256' })
  readonly tokenSha256!: string;

  @Column('text', { name: 'subscription_id' })
  readonly subscriptionId!: string;

  @Column('timestamptz')
  readonly expires!: Date;

  /** Who got it: they listen, for as long as their access token is good. */
  @Column('jsonb')
  readonly listener!: KeptCaller;

  @TenantColumn()
  readonly tenant!: number;
}
