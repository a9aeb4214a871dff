import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { ABrowser } from './a-browser.js';
import { AnAuthorization, AnIssuer, CALLBACK, claimsOf, WEB_CALLBACK } from './an-issuer.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
let issuer: AnIssuer;
let clientId: string;
beforeAll(async () => {
  wetread = await Wetread.start();
  issuer = new AnIssuer(wetread);
  await issuer.account('ada', ['radiologist'], { fhirUser: 'Practitioner/ada' });
  ({ clientId } = await issuer.app());
}, 120_000);
afterAll(async () => {
  await issuer.close();
  await wetread.remove();
});

describe('An app that a person logs in to (SMART App Launch 2.2)', () => {
  it('gets a token that says who, for whom, what for, and is signed by a published key', async () => {
    const answer = await new AnAuthorization(issuer, clientId).whole('ada', 'openid fhirUser user/Observation.rs?category=imaging');
    expect(answer).toMatchObject({ status: 200, token_type: 'Bearer', expires_in: 3600 });
    expect(answer.scope?.split(' ').sort()).toEqual(['fhirUser', 'openid', 'user/Observation.rs?category=imaging']);
    const keys = createRemoteJWKSet(new URL(`${wetread.url}/oauth/jwks`));
    const { payload, protectedHeader } = await jwtVerify(answer.access_token, keys, {
      issuer: `${wetread.url}/oauth`,
      audience: `${wetread.url}/fhir`,
      typ: 'at+jwt',
    });
    expect(protectedHeader.alg).toBe('ES256');
    expect(payload).toMatchObject({
      client_id: clientId,
      tenant: 1,
      roles: ['radiologist'],
      kind: 'person',
      fhirUser: 'Practitioner/ada',
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
    expect(payload.jti).toBeDefined();
    expect(claimsOf(answer.id_token)).toMatchObject({ sub: payload.sub, aud: clientId, fhirUser: `${wetread.url}/fhir/Practitioner/ada` });
    expect(decodeProtectedHeader(answer.id_token ?? '').alg).toBe('RS256');
  });

  it('gets no code without PKCE by S256, nor tokens with another verifier, nor twice by one code', async () => {
    const authorization = new AnAuthorization(issuer, clientId);
    for (const weak of [{ code_challenge: undefined, code_challenge_method: undefined }, { code_challenge_method: 'plain' }]) {
      const { url } = await authorization.open('openid', weak);
      expect(new URL(url).searchParams.get('error')).toBe('invalid_request');
    }
    const consent = await authorization.logIn(await authorization.open('openid'), 'ada');
    const back = await authorization.allow(consent);
    expect(await authorization.exchange(back, { code_verifier: 'x'.repeat(43) })).toMatchObject({ status: 400, error: 'invalid_grant' });
    const first = await authorization.exchange(back);
    expect(first.status).toBe(200);
    expect(await authorization.exchange(back)).toMatchObject({ status: 400, error: 'invalid_grant' });
    const told = await issuer.post('/oauth/introspect', { token: first.access_token, client_id: clientId });
    expect(told).toMatchObject({ active: false }); // a code that is used twice takes back what the first use gave
  });

  it('is sent nowhere but to an address that it is registered with', async () => {
    const authorization = new AnAuthorization(issuer, clientId);
    for (const elsewhere of [
      'https://evil.example/',
      `${CALLBACK}/more`,
      `${CALLBACK}?x=1`,
      'http://127.0.0.1:10/callback',
      'javascript:alert(1)',
    ]) {
      const shown = await authorization.open('openid', { redirect_uri: elsewhere });
      expect([shown.status, shown.url.startsWith(wetread.url)]).toEqual([400, true]);
    }
  });

  it('is refused by what no parameter can hold', async () => {
    const authorization = new AnAuthorization(issuer, clientId);
    for (const odd of [{ state: '\0' }, { nonce: 'a\0b' }, { launch: '\0', scope: 'openid launch' }])
      expect((await authorization.open('openid', odd)).status).toBe(400);
    expect((await wetread.fetch('/oauth/logout?state=%00')).status).toBe(400);
  });

  it('must mean this server by aud', async () => {
    const authorization = new AnAuthorization(issuer, clientId);
    const errorOf = async (aud: string | undefined) => new URL((await authorization.open('openid', { aud })).url).searchParams.get('error');
    expect(await errorOf('https://evil.example/fhir')).toBe('invalid_target');
    expect(await errorOf(undefined)).toBe('invalid_request');
    // Nor does a resource (RFC 8707) stand for it, which a counterfeit server's own address of this page may bring along.
    const withResource = async (aud: string | undefined) => {
      const { url } = await authorization.open('openid user/*.rs', { aud, resource: `${wetread.url}/fhir` });
      return new URL(url).searchParams.get('error');
    };
    expect([await withResource('https://evil.example/fhir'), await withResource(undefined)]).toEqual(['invalid_target', 'invalid_request']);
    for (const aud of [wetread.url, `${wetread.url}/fhir/`, `${wetread.url}/dicom-web`])
      expect((await authorization.open('openid', { aud })).text).toContain('name="password"');
  });

  it('gets what it asked for, may have and was allowed, and nothing else', async () => {
    const authorization = new AnAuthorization(issuer, clientId);
    const consent = await authorization.logIn(
      await authorization.open('openid user/Patient.rs user/Observation.rs system/*.rs nonsense'),
      'ada',
    );
    expect(consent.text).toContain('Read and search: Patient that you may see yourself');
    expect(consent.text).not.toContain('system/');
    const answer = await authorization.exchange(await authorization.allow(consent, ['openid', 'user/Patient.rs', 'user/*.cruds']));
    expect(answer.scope?.split(' ').sort()).toEqual(['openid', 'user/Patient.rs']);
    expect(claimsOf(answer.access_token)['scope']).toBe(answer.scope);
  });

  it('is its organisation’s, and no other’s', async () => {
    await issuer.stranger('stranger');
    const authorization = new AnAuthorization(issuer, clientId);
    const { url } = await authorization.logIn(await authorization.open('openid'), 'stranger');
    expect(new URL(url).searchParams.get('error')).toBe('access_denied');
  });

  it('gets nothing of other organisations’ people by calling itself first-party, whoever is logged in', async () => {
    const { clientId: theirs } = await issuer.strangersApp({ firstParty: true, redirectUris: [WEB_CALLBACK] });
    const browser = new ABrowser(wetread.url);
    const own = new AnAuthorization(issuer, clientId, browser);
    await own.allow(await own.logIn(await own.open('openid'), 'ada')); // ada has a session from here on
    const errorOf = (url: string) => new URL(url).searchParams.get('error');
    const visit = await new AnAuthorization(issuer, theirs, browser, WEB_CALLBACK).open('user/*.cruds');
    expect(errorOf(visit.url)).toBe('access_denied');
    const silent = await new AnAuthorization(issuer, theirs, browser, WEB_CALLBACK).open('user/*.cruds', { prompt: 'none' });
    expect(errorOf(silent.url)).toBe('consent_required');
    const typed = new AnAuthorization(issuer, theirs, undefined, WEB_CALLBACK);
    expect(errorOf((await typed.logIn(await typed.open('user/*.cruds'), 'ada')).url)).toBe('access_denied');
    const its = new AnAuthorization(issuer, theirs, undefined, WEB_CALLBACK);
    const answer = await its.exchange(await its.logIn(await its.open('user/*.rs'), 'stranger'));
    expect(claimsOf(answer.access_token)).toMatchObject({ tenant: 2 });
  });

  it('gets no token for a code or a refresh token of people whom it is no longer for', async () => {
    const { clientId: moved } = await issuer.app();
    const answer = await new AnAuthorization(issuer, moved).whole('ada', 'user/*.rs offline_access');
    const authorization = new AnAuthorization(issuer, moved);
    const back = await authorization.allow(await authorization.logIn(await authorization.open('user/*.rs'), 'ada'));
    await wetread.sql(`UPDATE oauth_client SET tenant = 2 WHERE client_id = $1`, [moved]);
    expect(await authorization.exchange(back)).toMatchObject({ status: 400, error: 'invalid_grant' });
    const again = { grant_type: 'refresh_token', client_id: moved, refresh_token: answer.refresh_token ?? '' };
    expect(await issuer.token(again)).toMatchObject({ status: 400, error: 'invalid_grant' });
  });

  it('of the installation is everybody’s, and asks people of other organisations', async () => {
    const { clientId: dashboard } = await issuer.app({ firstParty: true, redirectUris: [WEB_CALLBACK], scope: 'openid user/*.rs' });
    const authorization = new AnAuthorization(issuer, dashboard, undefined, WEB_CALLBACK);
    const consent = await authorization.logIn(await authorization.open('openid user/*.rs'), 'stranger');
    expect(consent.text).toContain('Allow access');
    const answer = await authorization.exchange(await authorization.allow(consent));
    expect(claimsOf(answer.access_token)).toMatchObject({ tenant: 2 });
  });

  it('is told that the person refused', async () => {
    const authorization = new AnAuthorization(issuer, clientId);
    const consent = await authorization.logIn(await authorization.open('openid'), 'ada');
    const { searchParams } = new URL((await authorization.browser.submit(consent, { step: 'cancel' })).url);
    expect([searchParams.get('error'), searchParams.get('state')]).toEqual(['access_denied', authorization.state]);
  });
});
