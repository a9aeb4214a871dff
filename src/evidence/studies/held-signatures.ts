import { compactVerify, importJWK, type JSONWebKeySet } from 'jose';
import { canonicalText } from '../../signing/canonical.js';
import type { SignatureFile } from '../contents/study-file.js';
import { SignatureNotHeld } from './faults.js';
import type { SignatureRow } from './studies.sql.js';

/** A signature as packages tell it: its JWS is of the canonical text of all of it but the id and the JWS itself. */
export const signatureFile = ({ signer, printedName, signedAt, reauthenticatedAt, jws, id, ...row }: SignatureRow): SignatureFile => ({
  id,
  signer: { id: signer, printedName },
  ...row,
  signedAt: signedAt.toISOString(),
  reauthenticatedAt: reauthenticatedAt.toISOString(),
  jws,
});

/** Holds signatures to this server's keys: a row that somebody wrote into the database is none. Throws SignatureNotHeld. */
export async function requireHeld(signatures: readonly SignatureRow[], { keys }: JSONWebKeySet): Promise<void> {
  for (const one of signatures)
    try {
      const { payload } = await compactVerify(one.jws, ({ kid }) => importJWK(keys.find((key) => key.kid === kid) ?? {}, 'EdDSA'));
      const { id: _id, jws: _jws, ...said } = signatureFile(one);
      if (Buffer.from(payload).toString() !== canonicalText(said)) throw new SignatureNotHeld();
    } catch {
      throw new SignatureNotHeld(); // whatever is wrong with it
    }
}
