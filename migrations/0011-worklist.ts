import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why: work that systems hand each other (Unified Procedure Steps), who wants to hear of it, and what is to be told them.
 *  Locks nothing: the tables are new. Back: drops them, and the workitems with them. */
export class Worklist implements MigrationInterface {
  readonly name = 'worklist-0000000000011';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE workitem (
        id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        workitem_uid text NOT NULL,
        state text NOT NULL,
        transaction_uid text,
        attributes jsonb NOT NULL,
        CONSTRAINT workitem_key PRIMARY KEY (id))`);
    await db.query('CREATE UNIQUE INDEX workitem_uid ON workitem (workitem_uid)');
    await db.query('CREATE INDEX workitem_by_state ON workitem (state, id)');
    await db.query(`
      CREATE TABLE workitem_subscription (
        subscriber text NOT NULL,
        workitem_uid text NOT NULL,
        deletion_lock boolean NOT NULL,
        filter jsonb,
        CONSTRAINT workitem_subscription_key PRIMARY KEY (subscriber, workitem_uid))`);
    await db.query('CREATE INDEX workitem_subscription_by_workitem ON workitem_subscription (workitem_uid)');
    await db.query(`
      CREATE TABLE workitem_event (
        id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        subscriber text NOT NULL,
        report text NOT NULL,
        told_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT workitem_event_key PRIMARY KEY (id))`);
    await db.query('CREATE INDEX workitem_event_by_age ON workitem_event (told_at)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE workitem_event');
    await db.query('DROP TABLE workitem_subscription');
    await db.query('DROP TABLE workitem');
  }
}
