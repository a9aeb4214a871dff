import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: a system's tokens end with what its client was when it got them: they are marked by `generation`, another after each change.
 * Logins that fail are counted by where they come from too, so that a stranger elsewhere locks nobody out; `network` is empty for all of
 * a name's together. Locks both tables for milliseconds. Back: drops the columns; who is locked then is not.
 */
export class IssuerEnds implements MigrationInterface {
  readonly name = 'issuer-ends-0000000000027';

  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE oauth_client ADD COLUMN generation uuid NOT NULL DEFAULT gen_random_uuid()');
    await db.query('ALTER TABLE oauth_client ALTER COLUMN generation DROP DEFAULT');
    await db.query(`ALTER TABLE login_attempt ADD COLUMN network text NOT NULL DEFAULT ''`);
    await db.query(
      'ALTER TABLE login_attempt DROP CONSTRAINT login_attempt_key, ADD CONSTRAINT login_attempt_key PRIMARY KEY (username, network)',
    );
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DELETE FROM login_attempt WHERE network <> ''`);
    await db.query('ALTER TABLE login_attempt DROP CONSTRAINT login_attempt_key, ADD CONSTRAINT login_attempt_key PRIMARY KEY (username)');
    await db.query('ALTER TABLE login_attempt DROP COLUMN network');
    await db.query('ALTER TABLE oauth_client DROP COLUMN generation');
  }
}
