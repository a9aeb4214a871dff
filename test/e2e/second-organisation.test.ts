import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, DiagnosticReport, ImagingStudy, Subscription } from 'fhir/r4.js';
import { aChestXray, sha256 } from './instances.js';
import { aPhantom, idle } from './phantoms.js';
import { TokenMaker } from './tokens.js';
import { eventually, Wetread } from './wetread.js';

/** An organisation that is not the first is served like it, by the same server at the same time. */
let wetread: Wetread;
let here: Record<string, string>;
let there: Record<string, string>;
let maker: TokenMaker;
const shared = aPhantom();

beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  maker = await TokenMaker.of(wetread);
  here = await maker.headers({ kind: 'system', roles: ['system'], scope: 'system/*.cruds' });
  const administrator = await maker.headers({ roles: ['administrator'] });
  const made = await access('organisations', administrator, { name: 'Elsewhere Hospital' });
  expect([made.status, await made.json()]).toEqual([201, { id: 2, name: 'Elsewhere Hospital', madeAt: expect.any(String) }]);
  there = await maker.headers({ kind: 'system', roles: ['system'], scope: 'system/*.cruds', tenant: 2 });
});
afterAll(() => wetread.remove());

const fhir = async <T>(path: string, headers: Record<string, string>, body?: object): Promise<T> =>
  (await (
    await wetread.fetch(`/fhir/${path}`, {
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
      headers: { ...headers, ...(body && { 'content-type': 'application/fhir+json' }) },
    })
  ).json()) as T;

const modalities = async (headers: Record<string, string>): Promise<string[]> => {
  const answer = await wetread.fetch(`/dicom-web/studies/${shared.studyInstanceUID}/series`, {
    headers: { ...headers, accept: 'application/dicom+json' },
  });
  const series = (await answer.json()) as Record<string, { Value?: string[] }>[];
  return series.flatMap((one) => one['00080060'].Value ?? []).sort();
};

function access(path: string, headers: Record<string, string>, body?: object): Promise<Response> {
  const init = body && { method: 'POST', body: JSON.stringify(body) };
  return wetread.fetch(`/access/${path}`, { ...init, headers: { ...headers, ...(body && { 'content-type': 'application/json' }) } });
}

/** Status and digest of what is given, without what marks off parts. */
async function statusAndSha(path: string, headers: Record<string, string>): Promise<[number, string]> {
  const answer = await wetread.fetch(path, { headers });
  const boundary = /boundary="?([^";]+)/.exec(answer.headers.get('content-type') ?? '')?.[1] ?? '\0';
  const text = Buffer.from(await answer.arrayBuffer()).toString('latin1');
  return [answer.status, sha256(Buffer.from(text.replaceAll(boundary, ''), 'latin1'))];
}

describe('An organisation is made by who administers the server', () => {
  const first = { username: 'chief', name: 'Chief', password: 'a long enough password' };

  it('with its first administrator, who administers it and nothing else', async () => {
    const [server, own] = await Promise.all([1, 2].map((tenant) => maker.headers({ roles: ['administrator'], tenant })));
    const made = await access('organisations/2/accounts', server, first);
    expect([made.status, await made.json()]).toMatchObject([201, { tenant: 2, username: 'chief', roles: ['administrator'] }]);
    expect(await (await access('accounts', own)).json()).toMatchObject({ accounts: [{ username: 'chief' }] });
    expect(await (await access('accounts', server)).json()).toEqual({ accounts: [] });
    for (const [path, body] of [
      ['organisations'],
      ['organisations', { name: 'More' }],
      ['organisations/1/accounts', { ...first, username: 'spy' }],
    ] as const)
      expect([path, (await access(path, own, body)).status]).toEqual([path, 403]);
    expect(
      await wetread.sql(`SELECT event::jsonb ->> 'action' AS action FROM ledger_record WHERE event LIKE '%organisation.created%'`),
    ).toHaveLength(1);
  });

  it('and is entered by nobody else: no reader is made there from here, nor a second administrator; on record', async () => {
    const server = await maker.headers({ roles: ['administrator'] });
    for (const roles of [['radiologist'], ['administrator', 'radiologist'], ['administrator']]) {
      const answer = await access('organisations/2/accounts', server, { ...first, username: 'spy', roles });
      expect([answer.status, await answer.json()]).toEqual([403, expect.objectContaining({ code: 'organisation-administered' })]);
    }
    expect(await wetread.sql(`SELECT 1 FROM account WHERE username = 'spy'`)).toEqual([]);
    expect(
      await wetread.sql(
        `SELECT 1 FROM ledger_record WHERE event::jsonb ->> 'action' = 'access.refused' AND event::jsonb #>> '{entity,type}' = 'Organisation'
           AND event::jsonb #>> '{who,tenant}' = '1'`,
      ),
    ).toHaveLength(3);
  });

  it('and has at once what every organisation has: the definitions that its resources are made by', async () => {
    const count = async (headers: Record<string, string>) => (await fhir<Bundle>('StructureDefinition?_summary=count', headers)).total;
    expect(await count(there)).toBeGreaterThan(0);
    expect(await count(there)).toBe(await count(here));
  });

  it('and is refused by what is wrong with it', async () => {
    const server = await maker.headers({ roles: ['administrator'] });
    expect((await access('organisations', server, { name: 'A third' })).status).toBe(201);
    for (const [path, body, status, code] of [
      ['organisations', { name: 'Elsewhere Hospital' }, 409, 'organisation-name-taken'],
      ['organisations', { name: ' ' }, 422, 'unfit-property'],
      ['organisations/99/accounts', first, 404, 'organisation-absent'],
      ['organisations/x/accounts', first, 404, 'organisation-absent'],
      ['organisations/3/accounts', { ...first, username: 'chief' }, 409, 'username-taken'],
    ] as const) {
      const answer = await access(path, server, body);
      expect([path, answer.status, await answer.json()]).toEqual([path, status, expect.objectContaining({ code })]);
    }
  });
});

