/**
 * `npm run bench -- package [cases]`: a package of a study of 29,000 cases: a small file of each and a table with a row of each. How long
 * it takes to take the digests and sign, to make the ZIP, and to check it with the verifier that it holds; and the memory of both.
 */
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, hash, sign, type JsonWebKey } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evidencePackage, type PayloadFile } from '../src/evidence/package/evidence-package.js';
import { verifierText } from '../src/evidence/package/one-file.js';
import { SOFTWARE_VERSION } from '../src/version.js';

const cases = Number(process.argv[3] ?? 29_000);
const folder = mkdtempSync(join(tmpdir(), 'wetread-bench-package-'));
const [zipPath, verifier] = [join(folder, 'evidence.zip'), join(folder, 'verify.mjs')];
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
const seconds = (since: number): string => `${((performance.now() - since) / 1_000).toFixed(2)} s`;

const caseId = (i: number): string => `case-${String(i).padStart(6, '0')}`;
const caseFile = (i: number): PayloadFile => ({
  path: `05-predictions/cases/${caseId(i)}.json`,
  encodingFormat: 'application/json',
  description: `Answer of the model for ${caseId(i)}`,
  open: () => [Buffer.from(JSON.stringify({ case: caseId(i), scores: { cancer: i / cases, benign: 1 - i / cases }, ms: 41.5 }))],
});
function* table(): Generator<Buffer, void> {
  yield Buffer.from('case,site,reader,score,truth,input_sha256\n');
  for (let i = 0; i < cases; i++)
    yield Buffer.from(`${caseId(i)},site-${i % 7},r${i % 3},${i / cases},${i % 9 === 0 ? 1 : 0},${'ab'.repeat(32)}\n`);
}

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const { kty, crv, x } = publicKey.export({ format: 'jwk' });
const kid = hash('sha256', JSON.stringify({ crv, kty, x }), 'base64url'); // RFC 7638
const keys: JsonWebKey[] = [{ kty, crv, x, kid }];
const software = `wetread ${SOFTWARE_VERSION}`;
const rssBefore = process.memoryUsage().rss;
let rss = rssBefore;
const look = (): void => void (rss = Math.max(rss, process.memoryUsage().rss));

const began = performance.now();
const zip = await evidencePackage(
  {
    identifier: 'study/bench/1',
    date: '2026-01-01',
    info: [],
    facts: {
      name: 'Benchmark',
      description: 'Made up',
      datePublished: '2026-01-01',
      license: { id: 'https://spdx.org/licenses/CC0-1.0', name: 'CC0-1.0' },
      study: { id: '#study', name: 'Benchmark', description: 'Made up' },
      people: [],
      software: [{ id: '#wetread', name: 'wetread', version: SOFTWARE_VERSION }],
      models: [],
    },
    files: [
      { path: '05-predictions/predictions.csv', encodingFormat: 'text/csv', description: 'A row of each case', open: table },
      ...Array.from({ length: cases }, (_, i) => caseFile(i)),
    ],
    verifier: verifierText(),
  },
  {
    sign: (bytes) => Promise.resolve({ kid, signature: sign(null, bytes, privateKey) }),
    keys,
    signedAt: '2026-01-01T00:00:00.000Z',
    software,
  },
);
look();
process.stdout.write(`digests, manifests, crate and signature of ${cases} files and a table of ${cases} rows: ${seconds(began)}\n`);
const made = performance.now();
const file = openSync(zipPath, 'w');
let pieces = 0;
for await (const piece of zip.bytes()) {
  writeSync(file, piece);
  if ((pieces += 1) % 500 === 0) look();
}
closeSync(file);
look();
process.stdout.write(
  `ZIP of ${mebibytes(zip.size)}: ${seconds(made)}; ${seconds(began)} in all; RSS ${mebibytes(rssBefore)} before, ${mebibytes(rss)} at most\n`,
);
writeFileSync(verifier, verifierText());
const checking = performance.now();
const { status, stdout, stderr } = spawnSync(process.execPath, [verifier, zipPath], { encoding: 'utf8' });
process.stdout.write(`verify.mjs: ${seconds(checking)}, exit ${status}\n${stdout}${stderr}`);
rmSync(folder, { recursive: true });
