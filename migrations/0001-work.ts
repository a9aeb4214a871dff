import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why: rooms pull their work from one table, so each can be stopped, restarted or moved alone.
 *  Locks nothing: the table is new. Back: drops it; work not done yet is enqueued again by the next arrival. */
export class Work implements MigrationInterface {
  readonly name = 'work-0000000000001';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE work (
        id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        kind text NOT NULL,
        subject text NOT NULL,
        state text NOT NULL DEFAULT 'waiting',
        priority integer NOT NULL DEFAULT 0,
        attempt integer NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL DEFAULT now(),
        worker uuid,
        lease_until timestamptz,
        last_fault text,
        enqueued_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT work_key PRIMARY KEY (id)
      ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01)`);
    await db.query(`CREATE INDEX work_due ON work (kind, priority DESC, due_at, id) WHERE state = 'waiting'`);
    await db.query(`CREATE UNIQUE INDEX work_once ON work (kind, subject) WHERE state = 'waiting'`);
    await db.query(`CREATE INDEX work_running ON work (kind, subject) WHERE state = 'running'`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE work');
  }
}
