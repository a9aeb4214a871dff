import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AnAuthorization, AnIssuer, claimsOf, type TokenAnswer } from './an-issuer.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
let issuer: AnIssuer;
beforeAll(async () => {
  wetread = await Wetread.start({ CLIENT_KEYS_HOSTS: '127.0.0.1' });
  issuer = new AnIssuer(wetread);
  await issuer.account('ada');
}, 120_000);
afterAll(async () => {
  await issuer.close();
  await wetread.remove();
});

/** A system with a key of its own, and how it asks for tokens (SMART App Launch 2.2, Backend Services). */
async function aSystem(alg: 'ES384' | 'RS384' | 'ES256', jwksUri?: string) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: alg, alg, use: 'sig' }] };
  const { clientId } = await issuer.app({
    grantTypes: ['client_credentials'],
    redirectUris: [],
    scope: 'system/*.rs system/ImagingStudy.c',
    authMethod: 'private_key_jwt',
    ...(jwksUri === undefined ? { jwks } : { jwksUri }),
  });
  const assertion = (more: JWTPayload = {}, header: { alg?: string } = {}): Promise<string> => {
    const now = Math.floor(Date.now() / 1_000);
    const claims = { iss: clientId, sub: clientId, aud: `${wetread.url}/oauth/token`, jti: crypto.randomUUID(), exp: now + 240, ...more };
    return new SignJWT(claims).setProtectedHeader({ alg, kid: alg, ...header }).sign(privateKey);
  };
  const ask = (client_assertion: string, scope = 'system/Observation.rs'): Promise<TokenAnswer> =>
    issuer.token({
      grant_type: 'client_credentials',
      scope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion,
    });
  return { clientId, assertion, ask, jwks };
}

