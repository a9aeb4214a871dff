import type { Wetread } from './wetread.js';

/** Fields of a report: its study's images so many times. */
export const aliasesOf = (aliases: number): string =>
  Array.from({ length: aliases }, (_, i) => `a${i}: study { series { instances { id sopInstanceUID sha256 bytes } } }`).join(' ');
/** A query of them. */
export const asked = (aliases: number): string => `{ reports(first: 1) { edges { node { ${aliasesOf(aliases)} } } } }`;

/** Makes of the first image that is stored a series of thousands, as a CT of thin slices has them: their rows alone. */
export async function manySlices(wetread: Wetread, slices: number): Promise<void> {
  const columns = await wetread.sql<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'instance' AND column_name <> 'id' AND is_generated = 'NEVER'`,
  );
  const other: Readonly<Record<string, string>> = {
    sop_instance_uid: `sop_instance_uid || '.' || n`,
    sha256: 'sha256(n::text::bytea)',
    instance_number: 'n',
  };
  const names = columns.map(({ name }) => name);
  await wetread.sql(
    `INSERT INTO instance (${names.join(', ')}) SELECT ${names.map((name) => other[name] ?? name).join(', ')}
       FROM (SELECT * FROM instance ORDER BY id LIMIT 1) one, generate_series(1, ${slices}) n`,
  );
}
