import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fork, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { ABrowser } from './a-browser.js';
import { TokenMaker } from './tokens.js';
import { Wetread } from './wetread.js';

let provider: ChildProcess;
let issuer: string;
let wetread: Wetread;
beforeAll(async () => {
  provider = fork(fileURLToPath(new URL('./an-outside-issuer.js', import.meta.url)), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  issuer = await new Promise<string>((told) => provider.once('message', (said) => told((said as { issuer: string }).issuer)));
  wetread = await Wetread.start({
    AUTH: 'on',
    OIDC_ISSUER: issuer,
    OIDC_AUDIENCES: 'urn:wetread',
    OIDC_ROLES_CLAIM: 'realm_access.roles',
    OIDC_ROLES: 'Machines=system,readers=radiologist',
    OIDC_TENANT_CLAIM: 'organisation',
    OIDC_INTROSPECTION_CLIENT: 'wetread:a secret of the outside issuer',
  });
});
afterAll(async () => {
  provider.kill();
  await wetread.remove();
});

async function tokenFor(client: string, scope: string): Promise<string> {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${client}:${encodeURIComponent('a secret of the outside issuer')}`).toString('base64')}`,
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}
const get = (path: string, token: string) => wetread.fetch(path, { headers: { authorization: `Bearer ${token}` } });

describe('An outside issuer, by settings alone', () => {
  it('issues the tokens that open the doors: JWTs by its keys', async () => {
    const token = await tokenFor('jwt-client', 'system/*.rs');
    expect(token.split('.')).toHaveLength(3);
    expect((await get('/fhir/Patient', token)).status).toBe(200);
    expect((await get('/dicom-web/studies', token)).status).toBe(200);
    const narrow = await tokenFor('jwt-client', 'system/Patient.rs');
    expect([(await get('/fhir/Patient', narrow)).status, (await get('/fhir/Observation', narrow)).status]).toEqual([200, 403]);
  });

  it('and opaque ones, by asking it', async () => {
    const token = await tokenFor('opaque-client', 'system/*.rs');
    expect(token.split('.')).toHaveLength(1);
    expect((await get('/fhir/Patient', token)).status).toBe(200);
    expect((await get('/fhir/Patient', `${token}x`)).status).toBe(401);
  });

  it('says of each token whose it is, by a number or its digits; one of no organisation opens nothing', async () => {
    expect((await get('/fhir/Patient', await tokenFor('digits-client', 'system/*.rs'))).status).toBe(200);
    const refused = await get('/fhir/Patient', await tokenFor('nobodys-client', 'system/*.rs'));
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('of no organisation here')]);
  });

  it('is what apps are sent to', async () => {
    const said = await wetread.json<Record<string, unknown>>('/fhir/.well-known/smart-configuration');
    expect(said).toMatchObject({ issuer, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` });
    expect(said['capabilities']).toContain('permission-v2');
  });

  it('leaves none of the built-in one', async () => {
    for (const path of ['/oauth/jwks', '/oauth/token', '/oauth/first-admin', '/access/accounts', '/.well-known/openid-configuration'])
      expect([path, (await wetread.fetch(path)).status]).toEqual([path, 404]);
  });
});

describe('A person who logs in at an outside issuer', () => {
  /** By the pages of the issuer (RFC 6749 4.1, RFC 7636), through an app that it knows. */
  async function logIn(username: string): Promise<{ access_token: string; id_token: string }> {
    const verifier = randomBytes(32).toString('base64url');
    const asked = {
      response_type: 'code',
      client_id: 'page-client',
      redirect_uri: 'https://viewer.example/callback',
      scope: 'openid user/*.rs system/*.rs',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    };
    const browser = new ABrowser(issuer);
    const login = await browser.get(`${issuer}/auth?${new URLSearchParams(asked).toString()}`);
    const back = await browser.submit(await browser.submit(login, { login: username, password: 'whatever it is there' }), {});
    const code = new URL(back.url).searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, redirect_uri: asked.redirect_uri, client_id: asked.client_id };
    const answer = await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams({ ...form, code_verifier: verifier }) });
    return (await answer.json()) as { access_token: string; id_token: string };
  }

  it('reads by the app’s token, with the roles that its claim means here, and is on record by the name there', async () => {
    const { access_token: token } = await logIn('reader');
    expect((await get('/fhir/Patient', token)).status).toBe(200);
    expect((await get('/dicom-web/studies', token)).status).toBe(200);
    expect((await get('/metrics', token)).status).toBe(403); // a system's alone, though the scope was asked for
    const [{ event }] = await wetread.sql<{ event: string }>(
      `SELECT event FROM ledger_record WHERE event::jsonb ->> 'actor' = 'user:reader' ORDER BY id LIMIT 1`,
    );
    expect(JSON.parse(event)).toMatchObject({ who: { kind: 'person', roles: ['radiologist'], client: 'page-client', tenant: 1 } });
  });

  it('may do nothing where the claim says nothing that is known here, nor by an ID token', async () => {
    const { access_token: token } = await logIn('visitor');
    expect((await get('/fhir/Patient', token)).status).toBe(403);
    expect((await get('/fhir/Patient', (await logIn('reader')).id_token)).status).toBe(401);
  });
});

describe('A token of the built-in issuer', () => {
  it('opens nothing where another issues them', async () => {
    const own = await Wetread.start({ AUTH: 'on' });
    try {
      const maker = await TokenMaker.of(own);
      expect((await get('/fhir/Patient', await maker.token({ claims: { iss: issuer, aud: 'urn:wetread' } }))).status).toBe(401);
      expect((await get('/fhir/Patient', await maker.token())).status).toBe(401);
    } finally {
      await own.remove();
    }
  });
});
