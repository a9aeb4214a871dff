import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isOpenPath } from '../../src/api/oauth/open-paths.js';
import { AnAuthorization, AnIssuer, CALLBACK, PASSWORD } from './an-issuer.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
let issuer: AnIssuer;
beforeAll(async () => {
  wetread = await Wetread.start();
  issuer = new AnIssuer(wetread);
  for (const id of ['eve', 'deleted']) {
    const body = JSON.stringify({ resourceType: 'Patient', id });
    await wetread.fetch(`/fhir/Patient/${id}`, { method: 'PUT', headers: { 'content-type': 'application/fhir+json' }, body });
  }
  await wetread.fetch('/fhir/Patient/deleted', { method: 'DELETE' });
  const ada = JSON.stringify({ resourceType: 'Practitioner', id: 'ada' });
  await wetread.fetch('/fhir/Practitioner/ada', { method: 'PUT', headers: { 'content-type': 'application/fhir+json' }, body: ada });
}, 120_000);
afterAll(async () => {
  await issuer.close();
  await wetread.remove();
});

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

async function send(method: string, path: string, body?: unknown): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const answer = await wetread.fetch(path, { method, ...(body === undefined ? {} : { headers, body: JSON.stringify(body) }) });
  const text = await answer.text();
  return { status: answer.status, text, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) };
}

const ACCOUNT = { username: 'ada', name: 'Ada', password: PASSWORD, roles: ['administrator'] };
const APP = { clientId: 'an-app', name: 'An app', scope: 'openid user/*.rs', redirectUris: [CALLBACK] };

describe('Accounts, for who administers them', () => {
  it('are made, listed, changed and deleted, and no answer holds a secret', async () => {
    const made = await send('POST', '/access/accounts', ACCOUNT);
    expect(made).toMatchObject({ status: 201, body: { username: 'ada', tenant: 1, roles: ['administrator'], hasSecondFactor: false } });
    const place = `/access/accounts/${String(made.body['id'])}`;
    const changed = await send('PATCH', place, { name: 'Ada L.', fhirUser: 'Practitioner/ada', roles: ['administrator', 'radiologist'] });
    expect(changed).toMatchObject({ status: 200, body: { name: 'Ada L.', fhirUser: 'Practitioner/ada' } });
    expect((await send('PATCH', place, { fhirUser: null })).body['fhirUser']).toBeNull();
    const list = await send('GET', '/access/accounts');
    expect((list.body['accounts'] as unknown[]).length).toBe(1);
    for (const { text } of [made, changed, list, await send('GET', place)]) expect(text).not.toMatch(/argon2|password|totp_?secret/i);
  });

  it('that can’t be so are refused, and say why', async () => {
    expect(await send('POST', '/access/accounts', ACCOUNT)).toMatchObject({ status: 409, body: { code: 'username-taken' } });
    for (const [unfit, status] of [
      [{ ...ACCOUNT, username: 'x' }, 422],
      [{ ...ACCOUNT, username: 'two words' }, 422],
      [{ ...ACCOUNT, username: 'new', password: 'short' }, 422],
      [{ ...ACCOUNT, username: 'new', roles: [] }, 422],
      [{ ...ACCOUNT, username: 'new', roles: ['system'] }, 422],
      [{ ...ACCOUNT, username: 'new', roles: ['patient'] }, 422],
      [{ ...ACCOUNT, username: 'new', fhirUser: 'https://evil.example/Practitioner/1' }, 422],
      [{ ...ACCOUNT, username: 'new', fhirUser: 'Practitioner/not-there' }, 422],
      [{ ...ACCOUNT, username: 'new', fhirUser: 'Patient/deleted' }, 422],
      [{ ...ACCOUNT, username: 'new', tenant: 2 }, 400],
      [{ ...ACCOUNT, username: 'nu\0l' }, 400],
      [{ name: 'no password' }, 400],
      [[], 400],
    ] as const)
      expect(await send('POST', '/access/accounts', unfit)).toMatchObject({ status });
    expect((await send('GET', '/access/accounts/not-there')).status).toBe(404);
    expect((await send('GET', '/access/accounts/00000000-0000-4000-8000-000000000000')).status).toBe(404);
  });

  it('of a patient are of one who is there', async () => {
    const form = { username: 'eve', name: 'Eve', password: PASSWORD, roles: ['patient'] };
    for (const patient of ['not-there', 'deleted'])
      expect(await send('POST', '/access/accounts', { ...form, patient })).toMatchObject({ status: 422, body: { code: 'unfit-property' } });
    const made = await send('POST', '/access/accounts', { ...form, patient: 'eve' });
    expect(made).toMatchObject({ status: 201, body: { patient: 'eve' } });
    const place = `/access/accounts/${String(made.body['id'])}`;
    expect(await send('PATCH', place, { patient: 'not-there' })).toMatchObject({ status: 422, body: { code: 'unfit-property' } });
    expect((await send('PATCH', place, { name: 'Eve C.' })).status).toBe(200);
    expect((await send('DELETE', place)).status).toBe(204);
  });

  it('always leave an administrator', async () => {
    const { accounts } = (await send('GET', '/access/accounts')).body as { accounts: { id: string }[] };
    const place = `/access/accounts/${accounts[0].id}`;
    for (const attempt of [send('DELETE', place), send('PATCH', place, { disabled: true }), send('PATCH', place, { roles: ['reviewer'] })])
      expect(await attempt).toMatchObject({ status: 409, body: { code: 'last-administrator' } });
    const second = await send('POST', '/access/accounts', { ...ACCOUNT, username: 'second' });
    expect((await send('DELETE', `/access/accounts/${String(second.body['id'])}`)).status).toBe(204);
  });
});

