import { parseArgs } from 'node:util';
import { FIRST_TENANT, type Caller } from '../../access/caller.js';
import type { Database } from '../../database/database.js';
import { withDatabase } from '../../database/open-for-command.js';
import { inTenant } from '../../database/scope.js';
import { readSettings, type Settings } from '../../settings.js';

/** Runs a command to its end: its exit code is what it answers, 2 where it could not be done, with the reason in a sentence. */
export function runCommand(work: (database: Database, settings: Settings) => Promise<number>): void {
  const settings = () => readSettings(process.env);
  Promise.resolve()
    .then(settings)
    .then((given) => withDatabase(given, 'archive', (database) => work(database, given)))
    .then(
      (code) => process.exit(code),
      (error: unknown) => {
        process.stderr.write(`It was not done: ${error instanceof Error ? error.message : String(error)}\n`);
        process.exit(2);
      },
    );
}

/** The options that such a command has beside `--tenant`, each with a text. */
type Values<Name extends string> = Readonly<Partial<Record<Name, string>>>;

/** Runs a command on the data of one tenant: the first, unless `--tenant NUMBER` says another. Whoever runs it is the operator of the machine. */
export function runTenantCommand<Name extends string>(
  names: readonly Name[],
  work: (caller: Caller, values: Values<Name>, database: Database, settings: Settings) => Promise<number>,
): void {
  runCommand((database, settings) => {
    const options = Object.fromEntries(['tenant', ...names].map((name) => [name, { type: 'string' as const }]));
    const values = parseArgs({ options }).values as Values<Name | 'tenant'>;
    const { tenant } = values as Values<'tenant'>;
    const caller: Caller = { id: 'operator', kind: 'person', tenant: tenant === undefined ? FIRST_TENANT : numberOption('tenant', tenant) };
    return inTenant(caller.tenant, () => work(caller, values, database, settings));
  });
}

export const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** The number that an option names something by. */
export function numberOption(name: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new Error(`--${name} takes a number.`);
  return Number(text);
}
