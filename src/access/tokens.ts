import { createHash } from 'node:crypto';
import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import type { Caller } from './caller.js';
import { callerOfToken, type ClaimNames } from './caller-of-token.js';
import { TokenRefused } from './faults.js';
import { isAccessToken, isBearer, type Claims } from './token-kind.js';

/** Signatures that are taken: none that a public key could make (RFC 8725 3.1). */
const ALGORITHMS = ['ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'EdDSA'];
/** Clocks differ by as much. */
const CLOCK_SECONDS = 5;
/** Tokens whose holders are known by heart: to check a signature takes longer than most answers. */
const REMEMBERED = 10_000;
const LONGEST_TOKEN = 16_384;

export interface TokenRules {
  /** As tokens name it (`iss`). */
  readonly issuer: () => string;
  readonly keyOf: JWTVerifyGetKey;
  /** Whether a token for this audience is one for this server. */
  readonly isAudience: (audience: string) => boolean;
  /** Whether a token was taken back before its time, by its `jti`. */
  readonly isRevoked: (jti: string) => boolean | Promise<boolean>;
  /** `at+jwt` where the issuer follows RFC 9068; undefined where its access tokens are told otherwise from others (token-kind.ts). */
  readonly typ: 'at+jwt' | undefined;
  /** Whether there is such a tenant. */
  readonly isTenant: (tenant: number) => boolean | Promise<boolean>;
  readonly claims: ClaimNames;
  /** What a token is that is no JWT, by the issuer (RFC 7662): undefined where it is not asked. */
  readonly introspect?: (token: string) => Promise<Claims>;
}

const isOver = ({ expires = 0 }: Pick<Caller, 'expires'>): boolean => Date.now() > expires + CLOCK_SECONDS * 1_000;

/**
 * The one check of access tokens, for every door. A token's signature is checked once, with keys of the issuer alone (whatever `jku`,
 * `x5u` or `jwk` its header has is not looked at); whether it is expired or was taken back, each time.
 */
export class Tokens {
  private readonly known = new Map<string, Caller>();

  constructor(private readonly rules: TokenRules) {}

  /** Who holds a token. Throws TokenRefused, IssuerAway, DatabaseAway. */
  async callerOf(token: string): Promise<Caller> {
    const caller = this.known.get(token) ?? (await this.check(token));
    if (isOver(caller)) this.known.delete(token);
    await this.stillGood(caller);
    return caller;
  }

  /** Whether the token that somebody was made out by is good still, for what they were given by it. Throws TokenRefused, DatabaseAway. */
  async stillGood(caller: Pick<Caller, 'expires' | 'tokenId' | 'tenant'>): Promise<void> {
    if (isOver(caller)) throw new TokenRefused('expired');
    if (caller.tokenId !== undefined) {
      const revoked = this.rules.isRevoked(caller.tokenId);
      if (revoked === true || (revoked !== false && (await revoked))) throw new TokenRefused('revoked');
    }
    const isTenant = this.rules.isTenant(caller.tenant);
    if (isTenant === false || (isTenant !== true && !(await isTenant))) throw new TokenRefused('of no organisation here');
  }

  private async check(token: string): Promise<Caller> {
    if (token.length > LONGEST_TOKEN) throw new TokenRefused('malformed');
    const isJwt = /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token);
    if (!isJwt && this.rules.introspect === undefined) throw new TokenRefused('malformed');
    const claims = isJwt ? await this.verified(token) : await this.introspected(token);
    const caller = callerOfToken(claims, this.rules.claims);
    if (isJwt) this.remember(token, caller); // the issuer of an opaque one is asked each time: it alone knows of revocation
    return caller;
  }

  private remember(token: string, caller: Caller): void {
    if (this.known.size >= REMEMBERED)
      for (const oldest of this.known.keys()) if (this.known.size >= REMEMBERED * 0.9) this.known.delete(oldest);
    this.known.set(token, caller);
  }

  private async verified(token: string): Promise<Claims> {
    const { keyOf, issuer, typ, isAudience } = this.rules;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keyOf, {
        algorithms: ALGORITHMS,
        issuer: issuer(),
        // An outside issuer may leave the subject out of a system's: callerOfToken says whose it is.
        requiredClaims: ['exp', 'aud', ...(typ === undefined ? [] : ['sub'])],
        clockTolerance: CLOCK_SECONDS,
        ...(typ === undefined ? {} : { typ }),
      });
      if (![payload.aud ?? []].flat().some(isAudience)) throw new TokenRefused('for another audience');
      if (typ === undefined && !isAccessToken(protectedHeader.typ, payload)) throw new TokenRefused('not for access');
      return payload;
    } catch (error) {
      throw refusalOf(error);
    }
  }

  private async introspected(token: string): Promise<Claims> {
    const claims = (await this.rules.introspect?.(token)) ?? {};
    if (claims['active'] !== true) throw new TokenRefused('inactive');
    if (claims['iss'] !== undefined && claims['iss'] !== this.rules.issuer()) throw new TokenRefused('of another issuer');
    const audiences = [claims['aud'] ?? []].flat().filter((one) => typeof one === 'string');
    if (!audiences.some(this.rules.isAudience)) throw new TokenRefused('for another audience');
    if (!isBearer(claims) || !isAccessToken(undefined, claims)) throw new TokenRefused('not for access');
    checkTimes(claims);
    // What an issuer does not name can still be told apart.
    return { jti: createHash('sha256').update(token).digest('hex').slice(0, 32), ...claims };
  }
}

/** Of what is no JWT nobody else has looked at the times (RFC 7662 2.2): seconds since 1970. Throws TokenRefused. */
function checkTimes({ exp, nbf, iat }: Claims): void {
  const [from, made] = [nbf, iat].map((time) => time ?? 0);
  if (typeof exp !== 'number' || typeof from !== 'number' || typeof made !== 'number') throw new TokenRefused('malformed');
  const now = Date.now() / 1_000;
  if (Math.max(from, made) > now + CLOCK_SECONDS) throw new TokenRefused('not valid yet');
  if (exp < now - CLOCK_SECONDS) throw new TokenRefused('expired');
}

/** jose's errors in this server's words; what else was thrown stays what it is. */
function refusalOf(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return new TokenRefused('expired');
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'iss') return new TokenRefused('of another issuer');
    if (error.claim === 'aud') return new TokenRefused('for another audience');
    return new TokenRefused(error.claim === 'nbf' ? 'not valid yet' : 'malformed');
  }
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed)
    return new TokenRefused('unsigned or wrongly signed');
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported)
    return new TokenRefused('unsigned or wrongly signed');
  return error instanceof errors.JOSEError ? new TokenRefused('malformed') : error;
}
