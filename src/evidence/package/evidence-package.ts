import type { JsonWebKey } from 'node:crypto';
import {
  BAG_DECLARATION,
  DATA,
  DECLARATION_FILE,
  INFO_FILE,
  infoText,
  isInfoLine,
  MANIFESTS,
  manifestText,
  OXUM,
  oxumOf,
  TAG_MANIFEST,
  type InfoLine,
} from './bag-texts.js';
import { digestsOf, type Digests } from './digests.js';
import { byBytes, nameTrouble } from './entry-names.js';
import { ENVELOPE_FILE, envelopeText, KEYS_FOLDER, preAuthenticated, statementBytes, type Signature } from './envelope.js';
import { PackageFactRefused, PackageNameRefused } from './faults.js';
import { Rest } from './rest.js';
import { CRATE_FILE, crateText, type CrateFacts } from './ro-crate.js';
import { README_FILE, VERIFIER_FILE, verifyText } from './verify-text.js';
import { zipOf, type Bytes, type Zip, type ZipFile } from './zip.js';

/** A file of the payload. */
export interface PayloadFile {
  /** Below `data/`: `07-statistics/results.json`. */
  readonly path: string;
  /** Media type. */
  readonly encodingFormat: string;
  /** What it is, in words. */
  readonly description: string;
  /** Its bytes; asked for twice, and the same each time. */
  readonly open: () => Bytes;
}

/** What a package is made of. The same contents make the same bytes. */
export interface PackageContents {
  /** What it is of, `study/ID/1` say: External-Identifier. */
  readonly identifier: string;
  /** ISO 8601 date: Bagging-Date. */
  readonly date: string;
  /** More of bag-info.txt (RFC 8493 2.2.2), Source-Organization say. */
  readonly info: readonly InfoLine[];
  readonly facts: CrateFacts;
  readonly files: readonly PayloadFile[];
  /** The file that checks it (one-file.ts). */
  readonly verifier: string;
}

/** Who signs it. */
export interface PackageSigning {
  /** Ed25519, by a key of `keys`. */
  readonly sign: (bytes: Uint8Array) => Promise<Signature>;
  readonly keys: readonly JsonWebKey[];
  /** Told the SHA-512 of the tag manifest, hex, before it is signed: what people sign of a package. */
  readonly sealed?: (tagSha512: string) => void;
  /** ISO 8601: the one thing that differs between two packages of the same contents. */
  readonly signedAt: string;
  /** Name and version of what makes it. */
  readonly software: string;
}

/** A file of the bag, read once. */
interface BagFile extends ZipFile, Digests {}

/**
 * An evidence package: a bag (BagIt 1.0, RFC 8493) whose payload is an RO-Crate (1.2), signed (in-toto Statement v1 in DSSE), as a ZIP.
 * Each file of the payload is read once here, so that what cannot be read fails before the first byte is out, and once as the ZIP is.
 * Throws PackageNameRefused, PackageFactRefused, what reading a file throws; the ZIP's `bytes` throws PackageFileChanged.
 */
export async function evidencePackage(contents: PackageContents, signing: PackageSigning): Promise<Zip> {
  const payload = await payloadOf(contents);
  const tags = await tagFilesOf(contents, signing, payload);
  const tagManifest = await textFile(TAG_MANIFEST, manifestOf(tags, 'sha512'));
  signing.sealed?.(tagManifest.sha512);
  const statement = statementBytes(TAG_MANIFEST, {
    sha512: tagManifest.sha512,
    identifier: contents.identifier,
    signedAt: signing.signedAt,
    software: signing.software,
  });
  const signature = await signing.sign(preAuthenticated(statement));
  if (!signing.keys.some(({ kid }) => kid === signature.kid))
    throw new PackageFactRefused('it is signed by a key that is not among those given');
  const envelope = await textFile(ENVELOPE_FILE, envelopeText(statement, [signature]));
  return zipOf([...payload, ...tags, tagManifest, envelope]);
}

/** The payload in the order of its names, with what describes it. */
async function payloadOf({ files, facts }: PackageContents): Promise<BagFile[]> {
  const sorted = files.toSorted((a, b) => byBytes(a.path, b.path));
  const trouble = nameTrouble([...sorted.map(({ path }) => path), CRATE_FILE]);
  if (trouble !== undefined) throw new PackageNameRefused(trouble.name, trouble.why);
  const payload: BagFile[] = [];
  const rest = new Rest();
  for (const { path, open } of sorted) payload.push({ name: DATA + path, open, ...(await digestsOf(rest.between(open()))) });
  const described = sorted.map((file, i) => ({ ...file, ...payload[i] }));
  payload.push(await fileOf(DATA + CRATE_FILE, () => crateText(facts, described)));
  return payload.toSorted((a, b) => byBytes(a.name, b.name));
}

/** All that is beside the payload and that the tag manifest can have. */
async function tagFilesOf(contents: PackageContents, { keys, software }: PackageSigning, payload: readonly BagFile[]): Promise<BagFile[]> {
  const { identifier, date, info, verifier } = contents;
  const bytes = payload.reduce((sum, { size }) => sum + size, 0);
  const lines: InfoLine[] = [
    ['External-Identifier', identifier],
    ['Bagging-Date', date],
    [OXUM, oxumOf(bytes, payload.length)],
    ['Bag-Software-Agent', software],
  ];
  const own = new Set(lines.map(([label]) => label.toLowerCase()));
  const unfit = [...lines, ...info].find((line) => !isInfoLine(line)) ?? info.find(([label]) => own.has(label.toLowerCase()));
  if (unfit !== undefined) throw new PackageFactRefused(`${INFO_FILE}: ${unfit[0]}`);
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) throw new PackageFactRefused(`${INFO_FILE}: Bagging-Date`); // RFC 8493 2.2.2
  const texts: (readonly [name: string, text: string])[] = [
    [DECLARATION_FILE, BAG_DECLARATION],
    [INFO_FILE, infoText([...lines, ...info])],
    [MANIFESTS.sha256, manifestOf(payload, 'sha256')],
    [MANIFESTS.sha512, manifestOf(payload, 'sha512')],
    [README_FILE, verifyText(identifier)],
    [VERIFIER_FILE, verifier],
    ...keys.map(({ kty, crv, x, kid }) => [`${KEYS_FOLDER}${String(kid)}.jwk`, `${JSON.stringify({ kty, crv, x, kid })}\n`] as const),
  ];
  const files = await Promise.all(texts.map(([name, text]) => textFile(name, text)));
  return files.toSorted((a, b) => byBytes(a.name, b.name));
}

const manifestOf = (files: readonly BagFile[], algorithm: 'sha256' | 'sha512'): string =>
  manifestText(files.map((file) => [file.name, file[algorithm]]));

const fileOf = async (name: string, open: () => Bytes): Promise<BagFile> => ({ name, open, ...(await digestsOf(open())) });

function textFile(name: string, text: string): Promise<BagFile> {
  const pieces = [Buffer.from(text)];
  return fileOf(name, () => pieces);
}
