import { importJWK, SignJWT, type JWK, type JWTHeaderParameters, type JWTPayload } from 'jose';
import { randomUUID } from 'node:crypto';
import type { Role } from '../../src/access/roles.js';
import type { Wetread } from './wetread.js';

/** What a token is asked to say; the rest is as the built-in issuer has it. */
export interface TokenAsked {
  readonly roles?: readonly Role[];
  readonly scope?: string;
  readonly tenant?: number;
  readonly patient?: string;
  readonly kind?: 'person' | 'system';
  /** Claims and header as they are, over all others; one that is undefined is left out. */
  readonly claims?: JWTPayload;
  readonly header?: Partial<JWTHeaderParameters>;
  readonly key?: Parameters<SignJWT['sign']>[0];
}

/** Makes access tokens as the built-in issuer of a running server makes them, with its own key: of every role at once, and forged ones. */
export class TokenMaker {
  private constructor(
    private readonly wetread: Wetread,
    readonly jwk: JWK,
  ) {}

  static async of(wetread: Wetread): Promise<TokenMaker> {
    await wetread.fetch('/oauth/jwks'); // it has keys from then on
    const [{ jwk }] = await wetread.sql<{ jwk: JWK }>(`SELECT jwk FROM issuer_key WHERE alg = 'ES256' ORDER BY since DESC LIMIT 1`);
    return new TokenMaker(wetread, jwk);
  }

  async token({ roles = ['radiologist'], scope = 'user/*.cruds', tenant = 1, kind = 'person', ...more }: TokenAsked = {}): Promise<string> {
    const { url } = this.wetread;
    const subject = kind === 'system' ? 'a-system' : randomUUID();
    const now = Math.floor(Date.now() / 1_000);
    const claims: JWTPayload = {
      iss: `${url}/oauth`,
      sub: subject,
      aud: `${url}/fhir`,
      iat: now,
      exp: now + 300,
      jti: randomUUID(),
      client_id: kind === 'system' ? subject : 'an-app',
      scope,
      tenant,
      roles,
      kind,
      ...(more.patient === undefined ? {} : { patient: more.patient }),
      ...more.claims,
    };
    const header = { alg: 'ES256', typ: 'at+jwt', kid: this.jwk.kid, ...more.header };
    return new SignJWT(JSON.parse(JSON.stringify(claims)) as JWTPayload)
      .setProtectedHeader(header)
      .sign(more.key ?? (await importJWK(this.jwk, 'ES256')));
  }

  /** Headers of a request by such a token. */
  async headers(asked: TokenAsked = {}): Promise<Record<string, string>> {
    return { authorization: `Bearer ${await this.token(asked)}` };
  }
}
