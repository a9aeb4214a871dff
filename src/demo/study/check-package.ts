import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Findings } from '../../evidence/package/verify/findings.js';
import { ZipBag } from '../../evidence/package/verify/zip-bag.js';
import { VERIFIER_FILE } from '../../evidence/package/verify-text.js';

/** Places at which one byte is changed: the check must find each. */
const PLACES = 5;

/**
 * Checks a package as whoever gets it would: its verify.mjs alone in an empty folder, with the package; then with one byte of it changed.
 * @returns whether all was as it should be
 */
export async function checkPackage(bytes: Buffer, say: (line: string) => void): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'wetread-verify-'));
  try {
    writeFileSync(join(folder, 'verify.mjs'), await verifierIn(bytes));
    const check = (package_: Buffer) => {
      writeFileSync(join(folder, 'package.zip'), package_);
      return spawnSync(process.execPath, ['verify.mjs', 'package.zip'], { cwd: folder, encoding: 'utf8' });
    };
    const whole = check(bytes);
    for (const line of whole.stdout.trimEnd().split('\n')) say(`  ${line}`);
    let found = 0;
    for (let i = 1; i <= PLACES; i++) {
      const place = Math.floor((bytes.length * i) / (PLACES + 1));
      const changed = Buffer.from(bytes);
      changed[place] ^= 1;
      const { status, stdout } = check(changed);
      const first = stdout.split('\n').find((line) => /^(CHANGED|MISSING|SIGNATURE)/.test(line)) ?? '';
      say(`  byte ${place} changed: ${status === 0 ? 'NOT FOUND' : first}`);
      if (status !== 0) found += 1;
    }
    return whole.status === 0 && found === PLACES;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function verifierIn(bytes: Buffer): Promise<Buffer> {
  const findings = new Findings();
  const source = { size: bytes.length, read: (at: number, length: number) => bytes.subarray(at, at + length) };
  const bag = ZipBag.open(source, findings);
  if (bag === undefined) throw new Error('The package is no ZIP.');
  const pieces: Buffer[] = [];
  for await (const piece of bag.read(VERIFIER_FILE)) pieces.push(piece);
  return Buffer.concat(pieces);
}
