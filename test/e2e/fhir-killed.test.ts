import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Bundle, BundleEntry, FhirResource } from 'fhir/r4.js';
import { eventually, Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
const CHECK = fileURLToPath(new URL('../../src/ledger/commands/verify.js', import.meta.url));
const CLIENTS = 4;
const OBSERVATIONS = 20;
/** When the server is killed, after the clients began. */
const MOMENTS_MS = [40, 130, 260, 450, 700];
const PATIENT = 'urn:uuid:00000000-0000-4000-8000-000000000001';

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());

const count = async (text: string): Promise<number> => (await wetread.sql<{ count: number }>(`SELECT count(*)::int FROM ${text}`))[0].count;
const post = (bundle: Bundle): Promise<Response> =>
  wetread.fetch('/fhir', { method: 'POST', headers: { 'content-type': FHIR_JSON }, body: JSON.stringify(bundle) });

/** A patient with observations, all new, and the client's device in its next version. */
function aBundle(client: number, key: string): Bundle {
  const identifier = [{ value: key }];
  const make = (resource: FhirResource, fullUrl?: string): BundleEntry => ({
    ...(fullUrl !== undefined && { fullUrl }),
    resource,
    request: { method: 'POST', url: resource.resourceType },
  });
  const observation: FhirResource = {
    resourceType: 'Observation',
    identifier,
    status: 'final',
    code: { text: 'x' },
    subject: { reference: PATIENT },
  };
  const device = { resourceType: 'Device', id: `client-${client}`, identifier } as const;
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      make({ resourceType: 'Patient', identifier }, PATIENT),
      ...Array.from({ length: OBSERVATIONS }, () => make(observation)),
      { resource: device, request: { method: 'PUT', url: `Device/${device.id}` } },
      // While these are answered, all is written and nothing committed.
      ...Array.from({ length: 5 }, (): BundleEntry => ({ request: { method: 'GET', url: `Observation?identifier=${key}` } })),
    ],
  };
}

