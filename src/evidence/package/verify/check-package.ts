import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { isNamedByItself } from '../../../ledger/verify-export.js';
import { DATA, DECLARATION_FILE, INFO_FILE, ManifestLine, MANIFESTS, OXUM, oxumOf, readManifest, TAG_MANIFEST } from '../bag-texts.js';
import { digestsOf, type Digests } from '../digests.js';
import { ENVELOPE_FILE, KEYS_FOLDER } from '../envelope.js';
import { textIn, type Bag } from './bag.js';
import { checkLedger } from './check-ledger.js';
import { checkSignature } from './check-signature.js';
import { checkStudy } from './check-study.js';
import type { ContentCheck, Held } from './content-check.js';
import type { Findings } from './findings.js';

/**
 * What is checked of the files' content, in this order: what is not in this list, the verdict does not speak of. What a study's files say of
 * the order in time is believed of a ledger that holds.
 */
const CONTENT_CHECKS: readonly ContentCheck[] = [checkLedger, checkStudy];

/** Checks a package as far as it goes: what is wrong, and what was checked, is in the findings. */
export async function checkPackage(bag: Bag, given: Held, findings: Findings): Promise<void> {
  const digests = await checkBag(bag, findings);
  const keys = given.keys ?? (await keysIn(bag, findings));
  await checkSignature(bag, { keys, isOwn: given.keys === undefined, tagManifest: digests.get(TAG_MANIFEST)?.sha512 }, findings);
  for (const check of CONTENT_CHECKS) await check(bag, { ...given, keys }, findings);
}

/** The bag (RFC 8493 3): every file that it names is there as it says, and no other is. Digests of all files. */
async function checkBag(bag: Bag, findings: Findings): Promise<ReadonlyMap<string, Digests>> {
  const digests = new Map<string, Digests>();
  for (const name of bag.names) digests.set(name, await digestsOf(bag.read(name)));
  const manifest = await manifestIn(bag, MANIFESTS.sha512, 128, findings);
  const second = await manifestIn(bag, MANIFESTS.sha256, 64, findings);
  const tags = await manifestIn(bag, TAG_MANIFEST, 128, findings);
  for (const name of [DECLARATION_FILE, INFO_FILE, MANIFESTS.sha512, MANIFESTS.sha256])
    if (tags !== undefined && !tags.has(name)) findings.add('changed', TAG_MANIFEST, `it does not name ${name}`);
  if (!bag.names.includes(ENVELOPE_FILE)) findings.add('missing', ENVELOPE_FILE, 'it is not there: the package has no signature');
  compareNamed('sha512', manifest, { bag, digests, by: MANIFESTS.sha512, among: (name) => name.startsWith(DATA) }, findings);
  compareNamed('sha256', second, { bag, digests, by: MANIFESTS.sha256, among: (name) => name.startsWith(DATA) }, findings);
  const unnamed = new Set([TAG_MANIFEST, ENVELOPE_FILE]); // the one cannot have its own digest, the other is made of that
  const isTag = (name: string): boolean => !name.startsWith(DATA) && !unnamed.has(name);
  compareNamed('sha512', tags, { bag, digests, by: TAG_MANIFEST, among: isTag }, findings);
  await checkOxum(bag, digests, findings);
  const payload = bag.names.filter((name) => name.startsWith(DATA)).length;
  findings.checked.push(
    `${payload} files of the payload by SHA-256 and SHA-512, ${bag.names.length - payload} beside it, and that there are no others`,
  );
  return digests;
}

interface Named {
  readonly bag: Bag;
  readonly digests: ReadonlyMap<string, Digests>;
  /** The manifest. */
  readonly by: string;
  /** Which files it must name. */
  readonly among: (name: string) => boolean;
}

function compareNamed(
  algorithm: 'sha256' | 'sha512',
  manifest: ReadonlyMap<string, string> | undefined,
  { bag, digests, by, among }: Named,
  findings: Findings,
): void {
  if (manifest === undefined) return;
  const extra = bag.names.filter((name) => among(name) && !manifest.has(name));
  const byDigest = new Map(extra.map((name) => [digests.get(name)?.[algorithm], name]));
  const renamed = new Set<string>();
  for (const [name, digest] of manifest) {
    const found = digests.get(name);
    if (!among(name)) findings.add('changed', by, `it names ${name}, which it must not`);
    else if (found === undefined) {
      const other = byDigest.get(digest);
      if (other !== undefined) renamed.add(other);
      if (findings.has(name)) continue;
      if (other === undefined) findings.add('missing', name, `it is not there, and ${by} names it`);
      else findings.add('changed', name, `it was renamed: its bytes are there as ${other}`);
    } else if (found[algorithm] !== digest && !findings.has(name))
      findings.add('changed', name, `its bytes are others than when ${by} was written${bag.at(name)}`);
  }
  for (const name of extra)
    if (!renamed.has(name) && !findings.has(name)) findings.add('changed', name, `it was put in: ${by} does not name it`);
}

async function manifestIn(bag: Bag, name: string, digits: number, findings: Findings): Promise<ReadonlyMap<string, string> | undefined> {
  if (!bag.names.includes(name)) {
    findings.add('missing', name, 'it is not there');
    return undefined;
  }
  try {
    return readManifest((await textIn(bag, name)) ?? '', digits);
  } catch (error) {
    if (!(error instanceof ManifestLine)) throw error;
    findings.add('changed', name, `its line ${error.line} is none of a manifest: ${error.message}`);
    return undefined;
  }
}

async function checkOxum(bag: Bag, digests: ReadonlyMap<string, Digests>, findings: Findings): Promise<void> {
  const said = new RegExp(`^${OXUM}: (.*)$`, 'm').exec((await textIn(bag, INFO_FILE)) ?? '')?.[1];
  const payload = [...digests].filter(([name]) => name.startsWith(DATA));
  const found = oxumOf(
    payload.reduce((sum, [, { size }]) => sum + size, 0),
    payload.length,
  );
  if (said !== found && findings.all.length === 0)
    findings.add('changed', INFO_FILE, `it says that the payload is ${String(said)} (bytes.files), and it is ${found}`);
}

/** The package's own keys, each held to its name: who puts another in its place gives it another. */
async function keysIn(bag: Bag, findings: Findings): Promise<JsonWebKey[]> {
  const keys: JsonWebKey[] = [];
  for (const name of bag.names.filter((one) => one.startsWith(KEYS_FOLDER)))
    try {
      const jwk = JSON.parse((await textIn(bag, name)) ?? '') as JsonWebKey;
      createPublicKey({ key: jwk, format: 'jwk' });
      if (isNamedByItself(jwk) && name === `${KEYS_FOLDER}${String(jwk['kid'])}.jwk`) keys.push(jwk);
      else findings.add('changed', name, 'its key has another name than its thumbprint (RFC 7638): it is not the key that it says it is');
    } catch {
      if (!findings.has(name)) findings.add('changed', name, 'it is no key');
    }
  return keys;
}
