import { compactVerify, importJWK, type JSONWebKeySet } from 'jose';
import { canonicalText } from '../../signing/canonical.js';
import { SignatureNotHeld } from './faults.js';
import type { SignatureRow } from './studies.sql.js';

/** What a signature's JWS is of: all that it says, but its own id. */
export const signedText = ({ id: _id, jws: _jws, signer, printedName, signedAt, reauthenticatedAt, ...row }: SignatureRow): string =>
  canonicalText({
    ...row,
    signer: { id: signer, printedName },
    signedAt: signedAt.toISOString(),
    reauthenticatedAt: reauthenticatedAt.toISOString(),
  });

/** Holds signatures to this server's keys: a row that somebody wrote into the database is none. Throws SignatureNotHeld. */
export async function requireHeld(signatures: readonly SignatureRow[], { keys }: JSONWebKeySet): Promise<void> {
  for (const one of signatures)
    try {
      const { payload } = await compactVerify(one.jws, ({ kid }) => importJWK(keys.find((key) => key.kid === kid) ?? {}, 'EdDSA'));
      if (Buffer.from(payload).toString() !== signedText(one)) throw new SignatureNotHeld();
    } catch {
      throw new SignatureNotHeld(); // whatever is wrong with it
    }
}
