import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, DiagnosticReport, ImagingStudy, Subscription } from 'fhir/r4.js';
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
  await wetread.sql(`INSERT INTO tenant (name) VALUES ('elsewhere')`);
  here = await maker.headers({ kind: 'system', roles: ['system'], scope: 'system/*.cruds' });
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