describe('A system that asks for tokens by itself (SMART Backend Services)', () => {
  it.each(['ES384', 'RS384', 'ES256'] as const)('proves who it is by %s', async (alg) => {
    const system = await aSystem(alg);
    const answer = await system.ask(await system.assertion(), 'system/Observation.rs?category=imaging system/Patient.cruds user/*.rs');
    expect(answer).toMatchObject({ status: 200, expires_in: 300, scope: 'system/Observation.rs?category=imaging' });
    expect(claimsOf(answer.access_token)).toMatchObject({
      sub: system.clientId,
      client_id: system.clientId,
      kind: 'system',
      roles: ['system'],
      tenant: 1,
      aud: `${wetread.url}/fhir`,
      iss: `${wetread.url}/oauth`,
    });
  });

  it('may name the issuer as the audience, and nobody else', async () => {
    const system = await aSystem('ES256');
    expect((await system.ask(await system.assertion({ aud: `${wetread.url}/oauth` }))).status).toBe(200);
    for (const aud of ['https://evil.example/token', `${wetread.url}/fhir`, undefined])
      expect(await system.ask(await system.assertion({ aud }))).toMatchObject({ status: 401, error: 'invalid_client' });
  });

  it('proves it once by each assertion, also by two at once', async () => {
    const system = await aSystem('ES256');
    const assertion = await system.assertion();
    const answers = await Promise.all(Array.from({ length: 5 }, () => system.ask(assertion)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401]);
  });

  it('is refused by an assertion that has expired, lasts too long, lacks its name or is signed by another', async () => {
    const [system, other] = [await aSystem('ES384'), await aSystem('ES384')];
    const now = Math.floor(Date.now() / 1_000);
    const wrong = [
      await system.assertion({ exp: now - 60 }),
      await system.assertion({ exp: now + 3_600 }),
      await system.assertion({ jti: undefined }),
      await other.assertion({ iss: system.clientId, sub: system.clientId }),
      `${(await system.assertion()).split('.').slice(0, 2).join('.')}.`,
    ];
    for (const assertion of wrong) expect(await system.ask(assertion)).toMatchObject({ status: 401, error: 'invalid_client' });
  });

  it('gets no token without a scope that it may have', async () => {
    const system = await aSystem('ES256');
    expect(await system.ask(await system.assertion(), 'system/Patient.d user/*.rs')).toMatchObject({ status: 400, error: 'invalid_scope' });
  });

  describe('that publishes its keys', () => {
    let server: Server;
    let keys: object;
    beforeAll(async () => {
      server = createServer((_asked, answer) => answer.setHeader('content-type', 'application/json').end(JSON.stringify(keys)));
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    });
    afterAll(() => void server.close());

    it('is known by them', async () => {
      const system = await aSystem('RS384', `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`);
      keys = system.jwks;
      expect((await system.ask(await system.assertion())).status).toBe(200);
    });
  });

  it('may have a secret instead, of which a hash is kept', async () => {
    const { clientId, clientSecret = '' } = await issuer.app({
      grantTypes: ['client_credentials'],
      authMethod: 'client_secret_basic',
      scope: 'system/*.rs',
    });
    const form = { grant_type: 'client_credentials', scope: 'system/*.rs' };
    const basic = (secret: string) => ({ authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` });
    expect((await issuer.token(form, basic(clientSecret))).status).toBe(200);
    expect(await issuer.token(form, basic(`${clientSecret}x`))).toMatchObject({ status: 401, error: 'invalid_client' });
    const [{ secret_sha256: kept }] = await wetread.sql<{ secret_sha256: string }>(
      'SELECT secret_sha256 FROM oauth_client WHERE client_id = $1',
      [clientId],
    );
    expect(await issuer.token(form, basic(kept))).toMatchObject({ status: 401 });
    await issuer.change(clientId, { disabled: true });
    expect(await issuer.token(form, basic(clientSecret))).toMatchObject({ status: 401, error: 'invalid_client' });
  });
});

describe('Refresh tokens', () => {
  const refreshed = (clientId: string, refresh_token: string | undefined) =>
    issuer.token({ grant_type: 'refresh_token', client_id: clientId, refresh_token: refresh_token ?? '' });
  const isActive = async (clientId: string, token: string) =>
    (await issuer.post('/oauth/introspect', { token, client_id: clientId }))['active'];

  it('are given for offline_access alone, and are replaced at each use', async () => {
    const { clientId } = await issuer.app();
    expect((await new AnAuthorization(issuer, clientId).whole('ada', 'openid user/*.rs')).refresh_token).toBeUndefined();
    const first = await new AnAuthorization(issuer, clientId).whole('ada', 'openid user/*.rs offline_access');
    const second = await refreshed(clientId, first.refresh_token);
    expect(second).toMatchObject({ status: 200, scope: first.scope });
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(claimsOf(second.access_token)).toMatchObject({ roles: ['radiologist'], kind: 'person' });
    expect(
      await wetread.sql('SELECT FROM oidc_state WHERE id = $1 OR payload::text LIKE $2', [
        second.refresh_token,
        `%${second.refresh_token}%`,
      ]),
    ).toEqual([]);
  });

  it('that are used twice end all that came of them', async () => {
    const { clientId } = await issuer.app();
    const first = await new AnAuthorization(issuer, clientId).whole('ada', 'openid user/*.rs offline_access');
    const second = await refreshed(clientId, first.refresh_token);
    expect(await isActive(clientId, second.access_token)).toBe(true);
    expect(await refreshed(clientId, first.refresh_token)).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(await refreshed(clientId, second.refresh_token)).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(await isActive(clientId, second.access_token)).toBe(false);
    expect(await isActive(clientId, first.access_token)).toBe(false);
  });

  it('are good once, also for two who use one at once', async () => {
    const { clientId } = await issuer.app();
    const { refresh_token } = await new AnAuthorization(issuer, clientId).whole('ada', 'user/*.rs offline_access');
    const answers = await Promise.all(Array.from({ length: 4 }, () => refreshed(clientId, refresh_token)));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    expect(answers.every(({ status }) => [200, 400].includes(status))).toBe(true);
  });

  it('end with the account', async () => {
    const { clientId } = await issuer.app();
    const leaver = await issuer.account('leaver');
    const tokens = await new AnAuthorization(issuer, clientId).whole('leaver', 'user/*.rs offline_access');
    await issuer.disable(leaver);
    expect(await refreshed(clientId, tokens.refresh_token)).toMatchObject({ status: 400, error: 'invalid_grant' });
    await new Promise((later) => setTimeout(later, 2_100)); // another process than the server's changed it
    expect(await isActive(clientId, tokens.access_token)).toBe(false);
  });
});

describe('Introspection (RFC 7662) and revocation (RFC 7009)', () => {
  it('tell a client what its token says, and nobody else’s', async () => {
    const { clientId } = await issuer.app();
    const { access_token: token } = await new AnAuthorization(issuer, clientId).whole('ada', 'openid user/*.rs');
    const told = await issuer.post('/oauth/introspect', { token, client_id: clientId });
    expect(told).toMatchObject({
      status: 200,
      active: true,
      client_id: clientId,
      scope: 'openid user/*.rs',
      tenant: 1,
      sub: claimsOf(token).sub,
    });
    expect(told['exp']).toBe(claimsOf(token).exp);
    const { clientId: other } = await issuer.app();
    expect(await issuer.post('/oauth/introspect', { token, client_id: other })).toEqual({ status: 200, active: false });
    expect(await issuer.post('/oauth/introspect', { token })).toMatchObject({ status: 400 });
    expect(await issuer.post('/oauth/introspect', { token: `${token.slice(0, -4)}AAAA`, client_id: clientId })).toEqual({
      status: 200,
      active: false,
    });
  });

  it('take a token back for good, for its own client alone', async () => {
    const { clientId } = await issuer.app();
    const tokens = await new AnAuthorization(issuer, clientId).whole('ada', 'openid user/*.rs offline_access');
    const { clientId: other } = await issuer.app();
    expect(await issuer.post('/oauth/revoke', { token: tokens.access_token, client_id: other })).toMatchObject({ status: 400 });
    const active = async () => (await issuer.post('/oauth/introspect', { token: tokens.access_token, client_id: clientId }))['active'];
    expect(await active()).toBe(true);
    expect((await issuer.post('/oauth/revoke', { token: tokens.access_token, client_id: clientId })).status).toBe(200);
    expect(await active()).toBe(false);
    expect((await issuer.post('/oauth/revoke', { token: tokens.refresh_token ?? '', client_id: clientId })).status).toBe(200);
    const again = { grant_type: 'refresh_token', client_id: clientId, refresh_token: tokens.refresh_token ?? '' };
    expect(await issuer.token(again)).toMatchObject({ status: 400, error: 'invalid_grant' });
  });
});
