import type { JsonWebKey } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as zlib from 'node:zlib';
import { DECLARATION_FILE } from '../bag-texts.js';
import type { Bag } from './bag.js';
import { checkPackage } from './check-package.js';
import { Findings, printed } from './findings.js';
import { FolderBag } from './folder-bag.js';
import { ZipBag } from './zip-bag.js';
import type { ZipSource } from './zip-end.js';

const USAGE = 'node verify.mjs [PACKAGE.zip | FOLDER] [--keys JWKS] [--trust CHECKPOINT]\n';
const OPTIONS = ['--keys', '--trust'];
/** Of findings that are printed; the rest is counted. */
const PRINTED = 100;

/**
 * What checks a package (`verify/verify.mjs`, put together by one-file.ts): in its ZIP or unpacked, with nothing but Node. Exit 0: all that
 * was checked holds; 1: something was changed; 2: something is missing or cannot be read; 3: a signature does not hold.
 */
async function main(given: readonly string[]): Promise<number> {
  if (!('crc32' in zlib)) throw new Error('this needs Node.js 20.15 or later');
  const option = (name: string): string | undefined => (given.includes(name) ? given[given.indexOf(name) + 1] : undefined);
  const places = given.filter((one, i) => !one.startsWith('--') && !OPTIONS.includes(given[i - 1]));
  const place = places[0] ?? ownPackage();
  const isUnderstood = given.every((one) => !one.startsWith('--') || (OPTIONS.includes(one) && option(one) !== undefined));
  if (place === undefined || places.length > 1 || !isUnderstood) {
    process.stderr.write(USAGE);
    return 2;
  }
  const [keys, trust] = OPTIONS.map(option);
  const held = {
    ...(keys !== undefined && { keys: keysFrom(keys) }),
    ...(trust !== undefined && { checkpoint: readFileSync(trust, 'utf8') }),
  };
  const findings = new Findings();
  const file = statSync(place).isDirectory() ? undefined : openSync(place, 'r');
  try {
    const bag: Bag | undefined = file === undefined ? new FolderBag(place, findings) : ZipBag.open(sourceOf(file), findings);
    if (bag !== undefined) await checkPackage(bag, held, findings);
  } finally {
    if (file !== undefined) closeSync(file);
  }
  tell(place, findings);
  return findings.exit;
}

/** A JWKS (RFC 7517 5). What is none must not pass for none given: the package's own keys would be taken. */
function keysFrom(path: string): JsonWebKey[] {
  const { keys } = JSON.parse(readFileSync(path, 'utf8')) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new TypeError(`${path} has no keys (JWKS)`);
  return keys as JsonWebKey[];
}

/** The package that this file lies in, unpacked. */
function ownPackage(): string | undefined {
  const folder = dirname(dirname(fileURLToPath(import.meta.url)));
  return existsSync(join(folder, DECLARATION_FILE)) ? folder : undefined;
}

function sourceOf(file: number): ZipSource {
  const { size } = fstatSync(file);
  const read = (offset: number, length: number): Buffer => {
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - offset)));
    let filled = 0;
    for (let got = 1; filled < bytes.length && got > 0; filled += got)
      got = readSync(file, bytes, filled, bytes.length - filled, offset + filled);
    return bytes.subarray(0, filled);
  };
  return { size, read };
}

function tell(place: string, { all, checked }: Findings): void {
  const say = (line: string): void => void process.stdout.write(`${printed(line)}\n`);
  for (const { kind, where, words } of all.slice(0, PRINTED)) say(`${kind.toUpperCase()}: ${where}: ${words}.`);
  if (all.length > PRINTED) say(`… and ${all.length - PRINTED} more.`);
  say(all.length === 0 ? `The package is valid: ${place}` : `The package is NOT valid: ${place}`);
  say(checked.length === 0 ? 'Nothing of it could be checked.' : 'Checked was, and nothing else:');
  for (const one of checked) say(`  - ${one}`);
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${printed(`The package could not be checked: ${error instanceof Error ? error.message : String(error)}`)}\n`);
    process.exitCode = 2;
  },
);