describe('Another organisation', () => {
  it('has its Subscriptions made active, and is told by them', async () => {
    const made = await fhir<Subscription>('Subscription', there, {
      resourceType: 'Subscription',
      status: 'requested',
      reason: 'reports',
      criteria: 'urn:wetread:topic:report-issued',
      channel: { type: 'websocket', payload: 'application/fhir+json' },
    });
    const active = await eventually(async () => {
      const now = await fhir<Subscription>(`Subscription/${made.id}`, there);
      return now.status === 'requested' ? undefined : now;
    }, 'verdict on the Subscription');
    expect(active.status).toBe('active');
  });

  it('has its studies read, reported and given as SR and attention map, though the first has the same study', async () => {
    for (const headers of [here, there]) expect((await wetread.storeAs(headers, shared.bytes)).stored).toHaveLength(1);
    expect(await idle(wetread)).toEqual([]);
    for (const headers of [here, there]) {
      const { entry = [] } = await fhir<Bundle<DiagnosticReport>>('DiagnosticReport', headers);
      expect(entry.map(({ resource }) => resource?.status)).toEqual(['preliminary']);
      expect(await modalities(headers)).toEqual(await modalities(here));
    }
    expect(await modalities(there)).toEqual(expect.arrayContaining(['DX', 'SR']));
    expect((await modalities(there)).length).toBeGreaterThan(2);
  });

  it('may have another study by the same UID: each is given its own, by every way', async () => {
    const ours = aChestXray({ PatientID: 'HERE' });
    const { studyInstanceUID: StudyInstanceUID, seriesInstanceUID: SeriesInstanceUID, sopInstanceUID: SOPInstanceUID } = ours;
    const same = { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID, PatientID: 'THERE' };
    const theirs = aChestXray(same, { pixelData: Buffer.from(ours.pixelData).reverse() });
    expect([(await wetread.storeAs(here, ours.bytes)).status, (await wetread.storeAs(there, theirs.bytes)).status]).toEqual([200, 200]);
    for (const below of ['', '/metadata', '/frames/1', '/rendered', '/thumbnail', '/bulkdata/7FE00010']) {
      const accept: Record<string, string> = below === '' ? { accept: 'application/dicom' } : {};
      // By turns, so that what is kept in memory of one is there when the other asks.
      const given: [number, string][] = [];
      for (const headers of [here, there, here, there]) given.push(await statusAndSha(`${ours.path}${below}`, { ...headers, ...accept }));
      expect([below, given.map(([status]) => status)]).toEqual([below, [200, 200, 200, 200]]);
      expect([below, new Set(given.map(([, sha]) => sha)).size]).toEqual([below, 2]);
      expect([below, given[2], given[3]]).toEqual([below, given[0], given[1]]);
    }
    const patients = async (headers: Record<string, string>): Promise<unknown> => {
      const answer = await wetread.fetch(`/dicom-web/studies?StudyInstanceUID=${ours.studyInstanceUID}`, { headers });
      return ((await answer.json()) as Record<string, { Value?: string[] }>[]).map((study) => study['00100020'].Value);
    };
    expect([await patients(here), await patients(there)]).toEqual([[['HERE']], [['THERE']]]);
  });

  it('deletes its own and leaves the first’s', async () => {
    const path = `/dicom-web/studies/${shared.studyInstanceUID}`;
    expect((await wetread.fetch(path, { method: 'DELETE', headers: there })).status).toBe(204);
    expect((await wetread.fetch(`${path}/metadata`, { headers: there })).status).not.toBe(200);
    expect(await modalities(here)).toEqual(expect.arrayContaining(['DX', 'SR']));
    await eventually(async () => {
      const { entry = [] } = await fhir<Bundle<ImagingStudy>>(`ImagingStudy?identifier=urn:oid:${shared.studyInstanceUID}`, there);
      return entry[0]?.resource?.status === 'cancelled' ? true : undefined;
    }, 'word of the deletion in FHIR');
  });

  it('brings no model: one reads for all', async () => {
    const asked = async (tenant: number) => {
      const headers = await maker.headers({ roles: ['model-admin'], scope: 'user/*.cruds', tenant });
      const answer = await wetread.fetch('/graphql', {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({
          query:
            'mutation { uploadModelPart(input: { data: "AAAA" }) { uploadId } a: uploadModel(input: { card: "{}", onnx: "AAAA" }) { model { id } } }',
        }),
      });
      const { errors = [] } = (await answer.json()) as { errors?: { extensions: { code: string } }[] };
      return errors.map(({ extensions: { code } }) => code);
    };
    expect(await asked(2)).toContain('not-permitted');
    expect(await asked(1)).not.toContain('not-permitted');
  });
});
