/**
 * `npm run bench -- ledger-extract [records] [of the study]`: the records of one study out of a ledger of 100,000, 30,000 of them its own and
 * lying among the others: how long its files take, with a proof for each record, what memory that takes, how large they are, and how long
 * `verify.mjs` takes to check them.
 */
import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Database } from '../src/database/database.js';
import { runningUrl } from '../src/database/embedded-postgres.js';
import { SERVER_SCOPE } from '../src/database/scope.js';
import { evidencePackage } from '../src/evidence/package/evidence-package.js';
import { ledgerFiles } from '../src/evidence/package/ledger-files.js';
import { verifierText } from '../src/evidence/package/one-file.js';
import { appendRecords } from '../src/ledger/append-records.sql.js';
import { extractLedger } from '../src/ledger/extract.js';
import type { LedgerEvent } from '../src/ledger/ledger-event.js';
import { Linker } from '../src/ledger/linker.js';
import { MakeCheckpoints } from '../src/ledger/make-checkpoints.js';
import { Signer } from '../src/signing/signer.js';
import { aPackage } from '../test/evidence/package/a-package.js';
import { Wetread } from '../test/e2e/wetread.js';

const [records, own] = [Number(process.argv[3] ?? 100_000), Number(process.argv[4] ?? 30_000)];
const TOGETHER = 1_000;
const wetread = await Wetread.start({}, { embedded: true });
const database = new Database(runningUrl(wetread.folder, 'wetread') ?? '', SERVER_SCOPE);
const folder = mkdtempSync(join(tmpdir(), 'wetread-bench-extract-'));
const signer = new Signer(wetread.folder, database);
const say = (words: string): void => void process.stdout.write(`${words}\n`);
const seconds = (since: number): string => `${((performance.now() - since) / 1_000).toFixed(2)} s`;
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

/** The study's own lie evenly among the others. */
const anEvent = (n: number): LedgerEvent => ({
  actor: 'system:engine',
  action: 'evidence.case-read',
  tenant: 1,
  entity: { type: 'validation-study', id: Math.floor(((n + 1) * own) / records) > Math.floor((n * own) / records) ? 'own' : 'other' },
  changes: { caseKey: `C${n}`, score: n / records, inputSha256: 'ab'.repeat(32), outputSha256: 'cd'.repeat(32) },
  reason: '',
});

const [linker, checkpoints] = [new Linker(database), new MakeCheckpoints(database, signer)];
for (let n = 0; n < records; n += TOGETHER) {
  await database.transaction((tx) =>
    appendRecords(
      tx,
      Array.from({ length: TOGETHER }, (_, i) => anEvent(n + i)),
    ),
  );
  await linker.link();
  await checkpoints.look(true);
}

const rssBefore = process.memoryUsage().rss;
let rss = rssBefore;
const look = setInterval(() => void (rss = Math.max(rss, process.memoryUsage().rss)), 20);
const began = performance.now();
const extract = await extractLedger(database, signer, { tenant: 1, about: [['validation-study', 'own']] });
say(`${extract.records} records of ${extract.size}: found, and the tree made, in ${seconds(began)}`);
for (const name of ['events', 'checkpoints', 'proofs'] as const) {
  const since = performance.now();
  let bytes = 0;
  await pipeline(
    async function* () {
      for await (const piece of extract[name]()) {
        bytes += piece.length;
        yield piece;
      }
    },
    createWriteStream(join(folder, name)),
  );
  say(`${name}.jsonl: ${seconds(since)}, ${mebibytes(bytes)}`);
}
say(`in all ${seconds(began)}; RSS ${mebibytes(rssBefore)} before, ${mebibytes(rss)} at most`);
clearInterval(look);

const packing = performance.now();
const { keys } = await signer.publicKeys();
const zip = await evidencePackage(aPackage(ledgerFiles(extract)), {
  sign: (bytes) => signer.signBytes(bytes),
  keys: keys.map((key) => ({ ...key })),
  signedAt: new Date().toISOString(),
  software: 'bench',
});
await pipeline(zip.bytes(), createWriteStream(join(folder, 'evidence.zip')));
say(`a package of them, each file made twice: ${seconds(packing)}`);
writeFileSync(join(folder, 'verify.mjs'), verifierText());
const checking = performance.now();
const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'verify.mjs'), join(folder, 'evidence.zip')], {
  encoding: 'utf8',
});
say(`verify.mjs: ${seconds(checking)}, exit ${status}\n${stdout}${stderr}`);
await database.close();
await wetread.remove();
rmSync(folder, { recursive: true });
process.exit(0);