describe('Clients, for who administers them', () => {
  it('are registered, changed and deleted; a secret is told once', async () => {
    expect(await send('POST', '/access/clients', APP)).toMatchObject({ status: 201, body: { clientId: 'an-app', authMethod: 'none' } });
    expect((await send('POST', '/access/clients', APP)).status).toBe(409);
    const first = await send('PATCH', '/access/clients/an-app', { authMethod: 'client_secret_basic' });
    const second = await send('PATCH', '/access/clients/an-app', { newSecret: true });
    const secrets = [first, second].map(({ body }) => String(body['clientSecret']));
    expect(secrets[0]).not.toBe(secrets[1]);
    for (const { text } of [await send('GET', '/access/clients'), await send('GET', '/access/clients/an-app')]) {
      expect(text).toContain('client_secret_basic');
      expect(text).not.toMatch(/clientSecret|sha256/i);
    }
    expect((await send('PATCH', '/access/clients/an-app', { name: 'Other' })).body).not.toHaveProperty('clientSecret');
    expect((await send('DELETE', '/access/clients/an-app')).status).toBe(204);
    expect((await send('GET', '/access/clients/an-app')).status).toBe(404);
    expect((await send('DELETE', '/access/clients/an-app')).status).toBe(404);
  });

  it('lose what they were granted when they are changed or disabled', async () => {
    await issuer.account('grace');
    const { clientId } = await issuer.app();
    const tokens = await new AnAuthorization(issuer, clientId).whole('grace', 'user/*.rs offline_access');
    expect((await send('PATCH', `/access/clients/${clientId}`, { scope: 'user/Patient.rs' })).status).toBe(200);
    const again = { grant_type: 'refresh_token', client_id: clientId, refresh_token: tokens.refresh_token ?? '' };
    expect(await issuer.token(again)).toMatchObject({ error: 'invalid_grant' });
    await send('PATCH', `/access/clients/${clientId}`, { disabled: true });
    expect((await new AnAuthorization(issuer, clientId).open('user/Patient.rs')).status).toBe(400);
  });
});

