import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { IssuerAway } from './faults.js';

/** How long an issuer's keys are kept before they are asked for again, and how soon again for a key that is not among them. */
const KEPT_MS = 600_000;
const COOL_DOWN_MS = 30_000;
const PATIENCE_MS = 5_000;
const LARGEST_ANSWER_BYTES = 1 << 20;

/** What an issuer publishes of itself (RFC 8414, OpenID Connect Discovery 1.0). */
export interface IssuerMetadata {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly introspection_endpoint?: string;
  readonly [more: string]: unknown;
}

/** The keys that the built-in issuer has now. */
export const ownKeys =
  (keys: () => Promise<JSONWebKeySet>): JWTVerifyGetKey =>
  async (header, token) =>
    createLocalJWKSet(await keys())(header, token);

/**
 * What an outside issuer says of itself and its keys; nothing is fetched before the first token comes, and nothing ever that a token
 * names. Throws IssuerAway.
 */
export class OutsideIssuer {
  private known: { readonly at: number; readonly metadata: IssuerMetadata; readonly keys: JWTVerifyGetKey } | undefined;
  private asking: Promise<IssuerMetadata> | undefined;

  /** @param issuer  as tokens name it; https, or of this machine (Settings) */
  constructor(readonly issuer: string) {}

  readonly keyOf: JWTVerifyGetKey = async (header, token) => {
    await this.metadata();
    return this.known?.keys(header, token) as ReturnType<JWTVerifyGetKey>; // metadata() has set it
  };

  async metadata(): Promise<IssuerMetadata> {
    if (this.known !== undefined && performance.now() - this.known.at < KEPT_MS) return this.known.metadata;
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async ask(): Promise<IssuerMetadata> {
    const metadata = (await fetchJson(`${this.issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`)) as IssuerMetadata;
    // OpenID Connect Discovery 1.0 4.3: it must be who was asked.
    if (metadata.issuer !== this.issuer || !isTrustworthy(metadata.jwks_uri)) throw new IssuerAway();
    const before = this.known?.metadata.jwks_uri === metadata.jwks_uri ? this.known.keys : undefined;
    const keys =
      before ??
      createRemoteJWKSet(new URL(metadata.jwks_uri), {
        cacheMaxAge: KEPT_MS,
        cooldownDuration: COOL_DOWN_MS,
        timeoutDuration: PATIENCE_MS,
      });
    this.known = { at: performance.now(), metadata, keys };
    return metadata;
  }
}

/** Whether what is fetched there is what its owner sends: over TLS, or from this machine itself. */
export function isTrustworthy(url: unknown): url is string {
  if (typeof url !== 'string' || !URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname));
}

/** Asks an issuer; no redirects, no endless answers. Throws IssuerAway. */
export async function fetchJson(url: string, init: RequestInit = {}): Promise<unknown> {
  try {
    const answer = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok || Number(answer.headers.get('content-length') ?? 0) > LARGEST_ANSWER_BYTES) throw new IssuerAway();
    const text = await answer.text();
    if (text.length > LARGEST_ANSWER_BYTES) throw new IssuerAway();
    return JSON.parse(text) as unknown;
  } catch {
    throw new IssuerAway();
  }
}
