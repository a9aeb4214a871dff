import type { Wetread } from './wetread.js';

/** A value of each type that columns of studies have. */
const VALUES: Readonly<Record<string, string>> = {
  uuid: `gen_random_uuid()`,
  text: `'x'`,
  integer: '1',
  bigint: '1',
  smallint: '1',
  boolean: 'false',
  'double precision': '0',
  'timestamp with time zone': 'now()',
  ARRAY: `'{x}'`,
};

/** A row of the first organisation's in each table of studies, past their rules, which are not what is looked at here. */
export async function fillStudies(wetread: Wetread): Promise<void> {
  const columns = await wetread.sql<{ name: string; column: string; type: string }>(
    `SELECT table_name AS name, column_name AS column, data_type AS type FROM information_schema.columns
      WHERE table_schema = 'public' AND table_name LIKE 'validation\\_%' AND is_identity = 'NO' AND column_name <> 'tenant' ORDER BY ordinal_position`,
  );
  for (const [name, of] of Map.groupBy(columns, (one) => one.name)) {
    await wetread.sql(`ALTER TABLE ${name} DISABLE TRIGGER USER`);
    await wetread.sql(
      `INSERT INTO ${name} (${of.map(({ column }) => column).join(', ')}) VALUES (${of.map(({ type }) => VALUES[type]).join(', ')})`,
    );
    await wetread.sql(`ALTER TABLE ${name} ENABLE TRIGGER USER`);
    for (const one of ['append_only', 'append_only_whole']) await wetread.sql(`ALTER TABLE ${name} ENABLE ALWAYS TRIGGER ${one}`);
  }
}
