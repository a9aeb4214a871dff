import { FIRST_TENANT, type Caller } from '../../access/caller.js';
import type { Database } from '../../database/database.js';
import { withDatabase } from '../../database/open-for-command.js';
import { readSettings, type Settings } from '../../settings.js';

/** Whoever runs a command on the server's machine. */
export const OPERATOR: Caller = { id: 'operator', kind: 'person', tenant: FIRST_TENANT };

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

export const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** The number that an option names something by. */
export function numberOption(name: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new Error(`--${name} takes a number.`);
  return Number(text);
}
