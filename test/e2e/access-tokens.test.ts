import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair } from 'jose';
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TokenMaker } from './tokens.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
let maker: TokenMaker;
let listener: Server;
let fetched: string[];
beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  maker = await TokenMaker.of(wetread);
  fetched = [];
  listener = createServer((request, reply) => {
    fetched.push(request.url ?? '');
    reply.end('{"keys":[]}');
  }).listen(0, '127.0.0.1');
});
afterAll(async () => {
  listener.close();
  await wetread.remove();
});

/** A door of each wire, and what a caller who may do all gets there. */
const DOORS = [
  ['FHIR', '/fhir/Patient'],
  ['DICOMweb', '/dicom-web/studies'],
  ['UPS-RS', '/dicom-web/workitems'],
  ['WADO-URI', '/wado?requestType=WADO&studyUID=1.2&seriesUID=1.2.3&objectUID=1.2.3.4'],
  ['GraphQL', '/graphql?query=%7Bmodels%7Bname%7D%7D'],
  ['evidence', '/evidence/record-types'],
  ['administration', '/access/accounts'],
  ['metrics', '/metrics'],
] as const;

const get = (path: string, token?: string) =>
  wetread.fetch(path, {
    headers: { 'apollo-require-preflight': '1', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
  });

const attacker = await generateKeyPair('ES256', { extractable: true });
const segment = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('A door', () => {
  it.each(DOORS)('of %s opens to nobody without a token, and says how to come in', async (_wire, path) => {
    const answer = await get(path);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="wetread"');
    expect(await answer.text()).not.toMatch(/stack|node_modules|SELECT/);
  });

  it.each(DOORS)('of %s opens to whom the issuer gave a token', async (_wire, path) => {
    const answer = await get(path, await maker.token({ roles: ['radiologist', 'administrator', 'regulatory'] }));
    expect([200, 204, 404]).toContain(answer.status); // there is no such object yet
  });

  it.each(['/health', '/health/live', '/fhir/metadata', '/fhir/.well-known/smart-configuration', '/signing-keys', '/docs/openapi.json'])(
    'is not before %s, which is nobody’s data',
    async (path) => {
      expect((await get(path)).status).toBe(200);
    },
  );

  it.each(['/fhir/.well-known/smart-configuration', '/fhir/metadata'])('is before %s for whoever would change it', async (path) => {
    const answer = await wetread.fetch(path, { method: 'DELETE' });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="wetread"']);
    const headers = await maker.headers({ roles: ['system'], kind: 'system', scope: 'system/*.cruds' });
    expect([403, 404, 405]).toContain((await wetread.fetch(path, { method: 'DELETE', headers })).status);
  });

  it('of an address that does not exist is as shut', async () => {
    expect((await get('/no/such/address')).status).toBe(401);
  });

  it('says in FHIR’s words that it is shut', async () => {
    expect(await (await get('/fhir/Patient')).json()).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'login' }] });
  });
});

/** Forged, stale and misplaced tokens, each with what makes it so. */
const ATTACKS: readonly (readonly [what: string, make: () => Promise<string> | string])[] = [
  ['garbage', () => 'garbage'],
  ['three empty parts', () => '..'],
  ['one of 12,000 letters', () => `${'a'.repeat(12_000)}.b.c`],
  ['no signature (alg none)', async () => `${segment({ alg: 'none', typ: 'at+jwt' })}.${(await maker.token()).split('.')[1]}.`],
  [
    'no signature, in other letters (alg NoNe)',
    async () => `${segment({ alg: 'NoNe', typ: 'at+jwt', kid: maker.jwk.kid })}.${(await maker.token()).split('.')[1]}.`,
  ],
  [
    'a MAC made with the public key (HS256)',
    async () => {
      const { d: _secret, ...open } = maker.jwk;
      const pem = createPublicKey({ key: open as JsonWebKey, format: 'jwk' }).export({ type: 'spki', format: 'pem' }) as string;
      return maker.token({ header: { alg: 'HS256' }, key: new TextEncoder().encode(pem) });
    },
  ],
  ['another’s signature under a known kid', () => maker.token({ key: attacker.privateKey })],
  ['an unknown kid', () => maker.token({ header: { kid: 'another' }, key: attacker.privateKey })],
  ['a kid that is a path', () => maker.token({ header: { kid: '../../../../dev/null' }, key: attacker.privateKey })],
  ['a kid that is SQL', () => maker.token({ header: { kid: `' OR 1=1 --` }, key: attacker.privateKey })],
  [
    'a key of its own in the header (jwk)',
    async () => maker.token({ header: { kid: undefined, jwk: await exportJWK(attacker.publicKey) }, key: attacker.privateKey }),
  ],
  ['an address of keys (jku)', () => maker.token({ header: { kid: 'x', jku: addressOf('/jku') }, key: attacker.privateKey })],
  ['an address of certificates (x5u)', () => maker.token({ header: { kid: 'x', x5u: addressOf('/x5u') }, key: attacker.privateKey })],
  [
    'a header that asks to be understood (crit)',
    async () => {
      const [header, ...rest] = (await maker.token()).split('.');
      const said = JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as object;
      return [segment({ ...said, crit: ['urn:x'], 'urn:x': 1 }), ...rest].join('.');
    },
  ],
  ['more scopes than were signed', async () => tampered(await maker.token({ scope: 'user/Patient.rs' }), { scope: 'user/*.cruds' })],
  ['another tenant than was signed', async () => tampered(await maker.token(), { tenant: 2 })],
  ['an expiry that is over', () => maker.token({ claims: { exp: now() - 120 } })],
  ['no expiry', () => maker.token({ claims: { exp: undefined } })],
  ['a beginning that is to come', () => maker.token({ claims: { nbf: now() + 120 } })],
  ['another issuer', () => maker.token({ claims: { iss: 'https://elsewhere.example/oauth' } })],
  ['another audience', () => maker.token({ claims: { aud: 'https://elsewhere.example/fhir' } })],
  ['no audience', () => maker.token({ claims: { aud: undefined } })],
  ['the form of an ID token', () => maker.token({ header: { typ: 'JWT' } })],
  ['no tenant that could be', () => maker.token({ claims: { tenant: 'default; DROP TABLE study' } })],
];

