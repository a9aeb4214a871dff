/**
 * `npm run bench -- package-contents [cases] [read]`: the package of a whole study of 29,000 cases, of which six readers read 500 in two
 * arms: how long its contents and its ZIP take to make, how large it is, and the memory of it.
 */
import { createHash, generateKeyPairSync, sign, type JsonWebKey } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageLockText } from '../src/evidence/contents/device/package-lock.js';
import { studyContents } from '../src/evidence/contents/study-contents.js';
import { evidencePackage } from '../src/evidence/package/evidence-package.js';
import { verifierText } from '../src/evidence/package/one-file.js';
import { aSmallStudyFile } from '../test/evidence/contents/a-small-study.js';

const cases = Number(process.argv[3] ?? 29_000);
const read = Number(process.argv[4] ?? 500);
const folder = mkdtempSync(join(tmpdir(), 'wetread-bench-contents-'));
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
const seconds = (since: number): string => `${((performance.now() - since) / 1_000).toFixed(2)} s`;
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const keys: JsonWebKey[] = [{ ...publicKey.export({ format: 'jwk' }), kid: 'bench' }];

const file = aSmallStudyFile(cases, read);
const rssBefore = process.memoryUsage().rss;
let rss = rssBefore;
const watch = setInterval(() => (rss = Math.max(rss, process.memoryUsage().rss)), 20);

const began = performance.now();
const contents = studyContents(file, {
  lockText: packageLockText(),
  license: { id: 'https://spdx.org/licenses/CC0-1.0', name: 'CC0-1.0' },
});
process.stdout.write(`contents of ${cases} cases, ${contents.files.length} files: ${seconds(began)}\n`);
const slow: [string, number, number][] = [];
const eachBegan = performance.now();
for (const { path, open } of contents.files) {
  const since = performance.now();
  let bytes = 0;
  for await (const piece of open()) bytes += piece.length;
  slow.push([path, performance.now() - since, bytes]);
}
process.stdout.write(`each file read once: ${seconds(eachBegan)}; the slowest: `);
process.stdout.write(
  `${slow
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 6)
    .map(([path, ms, bytes]) => `${path} ${ms.toFixed(0)} ms, ${(bytes / 2 ** 20).toFixed(1)} MiB`)
    .join('; ')}\n`,
);
const packed = performance.now();
const zip = await evidencePackage(
  { ...contents, verifier: verifierText() },
  {
    sign: (bytes) => Promise.resolve({ kid: 'bench', signature: sign(null, bytes, privateKey) }),
    keys,
    signedAt: '2026-01-01T00:00:00.000Z',
    software: file.software,
  },
);
const path = join(folder, 'evidence.zip');
const out = openSync(path, 'w');
const digest = createHash('sha256');
for await (const piece of zip.bytes()) {
  writeSync(out, piece);
  digest.update(piece);
}
closeSync(out);
clearInterval(watch);
process.stdout.write(
  `package of ${mebibytes(zip.size)}: ${seconds(packed)}; RSS ${mebibytes(rssBefore)} before, ${mebibytes(rss)} at most\n`,
);
const verifier = join(folder, 'verify.mjs');
writeFileSync(verifier, verifierText());
const checking = performance.now();
const { status, stdout, stderr } = spawnSync(process.execPath, [verifier, path], { encoding: 'utf8' });
process.stdout.write(`verify.mjs: ${seconds(checking)}, exit ${status}\n${stdout}${stderr}`);
rmSync(folder, { recursive: true });
