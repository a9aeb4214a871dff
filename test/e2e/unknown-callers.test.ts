import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditEvent, Bundle } from 'fhir/r4.js';
import { TokenMaker } from './tokens.js';
import { eventually, Wetread } from './wetread.js';

const PROXY = { AUTH: 'on', TLS_PROXY: '1', PUBLIC_URL: 'https://reads.example', OAUTH_REQUESTS_A_MINUTE: '30' };

let wetread: Wetread;
let authorization: string;
beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  authorization = await tokenOf(wetread);
});
afterAll(() => wetread.remove());

const tokenOf = async (server: Wetread): Promise<string> =>
  `Bearer ${await (await TokenMaker.of(server)).token({ roles: ['regulatory'], scope: 'user/AuditEvent.rs', claims: { iss: `${server.settings['PUBLIC_URL'] ?? server.url}/oauth`, aud: `${server.settings['PUBLIC_URL'] ?? server.url}/fhir` } })}`;

/** The logins on record, as an auditor finds them. */
async function loginsOf(server: Wetread, bearer: string, atLeast: number): Promise<AuditEvent[]> {
  return eventually(async () => {
    const answer = await server.fetch('/fhir/AuditEvent?type=http://dicom.nema.org/resources/ontology/DCM|110114&_count=200', {
      headers: { authorization: bearer },
    });
    const { entry = [] } = (await answer.json()) as Bundle<AuditEvent>;
    const events = entry.flatMap(({ resource }) => resource ?? []);
    return events.length >= atLeast ? events : undefined;
  }, 'record of who was refused');
}

/** Kind, place and what was told of each in the ledger, the first first. */
const onRecord = (server: Wetread): Promise<{ changes: { code: string; count?: number }; network: string; door: string | null }[]> =>
  server.sql(
    `SELECT event::jsonb -> 'changes' AS changes, event::jsonb #>> '{who,network}' AS network, event::jsonb ->> 'door' AS door
       FROM ledger_record WHERE event::jsonb ->> 'action' = 'user.not-authenticated' ORDER BY id`,
  );

describe('Who is not made out', () => {
  it('is on record with where from, and neither the token nor what was asked for', async () => {
    const forged = await (await TokenMaker.of(wetread)).token({ claims: { aud: 'https://elsewhere.example' } });
    const id = '3b7a1a52-43d5-4b7f-9d22-0f6b2f3c7c11';
    const headers = { authorization: `Bearer ${forged}`, 'x-request-id': id };
    expect((await wetread.fetch(`/fhir/Patient?name=Quixote&access_token=${forged}`, { headers })).status).toBe(401);
    const [event] = await loginsOf(wetread, authorization, 1);
    expect(event).toMatchObject({
      type: { code: '110114' },
      subtype: [{ code: '110122' }],
      outcome: '4',
      agent: expect.arrayContaining([expect.objectContaining({ network: { address: expect.stringContaining('127.0.0.1'), type: '2' } })]),
    });
    expect(JSON.stringify(event)).toContain(id);
    expect(JSON.stringify(event)).not.toMatch(/Quixote/);
    const [row] = await wetread.sql<{ all: string }>(
      `SELECT row_to_json(r)::text || coalesce(encode(sealed, 'escape'), '') AS all FROM ledger_record r WHERE event LIKE '%user.not-authenticated%'`,
    );
    expect(row.all).not.toMatch(/Quixote/);
    expect(row.all).not.toContain(forged.slice(-40));
  });

  it('fills no ledger: of many from one place some are told one by one, the rest as a number', async () => {
    for (let i = 0; i < 60; i++) expect((await wetread.fetch(i % 2 === 0 ? '/dicom-web/studies' : '/metrics')).status).toBe(401);
    await wetread.stop();
    const all = await onRecord(wetread);
    const told = all.reduce((sum, { changes: { count = 1 } }) => sum + count, 0);
    expect([told, all.length]).toEqual([61, 21]);
    await wetread.launch();
  });
});

describe('Behind a declared proxy', () => {
  let behind: Wetread;
  beforeAll(async () => {
    behind = await Wetread.start(PROXY);
  });
  afterAll(() => behind.remove());

  it('a network address is the last that the proxy has seen, and not what a client makes up', async () => {
    const host = { host: 'reads.example' };
    await behind.fetch('/fhir/Patient', { headers: { ...host, 'x-forwarded-for': '203.0.113.66, 198.51.100.7' } });
    await behind.fetch('/fhir/Patient', { headers: host });
    await eventually(async () => ((await onRecord(behind)).length === 2 ? true : undefined), 'record of both');
    expect((await onRecord(behind)).map(({ network }) => network)).toEqual(['198.51.100.7', expect.stringContaining('127.0.0.1')]);
  });

  it('the issuer is asked so often a minute from one address, and others are not kept from it', async () => {
    const ask = (from: string, path = '/oauth/token') =>
      behind.fetch(path, { method: path === '/oauth/token' ? 'POST' : 'GET', headers: { 'x-forwarded-for': from } });
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask('192.0.2.1')));
    const late = answers.filter(({ status }) => status === 429);
    expect(late).toHaveLength(10);
    expect(Number(late[0].headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await late[0].json()).toMatchObject({ code: 'too-many-requests', status: 429 });
    expect((await ask('192.0.2.1', '/oauth/jwks')).status).toBe(200);
    expect((await ask('192.0.2.2')).status).not.toBe(429);
  });
});

it('Without a declared proxy nobody says by a header where they come from', async () => {
  await wetread.fetch('/graphql?query={__typename}', { headers: { 'x-forwarded-for': '203.0.113.66' } });
  await eventually(async () => ((await onRecord(wetread)).some(({ door }) => door === 'graphql') ? true : undefined), 'record of it');
  expect((await onRecord(wetread)).filter(({ network }) => !network.includes('127.0.0.1'))).toEqual([]);
});
