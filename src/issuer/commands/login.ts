import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OWN_CALLBACK, OWN_CLIENT_ID, OWN_SCOPE } from '../own-client.js';

/** As the page of a login waits. */
const PATIENCE_MS = 15 * 60_000;

/** Where a server's built-in issuer is asked (OpenID Connect Discovery 1.0). */
interface Endpoints {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
}

/** What came back to this machine from the browser (RFC 6749 4.1.2, RFC 9207). */
type Answer = URLSearchParams;

/**
 * `npm run login [-- URL]`: somebody logs in to the server at URL by a browser on this machine, and the access token is printed, alone
 * on standard output: TOKEN=$(npm run --silent login). A native app's code flow (RFC 8252): PKCE, and a port of loopback for the answer.
 * Where the tokens are an outside issuer's they are got there.
 */
async function main(): Promise<void> {
  const url = (process.argv[2] ?? `http://127.0.0.1:${process.env['PORT'] ?? '3000'}`).replace(/\/+$/, '');
  const endpoints = (await asked(`${url}/oauth/.well-known/openid-configuration`)) as unknown as Endpoints;
  const [verifier, state] = [randomBytes(32).toString('base64url'), randomBytes(16).toString('base64url')];
  const listener = createServer();
  await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening));
  const callback = new URL(OWN_CALLBACK);
  callback.port = String((listener.address() as AddressInfo).port);
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: OWN_CLIENT_ID,
    redirect_uri: callback.href,
    scope: OWN_SCOPE,
    state,
    aud: `${url}/fhir`,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  process.stderr.write(`Open this in a browser of this machine, and log in:\n${endpoints.authorization_endpoint}?${query.toString()}\n`);
  const answer = await answerAt(listener, callback.pathname, state);
  const code = codeIn(answer, endpoints.issuer);
  const form = { grant_type: 'authorization_code', code, redirect_uri: callback.href, client_id: OWN_CLIENT_ID, code_verifier: verifier };
  const { access_token: token, expires_in: seconds } = await asked(endpoints.token_endpoint, new URLSearchParams(form));
  process.stderr.write(`The token is good for ${Number(seconds) / 60} minutes:\n`);
  process.stdout.write(`${String(token)}\n`);
}

/** JSON of the server. Throws Error, which says what the server said. */
async function asked(url: string, form?: URLSearchParams): Promise<Record<string, unknown>> {
  const answer = await fetch(url, form === undefined ? {} : { method: 'POST', body: form }).catch((error: unknown) => {
    throw new Error(`${new URL(url).origin} does not answer.`, { cause: error });
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Record<string, unknown>;
}

/** The answer to the request of this state; whatever else comes to the port is told that there is nothing. Throws Error when it is late. */
async function answerAt(listener: Server, path: string, state: string): Promise<Answer> {
  const late = setTimeout(() => listener.emit('error', new Error('Nobody logged in.')), PATIENCE_MS);
  try {
    return await new Promise<Answer>((answered, fail) => {
      listener.once('error', fail).on('request', ({ url = '' }, reply) => {
        const [pathname, query = ''] = url.split('?', 2);
        const searchParams = new URLSearchParams(query);
        const isOurs = pathname === path && searchParams.get('state') === state;
        reply.writeHead(isOurs ? 200 : 404, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
        reply.end(isOurs ? 'Done: go back to the command line.\n' : 'There is nothing here.\n');
        if (isOurs) answered(searchParams);
      });
    });
  } finally {
    clearTimeout(late);
    listener.close();
  }
}

/** Throws Error where the login was refused, or another issuer answered. */
function codeIn(answer: Answer, issuer: string): string {
  const [code, iss, error, why] = ['code', 'iss', 'error', 'error_description'].map((name) => answer.get(name));
  if (error !== null) throw new Error(`Nobody was let in (${error}${why === null ? '' : `: ${why}`}).`);
  if (iss !== issuer || code === null) throw new Error('The answer is not of the issuer that was asked.');
  return code;
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`There is no token: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
