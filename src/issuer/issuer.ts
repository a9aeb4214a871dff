import type { JSONWebKeySet } from 'jose';
import type { FirstAdmin } from './first-admin.js';
import type { IssuerKeys } from './issuer-keys.js';
import type { RevokedTokens } from './revoked-tokens.js';

/** The built-in issuer, for whoever checks its tokens and for whoever starts the server. */
export class Issuer {
  constructor(
    private readonly keys: IssuerKeys,
    private readonly revoked: RevokedTokens,
    private readonly firstAdmin: FirstAdmin,
  ) {}

  /** What its access tokens are checked with (RFC 7517 5). Throws DatabaseAway. */
  publicKeys(): Promise<JSONWebKeySet> {
    return this.keys.publicKeys();
  }

  /** Whether an access token was taken back, by its `jti`; mostly told at once. Throws DatabaseAway where nobody knows. */
  isRevoked(jti: string): boolean | Promise<boolean> {
    return this.revoked.has(jti);
  }

  /** A code that makes the first account, to be shown to whoever started the server; undefined where there is an account. */
  firstAdminCode(): Promise<string | undefined> {
    return this.firstAdmin.code();
  }
}
