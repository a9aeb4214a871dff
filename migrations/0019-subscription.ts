import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why: subscriptions to what happens to reports: who hears of what, what has happened, what was delivered. Locks nothing: the
 *  tables are new. Subscriptions that clients wrote before are resources that nobody acted on, and stay so until they are
 *  written again. Back: drops the tables; the resources stay. */
export class Subscriptions implements MigrationInterface {
  readonly name = 'subscription-0000000000019';

  async up(db: QueryRunner): Promise<void> {
    await db.query('CREATE TABLE watched_type (type text NOT NULL, CONSTRAINT watched_type_key PRIMARY KEY (type))');
    await db.query(`INSERT INTO watched_type (type) VALUES ('Subscription')`);
    await db.query(`
      CREATE TABLE subscription (
        id text NOT NULL,
        status text NOT NULL,
        topic text NOT NULL,
        form jsonb NOT NULL,
        digest text NOT NULL,
        since timestamptz NOT NULL,
        ends_at timestamptz,
        events bigint NOT NULL,
        delivered bigint NOT NULL,
        last_sent timestamptz,
        failures integer NOT NULL,
        retry_at timestamptz,
        CONSTRAINT subscription_key PRIMARY KEY (id))`);
    await db.query('CREATE INDEX subscription_by_topic ON subscription (topic, id)');
    await db.query(`
      CREATE TABLE subscription_event (
        subscription_id text NOT NULL,
        number bigint NOT NULL,
        occurred timestamptz NOT NULL,
        focus text NOT NULL,
        version integer NOT NULL,
        CONSTRAINT subscription_event_key PRIMARY KEY (subscription_id, number))`);
    await db.query(`
      CREATE TABLE subscription_token (
        token_sha256 text NOT NULL,
        subscription_id text NOT NULL,
        expires timestamptz NOT NULL,
        CONSTRAINT subscription_token_key PRIMARY KEY (token_sha256))`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE subscription_token, subscription_event, subscription, watched_type');
  }
}
