import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What the issuer has begun and granted: sessions, logins under way, codes, grants, refresh tokens, launches. */
@Entity('oidc_state')
@Index('oidc_state_by_grant', ['grantId'])
@Index('oidc_state_by_uid', ['uid'])
@Index('oidc_state_by_account', ['accountId'])
@Index('oidc_state_by_client', ['clientId'])
@Index('oidc_state_by_expiry', ['expires'])
export class OidcState {
  @PrimaryColumn('text')
  readonly model!: string;

  /** Of what is a secret by itself (codes, refresh tokens, launches) the SHA-256. */
  @PrimaryColumn('text')
  readonly id!: string;

  @Column('jsonb')
  readonly payload!: unknown;

  @Column('text', { name: 'grant_id', nullable: true })
  readonly grantId!: string | null;

  @Column('text', { nullable: true })
  readonly uid!: string | null;

  /** Whoever changes or loses the account loses what is of it, logins that are half done too. */
  @Column('text', { name: 'account_id', nullable: true })
  readonly accountId!: string | null;

  @Column('text', { name: 'client_id', nullable: true })
  readonly clientId!: string | null;

  @Column('timestamptz', { name: 'consumed_at', nullable: true })
  readonly consumedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  readonly expires!: Date | null;
}

/** A token that was taken back before its time, or all tokens of a grant. One that is taken back again is one row more: none is changed. */
@Entity('revoked_token')
export class RevokedToken {
  /** A `jti`, or what the `jti` of each token of a grant begins with. */
  @PrimaryColumn('text')
  readonly mark!: string;

  /** When the last token that it is about has expired: then the row goes. */
  @PrimaryColumn('timestamptz')
  readonly expires!: Date;
}

/** A key of the issuer: what it signs tokens or its cookies with. */
@Entity('issuer_key')
export class IssuerKey {
  @PrimaryColumn('text')
  readonly kid!: string;

  /** ES256 or RS256 for tokens, HS256 for cookies. */
  @Column('text')
  readonly alg!: string;

  /** With its private part (RFC 7517). */
  @Column('jsonb')
  readonly jwk!: unknown;

  @Column('timestamptz')
  readonly since!: Date;
}
