import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { TokenMaker } from './tokens.js';
import { Wetread } from './wetread.js';

/** What stands before the router looks at an address as the router does, however it is written. */
let wetread: Wetread;
let nobody: Record<string, string>;
beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on', OAUTH_REQUESTS_A_MINUTE: '40' });
  nobody = await (await TokenMaker.of(wetread)).headers({ roles: ['model-admin'], scope: 'openid' });
});
afterAll(() => wetread.remove());

/** Status and X-Request-Id of a target that is sent as it is. */
const ask = (method: string, target: string, headers: Record<string, string> = nobody, body?: string): Promise<[number, string]> =>
  new Promise((done, fail) => {
    const { hostname, port } = new URL(wetread.url);
    const asked = request({ hostname, port, method, path: target, headers }, (answer) => {
      answer.resume().once('end', () => done([answer.statusCode ?? 0, String(answer.headers['x-request-id'] ?? '')]));
    });
    asked.once('error', fail).end(body);
  });
const recordsOf = async (id: string): Promise<{ network: string }[]> =>
  wetread.sql(`SELECT event::json -> 'who' ->> 'network' AS network FROM ledger_record WHERE event LIKE '%' || $1 || '%'`, [id]);

/** The forms of an address that lead to the same place (RFC 3986 6.2.2.2, RFC 9112 3.2.2). */
const FORMS: readonly (readonly [string, (path: string) => string])[] = [
  ['plain', (path) => path],
  ['with its first letter encoded', (path) => `/%${path.charCodeAt(1).toString(16)}${path.slice(2)}`],
  [
    'with another letter encoded, in capitals',
    (path) => `${path.slice(0, 3)}%${path.charCodeAt(3).toString(16).toUpperCase()}${path.slice(4)}`,
  ],
  ['in absolute form', (path) => wetread.url + path],
];

describe.each(FORMS)('An address %s', (_name, form) => {
  it.each([
    ['GET', '/fhir/Patient/of-nobody'],
    ['GET', '/fhir/AuditEvent'],
    ['GET', '/dicom-web/studies/1.2.3'],
    ['GET', '/access/accounts'],
    ['GET', '/metrics'],
  ])('leaves the refusal on record, with who asked: %s %s', async (method, path) => {
    const [status, id] = await ask(method, form(path));
    expect([403, 404]).toContain(status);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await recordsOf(id)).toEqual([{ network: expect.stringContaining('127.0.0.1') }]);
  });

  it('has its body looked at as the plain one has', async () => {
    const all = await (await TokenMaker.of(wetread)).headers({ kind: 'system', roles: ['system'], scope: 'system/*.cruds' });
    const patient = '{"resourceType":"Patient"}';
    for (const [type, status] of [
      ['application/fhir+json', 201],
      ['application/fhir+json; fhirVersion=5.0', 415],
      ['text/plain', 415],
    ] as const)
      expect([type, (await ask('POST', form('/fhir/Patient'), { ...all, 'content-type': type }, patient))[0]]).toEqual([type, status]);
  });
});

it('The issuer is asked so often a minute, however its address is written', async () => {
  const statuses = new Set<number>();
  for (let i = 0; i < 60; i++) statuses.add((await ask('POST', '/%6Fauth/token'))[0]);
  expect(statuses).toContain(429);
});
