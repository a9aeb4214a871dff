import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why: what the server signs must be checked by others, also after its key was replaced: the public keys stay. Locks nothing:
 *  the table is new. Back: drops it; a server that signs again puts its key there again. */
export class SigningKeys implements MigrationInterface {
  readonly name = 'signing-key-0000000000017';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE signing_key (
        kid text NOT NULL,
        jwk jsonb NOT NULL,
        since timestamptz NOT NULL,
        CONSTRAINT signing_key_key PRIMARY KEY (kid))`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE signing_key');
  }
}
