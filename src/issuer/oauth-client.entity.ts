import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TenantColumn } from '../database/tenant-column.js';

/** An app or a system that may ask for tokens (RFC 7591 names its properties). */
@Entity('oauth_client')
export class OauthClientRow {
  @PrimaryColumn('text', { name: 'client_id' })
  readonly clientId!: string;

  @TenantColumn()
  readonly tenant!: number;

  @Column('text')
  readonly name!: string;

  /** Where codes may go: letter by letter as registered. */
  @Column('text', { name: 'redirect_uris', array: true })
  readonly redirectUris!: string[];

  @Column('text', { name: 'post_logout_redirect_uris', array: true })
  readonly postLogoutRedirectUris!: string[];

  @Column('text', { name: 'grant_types', array: true })
  readonly grantTypes!: string[];

  /** What it may ask for at most, separated by spaces. */
  @Column('text')
  readonly scope!: string;

  @Column('text', { name: 'auth_method' })
  readonly authMethod!: string;

  /** Of a secret of 256 random bits, which needs no slow hash. */
  @Column('text', { name: 'secret_sha256', nullable: true })
  readonly secretSha256!: string | null;

  @Column('jsonb', { nullable: true })
  readonly jwks!: unknown;

  @Column('text', { name: 'jwks_uri', nullable: true })
  readonly jwksUri!: string | null;

  /** What it may do by itself (client_credentials). */
  @Column('text', { array: true })
  readonly roles!: string[];

  /** Where an EHR sends the browser to start the app. */
  @Column('text', { name: 'launch_uri', nullable: true })
  readonly launchUri!: string | null;

  /** The organisation's own, such as its dashboard: its people are not asked whether it may. */
  @Column('boolean', { name: 'first_party', default: false })
  readonly firstParty!: boolean;

  @Column('boolean', { default: false })
  readonly disabled!: boolean;

  @Column('timestamptz')
  readonly since!: Date;

  /** What the tokens are marked by that it gets by itself: each change gives another, so that those from before can be taken back. */
  @Column('uuid')
  readonly generation!: string;
}