describe('A server that is killed while transactions come', () => {
  const acknowledged: string[] = [];
  const broken: string[] = [];

  /** Sends one after the other until the server is gone. */
  async function send(client: number, round: number): Promise<void> {
    for (let i = 0; ; i++) {
      const key = `${client}-${round}-${i}`;
      const status = await post(aBundle(client, key)).then(
        async (answer) => (await answer.text(), answer.status),
        () => undefined,
      );
      if (status !== undefined) expect([key, status]).toEqual([key, 200]);
      (status === undefined ? broken : acknowledged).push(key);
      if (status === undefined) return;
    }
  }

  const total = async (search: string): Promise<number | undefined> => (await wetread.json<Bundle>(`/fhir/${search}`, FHIR_JSON)).total;

  /** How many of a Bundle's resources a client finds. */
  async function foundOf(key: string): Promise<(number | undefined)[]> {
    return Promise.all([
      total(`Patient?identifier=${key}&_summary=count`),
      total(`Observation?identifier=${key}&patient.identifier=${key}&_summary=count`),
    ]);
  }

  beforeAll(async () => {
    for (const [round, moment] of MOMENTS_MS.entries()) {
      const clients = Array.from({ length: CLIENTS }, (_, client) => send(client, round));
      await sleep(moment);
      await wetread.kill();
      await Promise.all(clients);
      await wetread.launch();
    }
  });

  it('has all of each that it acknowledged, and of each other all or nothing', async () => {
    expect([acknowledged.length > CLIENTS, broken.length]).toEqual([true, CLIENTS * MOMENTS_MS.length]);
    for (const key of acknowledged) expect([key, await foundOf(key)]).toEqual([key, [1, OBSERVATIONS]]);
    for (const key of broken) expect([[0, 0].join(), [1, OBSERVATIONS].join()]).toContain((await foundOf(key)).join());
  });

  it('has a version of what they all changed for each that was done, without a gap', async () => {
    const patients = await wetread.sql<{ key: string }>(
      `SELECT content::jsonb #>> '{identifier,0,value}' AS key FROM resource WHERE type = 'Patient'`,
    );
    for (let client = 0; client < CLIENTS; client++) {
      const { entry = [] } = await wetread.json<Bundle>(`/fhir/Device/client-${client}/_history?_count=1000`, FHIR_JSON);
      expect(entry.map(({ resource }) => Number(resource?.meta?.versionId))).toEqual(entry.map((_, i) => entry.length - i));
      const keys = entry.map(({ resource }) => (resource as unknown as { identifier: { value: string }[] }).identifier[0].value);
      expect(keys.sort()).toEqual(
        patients
          .map(({ key }) => key)
          .filter((key) => key.startsWith(`${client}-`))
          .sort(),
      );
    }
  });

  it('has one record for each version, no other, and the chain is whole', async () => {
    const versions = `SELECT type, id, version FROM resource WHERE NOT owned UNION ALL
                      SELECT v.type, v.id, v.version FROM resource_version v JOIN resource r USING (type, id) WHERE NOT r.owned`;
    const records = `SELECT event::jsonb #>> '{entity,type}', event::jsonb #>> '{entity,id}', (event::jsonb #>> '{entity,version}')::int
                       FROM ledger_record WHERE event::jsonb ->> 'action' IN ('resource.created', 'resource.updated')`;
    expect(await count(`((${versions}) EXCEPT ALL (${records})) AS unrecorded`)).toBe(0);
    expect(await count(`((${records}) EXCEPT ALL (${versions})) AS unwritten`)).toBe(0);
    const child = spawn(process.execPath, [CHECK], {
      env: { PATH: process.env['PATH'], ...wetread.settings },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    expect([await once(child, 'close'), said]).toEqual([[0, null], expect.stringMatching(/whole: [1-9]\d* records/)]);
  });

  it('has nothing in the index but what is there', async () => {
    for (const kind of ['token', 'reference', 'date', 'string', 'quantity'])
      expect([kind, await count(`search_${kind} s WHERE NOT EXISTS (SELECT FROM resource r WHERE r.no = s.resource)`)]).toEqual([kind, 0]);
  });
});

describe('A server that is killed while an export flows', () => {
  const FILES = 3_000;
  const DATA = Buffer.alloc(4_500, 'x').toString('base64'); // more than a connection's buffers hold, all in all

  const begin = async (path: string): Promise<string> =>
    new URL((await wetread.fetch(`/fhir/${path}`, { headers: { prefer: 'respond-async' } })).headers.get('content-location') ?? '')
      .pathname;
  const outputOf = (place: string) =>
    eventually(async () => {
      const answer = await wetread.fetch(place);
      if (answer.status === 202) return undefined;
      expect(answer.status).toBe(200);
      return ((await answer.json()) as { output: { type: string; url: string; count: number }[] }).output;
    }, 'manifest');
  const fetched = async (path: string) => {
    const bytes = Buffer.from(await (await wetread.fetch(path)).arrayBuffer());
    return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  };
  const lyingAbout = (): string[] => readdirSync(wetread.folder, { recursive: true, encoding: 'utf8' }).sort();

  /** Begins to fetch a file, and kills the server when the first bytes are here; answers how many came in all. */
  async function brokenOff(path: string): Promise<number> {
    const [answer] = (await once(request(`${wetread.url}${path}`).end(), 'response')) as [IncomingMessage];
    let bytes = 0;
    await new Promise<void>((over) => {
      answer.on('data', (chunk: Buffer) => {
        if (bytes === 0) {
          answer.pause();
          void wetread.kill().then(() => answer.resume());
        }
        bytes += chunk.length;
      });
      answer.once('error', () => over()).once('end', () => over());
    });
    expect(answer.complete).toBe(false);
    return bytes;
  }

  beforeAll(async () => {
    for (let from = 0; from < FILES; from += 1_000)
      await post({
        resourceType: 'Bundle',
        type: 'transaction',
        entry: Array.from({ length: 1_000 }, (_, i) => ({
          resource: { resourceType: 'Binary', id: `b${from + i}`, contentType: 'image/png', data: DATA },
          request: { method: 'PUT', url: `Binary/b${from + i}` },
        })),
      });
    await sleep(1_100); // an export is of a second ago
  });

  it.each([
    ['all', '$export?_type=Binary'],
    ['what meets a filter', `$export?_type=Binary&_typeFilter=${encodeURIComponent('Binary?_lastUpdated=gt2000-01-01')}`],
  ])('gives %s again, whole and the same', async (_, path) => {
    const place = await begin(path);
    const output = await outputOf(place);
    expect(output.map(({ type, count: lines }) => [type, lines])).toEqual([['Binary', FILES]]);
    const file = new URL(output[0].url).pathname;
    const whole = await fetched(file);
    // What the index has no longer as it was: such rows are put there for a moment.
    await wetread.fetch('/fhir/Binary/b7', { method: 'DELETE' });
    const [folder, jobs] = [lyingAbout(), await count('export_job')];
    const bytes = await brokenOff(file);
    expect([bytes > 0, bytes < whole.bytes]).toEqual([true, true]);
    await wetread.launch();
    expect((await outputOf(place)).map(({ count: lines }) => lines)).toEqual([FILES]);
    expect(await fetched(file)).toEqual(whole);
    expect([lyingAbout(), await count('export_job')]).toEqual([folder, jobs]);
    for (const kind of ['token', 'reference', 'date', 'string', 'quantity'])
      expect([kind, await count(`search_${kind} WHERE resource < 0`)]).toEqual([kind, 0]);
    await wetread.fetch('/fhir/Binary/b7', {
      method: 'PUT',
      headers: { 'content-type': FHIR_JSON },
      body: JSON.stringify({ resourceType: 'Binary', id: 'b7', contentType: 'image/png', data: DATA }),
    });
    await sleep(1_100);
  });
});
