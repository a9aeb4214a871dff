import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: signed checkpoints of the ledger's Merkle tree (RFC 9162), so that one record can be proven to whoever has a checkpoint, without the
 * rest. The records and links that are there keep their form; the first checkpoint after it takes them all in. Locks: none. Back: drops the
 * checkpoints, which prove nothing that the chain does not.
 */
export class LedgerCheckpoints implements MigrationInterface {
  readonly name = 'ledger-checkpoints-0000000000029';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE ledger_checkpoint (
        size bigint NOT NULL,
        root bytea NOT NULL,
        head bytea NOT NULL,
        origin text NOT NULL,
        signed_at timestamptz NOT NULL,
        kid text NOT NULL,
        signature bytea NOT NULL,
        peaks bytea NOT NULL,
        CONSTRAINT ledger_checkpoint_key PRIMARY KEY (size))`);
    await db.query(
      'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_checkpoint FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only()',
    );
    await db.query(
      'CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON ledger_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()',
    );
    await db.query('ALTER TABLE ledger_checkpoint ENABLE ALWAYS TRIGGER append_only');
    await db.query('ALTER TABLE ledger_checkpoint ENABLE ALWAYS TRIGGER append_only_whole');
    await db.query('REVOKE UPDATE, DELETE, TRUNCATE ON ledger_checkpoint FROM PUBLIC');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE ledger_checkpoint');
  }
}