describe('A token', () => {
  it.each(ATTACKS)('with %s is refused at every door, and nothing is fetched for it', async (_what, make) => {
    const token = await make();
    for (const [wire, path] of DOORS) {
      const answer = await get(path, token);
      expect([wire, answer.status]).toEqual([wire, 401]);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="wetread", error="invalid_token"/);
    }
    expect(fetched).toEqual([]);
  });

  it('is good five seconds after its end, for clocks that differ, and not two minutes', async () => {
    expect((await get('/fhir/Patient', await maker.token({ claims: { exp: now() - 2 } }))).status).toBe(200);
    expect((await get('/fhir/Patient', await maker.token({ claims: { nbf: now() + 3 } }))).status).toBe(200);
  });

  it('that was good is refused when its time is over', async () => {
    const token = await maker.token({ claims: { exp: now() - 3 } });
    expect((await get('/fhir/Patient', token)).status).toBe(200);
    await new Promise((later) => setTimeout(later, 3_500));
    expect((await get('/fhir/Patient', token)).status).toBe(401);
  });

  it('that was taken back is refused within seconds', async () => {
    const jti = 'taken-back';
    const token = await maker.token({ claims: { jti } });
    expect((await get('/fhir/Patient', token)).status).toBe(200);
    await wetread.sql(`INSERT INTO revoked_token (mark, expires) VALUES ($1, now() + interval '1 h')`, [jti]);
    await new Promise((later) => setTimeout(later, 2_500));
    expect((await get('/fhir/Patient', token)).status).toBe(401);
  });

  it.each(['access_token', 'token', 'authorization'])('in the address (%s) opens nothing', async (name) => {
    for (const [, path] of DOORS) {
      const answer = await get(`${path}${path.includes('?') ? '&' : '?'}${name}=${await maker.token()}`);
      expect(answer.status).toBe(401);
    }
  });

  it('in a form or a cookie opens nothing', async () => {
    const token = await maker.token();
    const form = { method: 'POST', body: new URLSearchParams({ access_token: token }) };
    expect((await wetread.fetch('/fhir/Patient/_search', form)).status).toBe(401);
    expect((await wetread.fetch('/fhir/Patient', { headers: { cookie: `access_token=${token}` } })).status).toBe(401);
    expect(
      (await wetread.fetch('/fhir/Patient', { headers: { authorization: `Basic ${Buffer.from(`x:${token}`).toString('base64')}` } }))
        .status,
    ).toBe(401);
  });

  it('never appears in the log, nor does what it was refused for', async () => {
    const token = await maker.token();
    await get('/fhir/Patient', token);
    expect(wetread.log.join('')).not.toContain(token.split('.')[1]);
  });
});

const now = (): number => Math.floor(Date.now() / 1_000);
const addressOf = (path: string): string => `http://127.0.0.1:${(listener.address() as AddressInfo).port}${path}`;

function tampered(token: string, claims: Readonly<Record<string, unknown>>): string {
  const [header, payload, signature] = token.split('.');
  const said = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>;
  return [header, segment({ ...said, ...claims }), signature].join('.');
}
