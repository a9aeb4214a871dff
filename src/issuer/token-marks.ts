import { createHash } from 'node:crypto';

/**
 * What the `jti` of each access token of a grant begins with, or of a system's by what its client is: so all of them can be taken back at
 * once, without a list.
 */
export const grantMark = (grantId: string): string => createHash('sha256').update(grantId).digest('base64url').slice(0, 16);

/** A token's own name within its grant. */
export const tokenId = (grantId: string | undefined, own: string): string => (grantId === undefined ? own : `${grantMark(grantId)}.${own}`);

/** What a token can be taken back by: its name, and its grant's mark. */
export const marksOf = (jti: string): readonly string[] => (jti.includes('.') ? [jti, jti.split('.', 1)[0]] : [jti]);

/** Of something that is a secret by itself: what is kept of it. */
export const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