describe('The keys', () => {
  it('are replaced while tokens by the old ones stay good', async () => {
    const { clientId } = await issuer.app();
    const { access_token: token } = await new AnAuthorization(issuer, clientId).whole('grace', 'user/*.rs');
    const count = async () => ((await send('GET', '/oauth/jwks')).body['keys'] as { d?: string }[]).map(({ d }) => d);
    expect(await count()).toEqual([undefined, undefined]);
    expect((await send('POST', '/access/keys/rotate')).status).toBe(204);
    expect(await count()).toEqual(Array.from({ length: 4 }, () => undefined)); // without a private part
    expect((await issuer.post('/oauth/introspect', { token, client_id: clientId }))['active']).toBe(true);
    expect((await new AnAuthorization(issuer, clientId).whole('grace', 'user/*.rs')).status).toBe(200);
  });
});

describe('Apps find the issuer', () => {
  it('by .well-known/smart-configuration, whose endpoints are there', async () => {
    for (const place of ['/fhir/.well-known/smart-configuration', '/.well-known/smart-configuration']) {
      const answer = await wetread.fetch(place, { headers: { origin: 'https://app.example', accept: 'application/json' } });
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      const told = (await answer.json()) as Record<string, string>;
      expect(told).toMatchObject({
        issuer: `${wetread.url}/oauth`,
        code_challenge_methods_supported: ['S256'],
        grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
        scopes_supported: expect.not.arrayContaining(['launch/encounter']), // only where an EHR's launch named a visit
        capabilities: expect.arrayContaining(['launch-ehr', 'launch-standalone', 'permission-v2', 'smart-imaging-access']),
      });
      expect((await fetch(told['jwks_uri'])).status).toBe(200);
      for (const endpoint of ['token_endpoint', 'introspection_endpoint', 'revocation_endpoint'])
        expect((await fetch(told[endpoint], { method: 'POST', body: new URLSearchParams() })).status).toBe(400);
      expect((await fetch(told['authorization_endpoint'])).status).toBe(400);
    }
  });

  it('by the discovery of OpenID Connect and of OAuth, which say the same', async () => {
    for (const place of [
      '/oauth/.well-known/openid-configuration',
      '/.well-known/openid-configuration',
      '/.well-known/oauth-authorization-server',
      '/.well-known/oauth-authorization-server/oauth',
    ])
      expect((await send('GET', place)).body).toMatchObject({
        issuer: `${wetread.url}/oauth`,
        authorization_endpoint: `${wetread.url}/oauth/authorize`,
        token_endpoint: `${wetread.url}/oauth/token`,
        jwks_uri: `${wetread.url}/oauth/jwks`,
        response_types_supported: ['code'],
        code_challenge_methods_supported: ['S256'],
        scopes_supported: expect.not.arrayContaining(['launch/encounter']),
      });
  });

  it('and a page of a registered app may fetch tokens, no other page', async () => {
    const { clientId } = await issuer.app();
    const asked = async (origin: string) => {
      const answer = await wetread.fetch('/oauth/token', {
        method: 'POST',
        headers: { origin },
        body: new URLSearchParams({ grant_type: 'authorization_code', client_id: clientId, code: 'x', redirect_uri: CALLBACK }),
      });
      return answer.headers.get('access-control-allow-origin');
    };
    expect(await asked(new URL(CALLBACK).origin)).toBe(new URL(CALLBACK).origin);
    expect(await asked('https://evil.example')).toBeNull();
  });

  it('without a token, and nothing of the administration', () => {
    for (const open of [
      '/oauth/token',
      '/oauth/authorize?x=1',
      '/oauth/interaction/abc',
      '/fhir/.well-known/smart-configuration',
      '/oauth/first-admin',
    ])
      expect(isOpenPath(open, 'GET')).toBe(true);
    for (const closed of [
      '/oauth/launch',
      '/access/accounts',
      '/access/clients/x',
      '/fhir/Patient',
      '/oauth/token/../../fhir/Patient',
      '/oauth',
    ])
      expect(isOpenPath(closed, 'GET')).toBe(false);
  });
});

