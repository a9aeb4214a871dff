import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why: the server has accounts and clients of its own and issues tokens to them (SMART App Launch 2.2): who they are, what was
 *  begun and granted, which tokens were taken back, the keys that sign. Locks nothing: the tables are new. Back: drops them, and with
 *  them every account; tokens that were issued are good until they expire. */
export class IssuerTables implements MigrationInterface {
  readonly name = 'issuer-0000000000022';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE account (
        id uuid NOT NULL,
        tenant integer NOT NULL DEFAULT 1,
        username text NOT NULL,
        name text NOT NULL,
        password_hash text NOT NULL,
        roles text[] NOT NULL,
        fhir_user text,
        patient text,
        totp_secret text,
        totp_step bigint,
        disabled boolean NOT NULL DEFAULT false,
        since timestamptz NOT NULL,
        CONSTRAINT account_key PRIMARY KEY (id))`);
    await db.query('CREATE UNIQUE INDEX account_by_username ON account (username)');
    await db.query(`
      CREATE TABLE login_attempt (
        username text NOT NULL,
        failures integer NOT NULL,
        last_at timestamptz NOT NULL,
        locked_until timestamptz,
        CONSTRAINT login_attempt_key PRIMARY KEY (username))`);
    await db.query(`
      CREATE TABLE first_admin_code (
        code_sha256 text NOT NULL,
        made_at timestamptz NOT NULL,
        CONSTRAINT first_admin_code_key PRIMARY KEY (code_sha256))`);
    await db.query(`
      CREATE TABLE oauth_client (
        client_id text NOT NULL,
        tenant integer NOT NULL DEFAULT 1,
        name text NOT NULL,
        redirect_uris text[] NOT NULL,
        post_logout_redirect_uris text[] NOT NULL,
        grant_types text[] NOT NULL,
        scope text NOT NULL,
        auth_method text NOT NULL,
        secret_sha256 text,
        jwks jsonb,
        jwks_uri text,
        roles text[] NOT NULL,
        launch_uri text,
        first_party boolean NOT NULL DEFAULT false,
        disabled boolean NOT NULL DEFAULT false,
        since timestamptz NOT NULL,
        CONSTRAINT oauth_client_key PRIMARY KEY (client_id))`);
    await db.query(`
      CREATE TABLE oidc_state (
        model text NOT NULL,
        id text NOT NULL,
        payload jsonb NOT NULL,
        grant_id text,
        uid text,
        account_id text,
        client_id text,
        consumed_at timestamptz,
        expires timestamptz,
        CONSTRAINT oidc_state_key PRIMARY KEY (model, id))`);
    await db.query('CREATE INDEX oidc_state_by_grant ON oidc_state (grant_id)');
    await db.query('CREATE INDEX oidc_state_by_uid ON oidc_state (uid)');
    await db.query('CREATE INDEX oidc_state_by_account ON oidc_state (account_id)');
    await db.query('CREATE INDEX oidc_state_by_client ON oidc_state (client_id)');
    await db.query('CREATE INDEX oidc_state_by_expiry ON oidc_state (expires)');
    await db.query(`
      CREATE TABLE revoked_token (
        mark text NOT NULL,
        expires timestamptz NOT NULL,
        CONSTRAINT revoked_token_key PRIMARY KEY (mark))`);
    await db.query(`
      CREATE TABLE issuer_key (
        kid text NOT NULL,
        alg text NOT NULL,
        jwk jsonb NOT NULL,
        since timestamptz NOT NULL,
        CONSTRAINT issuer_key_key PRIMARY KEY (kid))`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE issuer_key, revoked_token, oidc_state, oauth_client, first_admin_code, login_attempt, account');
  }
}
