import type { MigrationInterface, QueryRunner } from 'typeorm';
import { COLLECTING, TURN } from './validation-rules/collecting.js';
import { ENDING } from './validation-rules/ending.js';
import { GROUND } from './validation-rules/ground.js';
import { PLANNING } from './validation-rules/planning.js';

/** Tables are those of the schema, not temporary ones that whoever writes has put before them. */
const PATH = 'SET search_path = public, pg_temp';

const FUNCTIONS = { ...GROUND, ...TURN };
const RULES = { ...PLANNING, ...COLLECTING, ...ENDING };
/** What rows say of their own time is the database's to say. */
const DATED = [
  'validation_person', 'validation_study', 'validation_step', 'validation_protocol', 'validation_signature', 'validation_member', 'validation_dataset',
  'validation_use', 'validation_variable', 'validation_label', 'validation_reference', 'validation_opening', 'validation_reading', 'validation_run',
  'validation_prediction', 'validation_halt', 'validation_freeze', 'validation_analysis', 'validation_deviation', 'validation_package',
]; // prettier-ignore

/**
 * Why: a study's order is held by the database, not by manners (evidence.md 2.3): what may be added in which state, who signs what, and that
 * no result is there before the study is unblinded, whoever writes: the application's role or the tables' owner. Locks: none. Back: drops
 * the rules.
 */
export class ValidationRules implements MigrationInterface {
  readonly name = 'validation-rules-0000000000032';

  async up(db: QueryRunner): Promise<void> {
    for (const [signature, body] of Object.entries(FUNCTIONS)) await db.query(`CREATE FUNCTION ${signature} ${body} ${PATH}`);
    await db.query(
      `CREATE FUNCTION validation_dated() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := now(); RETURN NEW; END $$ ${PATH}`,
    );
    for (const table of DATED) await trigger(db, table, 'a_dated', 'validation_dated');
    for (const [table, rule] of Object.entries(RULES)) {
      await db.query(`
        CREATE FUNCTION ${table}_rule() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE state text; before jsonb; scale jsonb; digest text; cases text[]; part validation_member;
        BEGIN ${rule}
          RETURN NEW;
        END $$ ${PATH}`);
      await trigger(db, table, 'b_rule', `${table}_rule`);
    }
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of Object.keys(RULES)) {
      await db.query(`DROP TRIGGER b_rule ON ${table}`);
      await db.query(`DROP FUNCTION ${table}_rule()`);
    }
    for (const table of DATED) await db.query(`DROP TRIGGER a_dated ON ${table}`);
    await db.query('DROP FUNCTION validation_dated()');
    for (const signature of Object.keys(FUNCTIONS).toReversed()) await db.query(`DROP FUNCTION ${signature}`);
  }
}

/** Triggers of one table and event go by their names' order; ALWAYS: also where a session sets them off as a replica. */
async function trigger(db: QueryRunner, table: string, name: string, calls: string): Promise<void> {
  await db.query(`CREATE TRIGGER ${name} BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION ${calls}()`);
  await db.query(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${name}`);
}