describe('An app that registers itself (RFC 7591)', () => {
  const METADATA = {
    client_name: 'New',
    redirect_uris: [CALLBACK],
    token_endpoint_auth_method: 'none',
    scope: 'openid user/Patient.rs system/*.rs',
  };

  it('can’t, unless that is switched on', async () => {
    expect((await send('POST', '/oauth/register', METADATA)).status).toBe(404);
    expect((await send('GET', '/.well-known/smart-configuration')).body).not.toHaveProperty('registration_endpoint');
  });

  it('gets what people may be asked for, and nothing to act by itself with', async () => {
    const open = await Wetread.start({ OAUTH_REGISTRATION: '1' });
    try {
      const post = async (body: object): Promise<Record<string, unknown>> => {
        const headers = { 'content-type': 'application/json' };
        const answer = await open.fetch('/oauth/register', { method: 'POST', headers, body: JSON.stringify(body) });
        return { status: answer.status, ...((await answer.json()) as object) };
      };
      const made = await post(METADATA);
      expect(made).toMatchObject({ status: 201, scope: 'openid user/Patient.rs', grant_types: ['authorization_code'] });
      const theirs = new AnIssuer(open);
      await theirs.account('ada');
      const answer = await new AnAuthorization(theirs, String(made['client_id'])).whole('ada', 'openid user/Patient.rs');
      expect(answer).toMatchObject({ status: 200, scope: 'openid user/Patient.rs' });
      await theirs.close();
      const secret = await post({ ...METADATA, token_endpoint_auth_method: undefined });
      expect([typeof secret['client_secret'], secret['client_secret_expires_at']]).toEqual(['string', 0]);
      expect(await post({ ...METADATA, redirect_uris: ['http://evil.example/'] })).toMatchObject({
        status: 400,
        error: 'invalid_redirect_uri',
      });
      for (const unfit of [
        { grant_types: ['client_credentials'] },
        { scope: 'system/*.rs' },
        { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'http://127.0.0.1:1/' },
      ])
        expect(await post({ ...METADATA, ...unfit })).toMatchObject({ status: 400, error: 'invalid_client_metadata' });
    } finally {
      await open.remove();
    }
  });
});

describe('Behind a proxy', () => {
  it('the issuer is at the address that clients know, whatever a request says', async () => {
    const base = 'https://wetread.example/reading';
    const proxied = await Wetread.start({ AUTH: 'on', PUBLIC_URL: base });
    try {
      const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http', host: 'wetread.example' };
      const told = (await (await proxied.fetch('/oauth/.well-known/openid-configuration', { headers })).json()) as Record<string, string>;
      expect(told).toMatchObject({ issuer: `${base}/oauth`, token_endpoint: `${base}/oauth/token` });
      const behind = new AnIssuer(proxied);
      const { clientId } = await behind.app();
      await behind.close();
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        redirect_uri: CALLBACK,
        scope: 'openid',
        aud: `${base}/fhir`,
        code_challenge: 'x'.repeat(43),
        code_challenge_method: 'S256',
      });
      const answer = await proxied.fetch(`/oauth/authorize?${query.toString()}`, { headers, redirect: 'manual' });
      expect(answer.headers.get('location')).toMatch(new RegExp(`^${base}/oauth/interaction/`));
      const cookies = answer.headers.getSetCookie();
      expect(cookies.some((cookie) => cookie.includes('path=/reading/oauth/interaction/'))).toBe(true);
      for (const cookie of cookies) expect(cookie.toLowerCase()).toMatch(/httponly/);
      for (const cookie of cookies) expect(cookie.toLowerCase()).toMatch(/; secure/);
    } finally {
      await proxied.remove();
    }
  });
});
