import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditEvent, Bundle, FhirResource } from 'fhir/r4.js';
import { FHIR_JSON } from './audit-trail.js';
import { eventually, Wetread } from './wetread.js';

const PATIENTS = 1_400;
const id = (i: number) => `p${String(i).padStart(4, '0')}`;

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
  const ids = Array.from({ length: PATIENTS }, (_, i) => id(i));
  await put(...ids.map((one): FhirResource => ({ resourceType: 'Patient', id: one })));
  await put(
    ...ids.map((one): FhirResource => ({
      resourceType: 'Observation',
      id: one,
      status: 'final',
      code: { text: 'x' },
      subject: { reference: `Patient/${one}` },
    })),
  );
  await new Promise((later) => setTimeout(later, 1_100)); // an export gives what was there a second ago
}, 60_000);
afterAll(() => wetread.remove());

async function put(...resources: readonly FhirResource[]): Promise<void> {
  const entry = resources.map((resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } }));
  const body = JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry });
  expect((await wetread.fetch('/fhir', { method: 'POST', headers: { 'content-type': FHIR_JSON }, body })).status).toBe(200);
}

interface Recorded {
  readonly patients: string[];
  readonly subtype: string;
  readonly outcome: number;
  readonly sealed: string | null;
  readonly event: { readonly changes: { readonly what: string; readonly export?: string }; readonly request: string };
}

/** What requests leave on record. */
async function recorded(work: () => Promise<unknown>): Promise<Recorded[]> {
  const [{ last }] = await wetread.sql<{ last: string }>('SELECT coalesce(max(id), 0) AS last FROM ledger_record');
  await work();
  const rows = await wetread.sql<Omit<Recorded, 'event'> & { event: string }>(
    `SELECT event, patients, subtype, outcome, convert_from(sealed, 'UTF8') AS sealed FROM ledger_record WHERE id > $1 ORDER BY id`,
    [last],
  );
  return rows.map((row) => ({ ...row, event: JSON.parse(row.event) as Recorded['event'] }));
}

const begin = async (path: string): Promise<string> => {
  const answer = await wetread.fetch(`/fhir/${path}`, { headers: { prefer: 'respond-async' } });
  expect(answer.status).toBe(202);
  return new URL(answer.headers.get('content-location') ?? '').pathname;
};
const isReady = (place: string) =>
  eventually(async () => ((await wetread.fetch(place)).status === 200 ? true : undefined), 'manifest of an export');
const file = async (place: string, type: string): Promise<number> =>
  (await (await wetread.fetch(`${place}/${type}.ndjson`)).text()).split('\n').length - 1;
const NARROW = '$export?_type=Patient&_typeFilter=Patient%3F_id%3Dp0007';

describe('An export', () => {
  it('is on record when it is asked for, with what was asked sealed; when it is told what there is, when it is fetched and when it is given up', async () => {
    let place = '';
    const [asked, ...more] = await recorded(async () => (place = await begin(NARROW)));
    expect(more).toEqual([]);
    const job = place.split('/').at(-1);
    expect(asked).toMatchObject({ subtype: 'operation', outcome: 0, event: { changes: { what: 'export-asked', export: job } } });
    expect(asked.sealed).toContain('_typeFilter=Patient%3F_id%3Dp0007');
    expect(JSON.stringify(asked.event)).not.toContain('p0007');

    const told = await recorded(() => wetread.fetch(place));
    expect(told.map(({ event }) => event.changes)).toEqual([{ what: 'export-manifest', export: job }]);
    const fetched = await recorded(() => file(place, 'Patient'));
    expect(fetched.map(({ event, patients }) => [event.changes, patients])).toEqual([[{ what: 'export', export: job }, ['p0007']]]);
    const over = await recorded(() => wetread.fetch(place, { method: 'DELETE' }));
    expect(over.map(({ event }) => event.changes)).toEqual([{ what: 'export-cancelled', export: job }]);
  });

  it('tells auditors after it was given up what had been asked for, and the patient that a copy was taken', async () => {
    const entries = async (search: string): Promise<AuditEvent[]> =>
      ((await wetread.json<Bundle<AuditEvent>>(`/fhir/${search}`, FHIR_JSON)).entry ?? []).flatMap(({ resource }) => resource ?? []);
    const place = await begin(NARROW);
    await isReady(place);
    await file(place, 'Patient');
    await wetread.fetch(place, { method: 'DELETE' });
    const events = (await entries('AuditEvent?subtype=operation&_count=100')).map(({ entity = [] }) => entity.at(-1));
    const own = events.filter((entity) => entity?.what?.identifier?.value === place.split('/').at(-1));
    expect(own.map((entity) => entity?.what?.identifier?.system)).toEqual(own.map(() => 'urn:wetread:export'));
    expect(own.length).toBeGreaterThanOrEqual(4);
    expect(Buffer.from(own.at(-1)?.query ?? '', 'base64').toString()).toBe(NARROW);
    const [seen] = await entries('Patient/p0007/$access-log');
    expect(seen.text?.div).toContain('took a copy of all data of a kind: name, date of birth');
    expect(JSON.stringify(seen)).not.toContain('typeFilter');
  });

  it.each(['$export?_type=Observation', 'Patient/$export?_type=Observation'])(
    'names every patient of a file, however many, before what is theirs is given: %s',
    async (path) => {
      const place = await begin(path);
      await isReady(place);
      const records = await recorded(async () => expect(await file(place, 'Observation')).toBe(PATIENTS));
      expect(records.length).toBe(2);
      for (const { patients } of records) expect(patients.length).toBeLessThanOrEqual(1_000);
      expect(new Set(records.flatMap(({ patients }) => patients))).toEqual(new Set(Array.from({ length: PATIENTS }, (_, i) => id(i))));
      expect(new Set(records.map(({ event }) => event.request)).size).toBe(1);
    },
  );

  it('names whom it was about then, and who is about it since', async () => {
    const place = await begin('$export?_type=Observation&_typeFilter=Observation%3F_id%3Dp0003');
    await put({ resourceType: 'Observation', id: id(3), status: 'final', code: { text: 'x' }, subject: { reference: `Patient/${id(4)}` } });
    const [{ patients }] = await recorded(() => file(place, 'Observation'));
    expect(patients.sort()).toEqual([id(3), id(4)]);
  });

  it('of what was deleted names whose that was', async () => {
    const since = new Date().toISOString();
    await wetread.fetch(`/fhir/Observation/${id(9)}`, { method: 'DELETE' });
    await new Promise((later) => setTimeout(later, 1_200));
    const place = await begin(`$export?_type=Observation&_since=${since}`);
    const [{ patients }] = await recorded(() => file(place, 'deleted'));
    expect(patients).toEqual([id(9)]);
  });

  it('that gives nothing is on record once, and one that is not there as refused', async () => {
    const place = await begin('$export?_type=Device');
    expect((await recorded(() => file(place, 'Device'))).map(({ patients, outcome }) => [patients, outcome])).toEqual([[[], 0]]);
    const refused = await recorded(() => wetread.fetch('/fhir/$export-jobs/none', { method: 'DELETE' }));
    expect(refused.map(({ outcome }) => outcome)).toEqual([4]);
  });
});
