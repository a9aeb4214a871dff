/**
 * `npm run bench -- ledger [seconds]`: appends by eight writers, each event in its own transaction with the change it tells of, as rooms write
 * them; looks by eight readers as the access log groups them; how fast they are chained; the check of the whole chain in the database; the
 * check of its export.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../src/database/database.js';
import { SERVER_SCOPE } from '../src/database/scope.js';
import { AccessLog } from '../src/ledger/access-log.js';
import { appendRecords } from '../src/ledger/append-records.sql.js';
import { exportLines } from '../src/ledger/export-lines.js';
import type { LedgerEvent } from '../src/ledger/ledger-event.js';
import { Linker } from '../src/ledger/linker.js';
import { MakeCheckpoints } from '../src/ledger/make-checkpoints.js';
import { verifyChain } from '../src/ledger/verify.js';
import { ExportCheck, verifyExport } from '../src/ledger/verify-export.js';
import { keysOfServer, Signer } from '../src/signing/signer.js';
import { Wetread } from '../test/e2e/wetread.js';
import { runningUrl } from '../src/database/embedded-postgres.js';

const WRITERS = 8;
const seconds = Number(process.argv[3] ?? 5);
const wetread = await Wetread.start({}, { embedded: true });
const database = new Database(runningUrl(wetread.folder, 'wetread') ?? '', SERVER_SCOPE);
const folder = mkdtempSync(join(tmpdir(), 'wetread-bench-ledger-'));

const anEvent = (n: number): LedgerEvent => ({
  actor: 'account/0b0a0c0d-0000-4000-8000-000000000001',
  who: {
    kind: 'person',
    tenant: 1,
    roles: ['radiologist'],
    client: 'viewer',
    fhirUser: 'Practitioner/p',
    tokenId: 't',
    network: '10.0.0.1',
  },
  why: 'TREAT',
  door: 'fhir',
  request: '0b0a0c0d-0000-4000-8000-000000000003',
  action: 'data.fetched',
  entity: { type: 'Patient', id: '0b0a0c0d-0000-4000-8000-000000000002' },
  changes: { what: 'resource', version: n },
  reason: '',
  outcome: 'success',
  patients: ['0b0a0c0d-0000-4000-8000-000000000002'],
});

/** Events that eight writers append within the time, each waiting for its own before the next. @param together  events of one step */
async function rate(append: (n: number) => Promise<unknown>, together: number): Promise<number> {
  const until = performance.now() + seconds * 1_000;
  let count = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      while (performance.now() < until) {
        await append(count);
        count += together;
      }
    }),
  );
  return Math.round(count / ((performance.now() - began) / 1_000));
}

const say = (words: string): void => void process.stdout.write(`${words}\n`);
const each = await rate((n) => database.transaction((tx) => appendRecords(tx, [anEvent(n)])), 1);
say(`${WRITERS} writers, a transaction each: ${each} events a second`);
const log = new AccessLog(database);
const grouped = await rate((n) => Promise.all(Array.from({ length: 64 }, (_, i) => log.note(anEvent(n + i)))), 64);
say(`${WRITERS} writers of 64 requests each, records of a moment together: ${grouped} events a second`);
const linking = performance.now();
const before = await counted('ledger_link');
await new Linker(database).link();
const linked = (await counted('ledger_link')) - before;
say(
  `chained by this process beside the server: ${Math.round(linked / ((performance.now() - linking) / 1_000))} a second (${linked} records)`,
);
await new MakeCheckpoints(database, new Signer(wetread.folder, database)).look(true);

const keys = await keysOfServer(wetread.folder, database);
const checking = performance.now();
const verdict = await verifyChain(database, [], keys);
const checked = (performance.now() - checking) / 1_000;
say(
  `the chain in the database is ${verdict.whole ? 'whole' : 'BROKEN'}: ${verdict.records} records, ${Math.round(verdict.records / checked)} a second`,
);

const path = join(folder, 'ledger.ndjson');
writeFileSync(path, '');
const file = await open(path, 'a');
const writing = performance.now();
for await (const { text } of exportLines(database, keys)) await file.appendFile(text);
await file.close();
say(`exported: ${Math.round(verdict.records / ((performance.now() - writing) / 1_000))} records a second`);
const again = performance.now();
const told = await verifyExport(createReadStream(path, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>, new ExportCheck());
const took = (performance.now() - again) / 1_000;
say(`the export is ${told.whole ? 'whole' : 'BROKEN'}: ${told.whole ? Math.round(told.records / took) : 0} records a second`);
await database.close();
await wetread.remove();
rmSync(folder, { recursive: true });
process.exit(0);

async function counted(table: string): Promise<number> {
  const [{ n }] = await database.statement((tx) => tx.rows<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`));
  return n;
}
