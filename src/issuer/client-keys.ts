import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { isAmong, isPublic, publicLookup } from '../public-lookup.js';

const LARGEST_BYTES = 1 << 20;
const PATIENCE_MS = 5_000;
/** Answers that have no body (RFC 9110 15). */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** The keys that clients publish (`jwksUri`): fetched by https from public addresses, and from hosts that a setting allows. */
export class ClientKeys {
  /** @param allowed  CLIENT_KEYS_HOSTS */
  constructor(private readonly allowed: readonly string[]) {}

  /** Whether keys may be said to be there. Of a name it is known when it is resolved: then it is looked at again. */
  permits(text: string): boolean {
    if (!URL.canParse(text)) return false;
    const url = new URL(text);
    if (isAmong(url, this.allowed)) return ['http:', 'https:'].includes(url.protocol);
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    return url.protocol === 'https:' && (isIP(literal) === 0 || isPublic(literal));
  }

  /** As oidc-provider fetches. No redirection is followed: it would lead where nobody has looked. Rejects where there are no keys to get. */
  async fetch(text: string, init: Pick<RequestInit, 'headers' | 'signal'> = {}): Promise<Response> {
    if (!this.permits(text)) throw new TypeError('keys are fetched by https from public addresses, or where CLIENT_KEYS_HOSTS says');
    const url = new URL(text);
    const signals = [AbortSignal.timeout(PATIENCE_MS), ...(init.signal ? [init.signal] : [])];
    const options = {
      headers: Object.fromEntries(new Headers(init.headers)),
      agent: false, // no connection is kept: the next one is looked at again
      signal: AbortSignal.any(signals),
      ...(isAmong(url, this.allowed) ? {} : { lookup: publicLookup }),
    };
    return new Promise((resolve, reject) => {
      const ask = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const asked = ask(url, options, (answer) => {
        const { statusCode: status = 502, headers } = answer;
        const chunks: Buffer[] = [];
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > LARGEST_BYTES) answer.destroy(new Error('the keys are too many'));
          else chunks.push(chunk);
        });
        answer.on('error', reject);
        answer.on('end', () => {
          const type = headers['content-type'];
          const body = WITHOUT_BODY.has(status) ? null : Buffer.concat(chunks);
          resolve(new Response(body, { status, ...(type !== undefined && { headers: { 'content-type': type } }) }));
        });
      });
      asked.on('error', reject);
      asked.on('upgrade', (_answer, socket) => socket.destroy(new Error('the answer changed the protocol')));
      asked.on('close', () => reject(new Error('the connection ended without keys'))); // nothing where it was answered
      asked.end();
    });
  }
}
