import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Patient } from 'fhir/r4.js';
import { SCHEMA } from '../../src/schema.js';
import { eventually, newDatabase, Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';

describe('Two servers that start at the same moment on one empty database', () => {
  let servers: Wetread[] = [];
  beforeAll(async () => {
    const DATABASE_URL = await newDatabase();
    servers = await Promise.all([Wetread.start({ DATABASE_URL }), Wetread.start({ DATABASE_URL })]);
  });
  afterAll(() => Promise.all(servers.map((server) => server.remove())));

  const send = (server: Wetread, method: string, path: string, body: object): Promise<Response> =>
    server.fetch(path, { method, headers: { 'content-type': FHIR_JSON }, body: JSON.stringify(body) });

  it('both serve, and the schema was made once', async () => {
    for (const server of servers) expect((await server.fetch('/health/ready')).status).toBe(200);
    const [{ made, different }] = await servers[0].sql<{ made: number; different: number }>(
      'SELECT count(*)::int AS made, count(DISTINCT name)::int AS different FROM migration',
    );
    expect([made, different]).toEqual([SCHEMA.migrations.length, SCHEMA.migrations.length]);
    for (const server of servers) expect(server.log.join('')).not.toMatch(/"fault":"internal"|"event":"request.failed"/);
  });

  it('each gives what the other was given', async () => {
    for (const [i, server] of servers.entries()) {
      expect((await send(server, 'PUT', `/fhir/Patient/by-${i}`, { resourceType: 'Patient', id: `by-${i}`, active: true })).status).toBe(
        201,
      );
      expect(await servers[1 - i].json<Patient>(`/fhir/Patient/by-${i}`, FHIR_JSON)).toMatchObject({ id: `by-${i}`, active: true });
    }
  });

  it('what both are given at the same moment is kept, each once, and of one id the versions follow each other', async () => {
    const creations = servers.flatMap((server) =>
      Array.from({ length: 20 }, () =>
        send(server, 'POST', '/fhir/Observation', { resourceType: 'Observation', status: 'final', code: { text: 'x' } }),
      ),
    );
    const updates = servers.flatMap((server, i) =>
      Array.from({ length: 5 }, (_, n) =>
        send(server, 'PUT', '/fhir/Patient/of-both', { resourceType: 'Patient', id: 'of-both', birthDate: `19${i}0-01-0${n + 1}` }),
      ),
    );
    const [made, changed] = [await Promise.all(creations), await Promise.all(updates)];
    expect(made.map(({ status }) => status)).toEqual(creations.map(() => 201));
    expect(new Set(made.map(({ headers }) => headers.get('location'))).size).toBe(creations.length);
    expect(changed.filter(({ status }) => status === 201)).toHaveLength(1);
    const versions = changed.map(({ headers }) => Number(/\d+/.exec(headers.get('etag') ?? '')?.[0]));
    expect(versions.sort((a, b) => a - b)).toEqual(updates.map((_, i) => i + 1));
  });

  it('and their records are one chain, in which each has its place', async () => {
    const ends = () =>
      servers[0].sql<{ records: number; links: number; last: number }>(
        `SELECT (SELECT count(*)::int FROM ledger_record) AS records, count(*)::int AS links, max(seq)::int AS last FROM ledger_link`,
      );
    const whole = async () => (await ends()).find(({ records, links }) => links === records);
    const { links, last } = await eventually(whole, 'end of the chain');
    expect([last, links > 50]).toEqual([links, true]);
  });
});
