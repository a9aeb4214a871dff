import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { TAG_MANIFEST } from '../bag-texts.js';
import { ENVELOPE_FILE, preAuthenticated, readEnvelope, readStatement, type Signature } from '../envelope.js';
import { textIn, type Bag } from './bag.js';
import type { Findings } from './findings.js';

export interface Signers {
  readonly keys: readonly JsonWebKey[];
  /** The package itself names them. */
  readonly isOwn: boolean;
  /** SHA-512 of the tag manifest that is there, hex. */
  readonly tagManifest: string | undefined;
}

/** That the manifests are those that were signed, by a known key. A package without an envelope is found before. */
export async function checkSignature(bag: Bag, { keys, isOwn, tagManifest }: Signers, findings: Findings): Promise<void> {
  if (!bag.names.includes(ENVELOPE_FILE)) return;
  const envelope = readEnvelope((await textIn(bag, ENVELOPE_FILE)) ?? '');
  if (envelope === undefined || envelope.signatures.length === 0)
    return findings.add('signature', ENVELOPE_FILE, `it is not the envelope of a signature${bag.at(ENVELOPE_FILE)}`);
  const unheld = envelope.signatures.find((one) => !holds(envelope.payload, one, keys));
  if (unheld !== undefined) return findings.add('signature', ENVELOPE_FILE, `its signature holds by no known key (${unheld.kid})`);
  const statement = readStatement(TAG_MANIFEST, envelope.payload);
  if (statement === undefined) return findings.add('signature', ENVELOPE_FILE, 'what it signs is no statement about a package');
  if (tagManifest !== undefined && statement.sha512 !== tagManifest)
    return findings.add('changed', TAG_MANIFEST, 'it is another than the one that was signed');
  const { identifier, signedAt, software } = statement;
  const by = envelope.signatures.map(({ kid }) => kid).join(', ');
  findings.checked.push(
    `the signature of ${identifier}, by ${by} at ${signedAt} (${software}), ${isOwn ? 'a key that the package itself names' : 'one of the keys given'}`,
  );
}

function holds(payload: Buffer, { kid, signature }: Signature, keys: readonly JsonWebKey[]): boolean {
  const jwk = keys.find((one) => one['kid'] === kid);
  if (jwk === undefined) return false;
  try {
    return verify(null, preAuthenticated(payload), createPublicKey({ key: jwk, format: 'jwk' }), signature);
  } catch {
    return false; // no key that can have signed it
  }
}
