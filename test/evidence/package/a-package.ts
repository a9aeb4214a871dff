import { generateKeyPairSync, hash, sign, type JsonWebKey, type KeyObject } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PackageContents, PackageSigning, PayloadFile } from '../../../src/evidence/package/evidence-package.js';
import type { Bag } from '../../../src/evidence/package/verify/bag.js';
import { checkPackage } from '../../../src/evidence/package/verify/check-package.js';
import type { Held } from '../../../src/evidence/package/verify/content-check.js';
import { Findings } from '../../../src/evidence/package/verify/findings.js';
import { ZipBag } from '../../../src/evidence/package/verify/zip-bag.js';
import type { Zip } from '../../../src/evidence/package/zip.js';

/** An Ed25519 key: who has it, and what everyone may have of it, by its thumbprint (RFC 7638). */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: JsonWebKey;
}

export function aKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { kty, crv, x } = publicKey.export({ format: 'jwk' });
  const kid = hash('sha256', JSON.stringify({ crv, kty, x }), 'base64url');
  return { kid, privateKey, jwk: { kty, crv, x, kid } };
}

const own = aKey();
/** The public key that `aSigning` signs with, and its name. */
export const KEYS = [own.jwk];
export const KID = own.kid;

export const aSigning = (changes: Partial<PackageSigning> = {}): PackageSigning => signingBy(own, changes);

export const signingBy = ({ kid, privateKey, jwk }: SigningKey, changes: Partial<PackageSigning> = {}): PackageSigning => ({
  sign: (bytes) => Promise.resolve({ kid, signature: sign(null, bytes, privateKey) }),
  keys: [jwk],
  signedAt: '2026-11-28T12:00:00.000Z',
  software: 'wetread 0.1.0',
  ...changes,
});

export const aFile = (path: string, text: string): PayloadFile => ({
  path,
  encodingFormat: 'text/plain',
  description: `The file ${path}`,
  open: () => [Buffer.from(text)],
});

export const aPackage = (files: readonly PayloadFile[], changes: Partial<PackageContents> = {}): PackageContents => ({
  identifier: 'study/7/1',
  date: '2026-11-28',
  info: [['Source-Organization', 'Spital Grün']],
  facts: {
    name: 'A study',
    description: 'Of what is made up',
    datePublished: '2026-11-28',
    license: { id: 'https://spdx.org/licenses/CC-BY-4.0', name: 'CC-BY-4.0' },
    study: { id: 'urn:uuid:0b0a0c0d-0000-4000-8000-000000000001', name: 'Study 7', description: 'AI against readers' },
    people: [{ id: '#p1', name: 'A. Reader', role: 'reader' }],
    software: [{ id: '#wetread', name: 'wetread', version: '0.1.0' }],
    models: [{ id: '#chest', name: 'chest', version: '1', sha256: 'ab'.repeat(32) }],
  },
  files,
  verifier: '// what checks it\n',
  ...changes,
});

export async function bytesOf(zip: Zip): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of zip.bytes()) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** What is found of a package's bytes, as words. */
export async function checked(bytes: Buffer, held: Held = {}): Promise<{ exit: number; found: string[]; checked: string[] }> {
  const findings = new Findings();
  const source = { size: bytes.length, read: (offset: number, length: number) => bytes.subarray(offset, offset + length) };
  const bag = ZipBag.open(source, findings);
  if (bag !== undefined) await checkPackage(bag, held, findings);
  return {
    exit: findings.exit,
    found: findings.all.map(({ kind, where, words }) => `${kind}: ${where}: ${words}`),
    checked: findings.checked,
  };
}

/** Unpacks what lies stored in a ZIP's bytes, by its local headers alone. */
export function unpackTo(folder: string, bytes: Buffer): void {
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50;) {
    const [size, nameLength, extraLength] = [bytes.readUInt32LE(at + 22), bytes.readUInt16LE(at + 26), bytes.readUInt16LE(at + 28)];
    const name = bytes.toString('utf8', at + 30, at + 30 + nameLength);
    const begin = at + 30 + nameLength + extraLength;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes.subarray(begin, begin + size));
    at = begin + size;
  }
}

/** Files of a package in memory, as if they had been unpacked. */
export const aBag = (files: Readonly<Record<string, string | Buffer>>): Bag => ({
  names: Object.keys(files).toSorted(),
  async *read(name) {
    const bytes = Buffer.from(files[name]);
    for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100);
  },
  at: () => '',
});
