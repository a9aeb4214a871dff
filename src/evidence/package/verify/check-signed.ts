import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import type { Findings } from './findings.js';
import { objectIn } from './lines.js';
import { canonicalOf, Malformed, membersOf, some, STUDY_FILES, type LockedProtocol } from './study-texts.js';

/** What an electronic signature says (contents/study-file), as far as it is checked. */
export interface ElectronicSignature {
  readonly entityType: string;
  readonly version: number;
  /** Of what was signed, hex. */
  readonly recordSha256: string;
  readonly role: string;
  readonly meaning: string;
  /** Who signed, as what and why. */
  readonly words: string;
}

interface By {
  readonly keys: readonly JsonWebKey[];
  readonly protocol: LockedProtocol | undefined;
}

/**
 * Each electronic signature holds by the server's key for all that it says (21 CFR 11.70), and the last version of the protocol that was
 * signed is the one that is there. Answers those that hold. Throws Malformed.
 */
export function checkSigned(text: string, { keys, protocol }: By, findings: Findings): ElectronicSignature[] {
  const file = STUDY_FILES.signatures;
  const all = listIn(text);
  const unheld = all.flatMap((one, i) => (holds(one, keys) ? [] : [i + 1]));
  if (unheld.length > 0) findings.add('signature', file, `of its signatures ${some(unheld)} holds by no known key for what it says`);
  const held = all.filter((_, i) => !unheld.includes(i + 1)).map(signatureOf);
  const ofProtocol = held.filter(({ entityType }) => entityType === 'protocol');
  if (protocol === undefined) return held;
  if (ofProtocol.length === 0) {
    if (unheld.length === 0) findings.add('missing', file, 'nobody has signed the protocol');
    return held;
  }
  const version = Math.max(...ofProtocol.map((one) => one.version));
  const last = ofProtocol.filter((one) => one.version === version);
  if (last.some(({ recordSha256 }) => recordSha256 !== protocol.sha256))
    findings.add('changed', STUDY_FILES.protocol, `it is another than the one that was signed (version ${version})`);
  else if (unheld.length === 0)
    findings.checked.push(
      `${held.length} electronic signatures by the server's keys; the protocol is the one that was signed (version ${version}): ` +
        last.map(({ words }) => words).join(', '),
    );
  return held;
}

function listIn(text: string): Readonly<Record<string, unknown>>[] {
  const list: unknown = objectIn(`{"list":${text}}`)?.['list'];
  if (!Array.isArray(list)) throw new Malformed('it is no list of signatures');
  return list.map(membersOf);
}

function signatureOf({ signer, role, meaning, entityType, version, recordSha256 }: Readonly<Record<string, unknown>>) {
  const { printedName } = membersOf(signer);
  if (typeof entityType !== 'string' || typeof version !== 'number' || typeof recordSha256 !== 'string')
    throw new Malformed('one of its signatures does not say of what it is');
  return {
    entityType,
    version,
    recordSha256,
    role: String(role),
    meaning: String(meaning),
    words: `${String(printedName)} (${String(role)}: ${String(meaning)})`,
  };
}

/** A JWS (RFC 7515 3.1, compact; RFC 8037) of the signature's canonical text: what names it, and the JWS itself, are not in it. */
function holds({ id: _id, jws, ...said }: Readonly<Record<string, unknown>>, keys: readonly JsonWebKey[]): boolean {
  const [header, payload, signature, more] = typeof jws === 'string' ? jws.split('.') : [];
  if (signature === undefined || more !== undefined || ![header, payload, signature].every(isBase64url)) return false;
  const { alg, kid, ...rest } = objectIn(Buffer.from(header, 'base64url').toString()) ?? {};
  const key = keys.find((one) => one['kid'] === kid);
  if (alg !== 'EdDSA' || key === undefined || Object.keys(rest).length > 0) return false;
  if (Buffer.from(payload, 'base64url').toString() !== canonicalOf(said)) return false;
  try {
    const by = createPublicKey({ key, format: 'jwk' });
    return by.asymmetricKeyType === 'ed25519' && verify(null, Buffer.from(`${header}.${payload}`), by, Buffer.from(signature, 'base64url'));
  } catch {
    return false; // no key that can have signed it
  }
}

/** Written in the one way that its bytes have. */
const isBase64url = (text: string): boolean => Buffer.from(text, 'base64url').toString('base64url') === text;
