import type { Database } from '../database/database.js';
import { withDatabase } from '../database/open-for-command.js';
import { readSettings } from '../settings.js';
import { Linker } from './linker.js';
import { verifyChain } from './verify.js';

/** `npm run ledger:verify`: checks the whole chain. Exit 0: whole; 1: broken, and where; 2: it could not be checked. */
async function main(): Promise<number> {
  return withDatabase(readSettings(process.env), 'ledger', verify);
}

async function verify(database: Database): Promise<number> {
  await new Linker(database).link(); // what was committed a moment ago is part of the chain too
  const began = performance.now();
  const verdict = await verifyChain(database);
  const seconds = ((performance.now() - began) / 1_000).toFixed(2);
  if (verdict.whole) {
    process.stdout.write(`The ledger is whole: ${verdict.records} records, head ${verdict.head}, checked in ${seconds} s.\n`);
    return 0;
  }
  const { code, seq, rows, records } = verdict;
  const place = seq === undefined ? '' : ` at record ${seq} of the chain`;
  const events = rows.length === 0 ? '' : ` (${rows.map((row) => `AuditEvent/${row}`).join(', ')})`;
  process.stdout.write(`The ledger is BROKEN: ${code}${place}${events}; ${records} records before it are whole.\n`);
  return 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`The ledger could not be checked: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
