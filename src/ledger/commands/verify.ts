import { resolve } from 'node:path';
import type { Database } from '../../database/database.js';
import { withDatabase } from '../../database/open-for-command.js';
import { readSettings, type Settings } from '../../settings.js';
import { keysOfServer } from '../../signing/signer.js';
import { besideTheChain, span } from '../beside-the-chain.js';
import { HEADS_FILE } from '../heads-file.js';
import { Linker } from '../linker.js';
import { seenHeads, type SeenHeads } from '../seen-heads.js';
import { verifyChain, type ChainVerdict } from '../verify.js';

/**
 * `npm run ledger:verify`: checks the whole chain, that it still holds what the server of the data folder had seen of it, and that
 * the database still refuses changes. Exit 0: whole; 1: broken, and where; 2: it could not be checked.
 */
async function main(): Promise<number> {
  const settings = readSettings(process.env);
  return withDatabase(settings, 'ledger', (database) => verify(database, settings));
}

async function verify(database: Database, { WETREAD_DATA }: Settings): Promise<number> {
  const folder = resolve(WETREAD_DATA);
  const keys = await keysOfServer(folder, database);
  const seen = await seenHeads(folder, keys); // before the chain, which goes on meanwhile
  await new Linker(database).link(); // what was committed a moment ago is part of the chain too
  const began = performance.now();
  const verdict = await verifyChain(database, seen?.heads, keys);
  const beside = await besideTheChain(database, seen?.unsigned ?? []);
  const seconds = ((performance.now() - began) / 1_000).toFixed(2);
  const broken = [...(verdict.whole ? [] : [brokenWords(verdict)]), ...beside.map(({ code, words }) => `${code}: ${words}`)];
  const lines =
    verdict.whole && broken.length === 0
      ? [
          `The ledger is whole: ${verdict.records} records, ${verdict.checkpoints} checkpoints, head ${verdict.head}, checked in ${seconds} s.`,
        ]
      : broken.map((words) => `The ledger is BROKEN: ${words}.`);
  process.stdout.write([...lines, seenWords(seen, folder), ''].join('\n'));
  return broken.length === 0 ? 0 : 1;
}

function brokenWords({ code, seq, rows, records, seen }: Extract<ChainVerdict, { whole: false }>): string {
  const before = `${records} records before it are whole`;
  if (code === 'E_CUT' && seen !== undefined && seq !== undefined)
    return `E_CUT: ${span(seq, seen.seq)} gone: the server had seen number ${seen.seq} at ${seen.time}; ${before}`;
  if (code === 'E_OTHER' && seen !== undefined && seq !== undefined)
    return seq === 1
      ? `E_OTHER: it begins otherwise than the ledger that the server had seen up to number ${seen.seq} at ${seen.time}`
      : `E_OTHER: from number ${seq} to ${seen.seq} are others than the server had seen at ${seen.time}; ${before}`;
  const place = seq === undefined ? '' : ` at record ${seq} of the chain`;
  const events = rows.length === 0 ? '' : ` (${rows.map((row) => `AuditEvent/${row}`).join(', ')})`;
  return `${code}${place}${events}; ${before}`;
}

function seenWords(seen: SeenHeads | undefined, folder: string): string {
  const last = seen?.heads.reduce((one, other) => (other.seq > one.seq ? other : one), seen.heads[0]);
  return last === undefined
    ? `No server has kept in ${folder} how far it had come (${HEADS_FILE}): records cut off its end would not be missed.`
    : `The server of ${folder} had seen its end ${seen?.heads.length} times, last number ${last.seq} at ${last.time}.`;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`The ledger could not be checked: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
