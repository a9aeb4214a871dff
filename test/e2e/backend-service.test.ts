import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { AnIssuer } from './an-issuer.js';
import { aChestXray } from './instances.js';
import { eventually, Wetread } from './wetread.js';

let wetread: Wetread;
let issuer: AnIssuer;
beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  issuer = new AnIssuer(wetread);
});
afterAll(async () => {
  await issuer.close();
  await wetread.remove();
});

/** A backend service that is registered with its key, and how it gets a token (SMART App Launch 2.2, Backend Services). */
async function aService(scope: string): Promise<() => Promise<Record<string, string>>> {
  const { publicKey, privateKey } = await generateKeyPair('ES384', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES384', use: 'sig' }] };
  const { clientId } = await issuer.app({
    grantTypes: ['client_credentials'],
    redirectUris: [],
    scope,
    authMethod: 'private_key_jwt',
    jwks,
  });
  return async () => {
    const exp = Math.floor(Date.now() / 1_000) + 240;
    const claims = { iss: clientId, sub: clientId, aud: `${wetread.url}/oauth/token`, jti: crypto.randomUUID(), exp };
    const { access_token: token } = await issuer.token({
      grant_type: 'client_credentials',
      scope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await new SignJWT(claims).setProtectedHeader({ alg: 'ES384', kid: 'k' }).sign(privateKey),
    });
    return { authorization: `Bearer ${token}` };
  };
}

describe('A backend service with a key of its own', () => {
  it('stores images, and exports in bulk what came of them, by tokens that last five minutes', async () => {
    const headersOf = await aService('system/*.rs system/ImagingStudy.c');
    const headers = await headersOf();
    expect((await wetread.storeAs(headers, aChestXray().bytes)).status).toBe(200);
    await eventually(async () => {
      const { total } = (await (await wetread.fetch('/fhir/DiagnosticReport?_summary=count', { headers })).json()) as { total: number };
      return total === 1 ? true : undefined;
    }, 'the report');
    await new Promise((later) => setTimeout(later, 1_500)); // an export gives what was settled a second ago
    const begun = await wetread.fetch('/fhir/$export?_type=Patient,DiagnosticReport', { headers: { ...headers, prefer: 'respond-async' } });
    expect(begun.status).toBe(202);
    const at = new URL(begun.headers.get('content-location') ?? '').pathname;
    const manifest = await eventually(async () => {
      const answer = await wetread.fetch(at, { headers });
      return answer.status === 200
        ? ((await answer.json()) as { requiresAccessToken: boolean; output: { type: string; url: string; count: number }[] })
        : undefined;
    }, 'the manifest');
    expect(manifest.requiresAccessToken).toBe(true);
    expect(manifest.output.map(({ type, count }) => [type, count]).sort()).toEqual([
      ['DiagnosticReport', 1],
      ['Patient', 1],
    ]);
    for (const { type, url } of manifest.output) {
      const path = new URL(url).pathname;
      expect((await wetread.fetch(path)).status).toBe(401);
      const lines = (await (await wetread.fetch(path, { headers: await headersOf() })).text()).trim().split('\n');
      expect(lines.map((line) => (JSON.parse(line) as { resourceType: string }).resourceType)).toEqual([type]);
    }
  });

  it('exports nothing that its scopes do not open', async () => {
    const headers = { ...(await (await aService('system/Patient.rs'))()), prefer: 'respond-async' };
    expect((await wetread.fetch('/fhir/$export?_type=DiagnosticReport', { headers })).status).toBe(403);
    const begun = await wetread.fetch('/fhir/$export', { headers });
    expect(begun.status).toBe(202);
  });
});
