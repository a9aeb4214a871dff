import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPair, SignJWT } from 'jose';
import { createServer, type AddressInfo } from 'node:net';
import { AnIssuer } from './an-issuer.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
let issuer: AnIssuer;
const visits: string[] = [];
/** Something that listens on this machine and is nobody's business: it notes who came. */
const inner = createServer((socket) => {
  visits.push('somebody came');
  socket.destroy();
});
beforeAll(async () => {
  wetread = await Wetread.start();
  issuer = new AnIssuer(wetread);
  await new Promise<void>((listening) => inner.listen(0, '127.0.0.1', listening));
}, 120_000);
afterAll(async () => {
  inner.close();
  await issuer.close();
  await wetread.remove();
});

const register = (jwksUri: string): Promise<Response> =>
  wetread.fetch('/access/clients', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      clientId: 'prober',
      name: 'A system',
      scope: 'system/*.rs',
      grantTypes: ['client_credentials'],
      authMethod: 'private_key_jwt',
      jwksUri,
    }),
  });

describe('The keys of a client, whose administrator says where they are', () => {
  it('are not on the server’s own machine or network', async () => {
    const { port } = inner.address() as AddressInfo;
    for (const jwksUri of [`http://127.0.0.1:${port}/jwks`, `https://127.0.0.1:${port}/jwks`, 'https://169.254.169.254/latest/meta-data'])
      expect([jwksUri, (await register(jwksUri)).status]).toEqual([jwksUri, 422]);
  });

  it('nor where a name leads there: nothing is asked, and the client has proved nothing', async () => {
    const { port } = inner.address() as AddressInfo;
    expect((await register(`https://localhost:${port}/jwks`)).status).toBe(201);
    const { privateKey } = await generateKeyPair('ES384');
    const exp = Math.floor(Date.now() / 1_000) + 240;
    const claims = { iss: 'prober', sub: 'prober', aud: `${wetread.url}/oauth/token`, jti: crypto.randomUUID(), exp };
    const answer = await issuer.token({
      grant_type: 'client_credentials',
      scope: 'system/*.rs',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await new SignJWT(claims).setProtectedHeader({ alg: 'ES384', kid: 'k' }).sign(privateKey),
    });
    expect(answer).toMatchObject({ status: 401, error: 'invalid_client' });
    expect(visits).toEqual([]);
  });
});
