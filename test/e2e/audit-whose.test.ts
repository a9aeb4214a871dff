import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditEvent, Bundle, DiagnosticReport } from 'fhir/r4.js';
import { patientResourceId } from '../../src/archive/fhir/patient.js';
import { aWorkitem } from './a-workitem.js';
import { aPhantom, found, graph, idle, type PhantomInstance } from './phantoms.js';
import { Wetread } from './wetread.js';

/** Of whom a record says that it is: whoever it was about when it was made, and whose data was looked at or changed. */
const FHIR_JSON = 'application/fhir+json';
let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());

const send = async (method: string, path: string, body?: object, type = FHIR_JSON): Promise<Response> => {
  const init = { method, headers: { 'content-type': type, accept: FHIR_JSON }, ...(body && { body: JSON.stringify(body) }) };
  const answer = await wetread.fetch(path, init);
  return new Response(answer.status === 204 ? null : await answer.arrayBuffer(), { status: answer.status, headers: answer.headers });
};
interface Recorded {
  readonly action: string;
  readonly patients: readonly string[];
}
const NEWEST = 'SELECT coalesce(max(id), 0)::int AS id FROM ledger_record';
/** What was put on record meanwhile. */
async function recorded(work: () => Promise<unknown>): Promise<Recorded[]> {
  const [{ id }] = await wetread.sql<{ id: number }>(NEWEST);
  await work();
  return wetread.sql<{ action: string; patients: string[] }>(
    `SELECT event::json ->> 'action' AS action, patients FROM ledger_record WHERE id > $1 ORDER BY id`,
    [id],
  );
}
const whose = async (work: () => Promise<unknown>): Promise<readonly string[][]> =>
  (await recorded(work)).map(({ patients }) => [...patients].sort());
const patientOf = ({ patientID, studyInstanceUID }: PhantomInstance): string =>
  patientResourceId({ '00100020': { vr: 'LO', Value: [patientID] } }, studyInstanceUID);

describe('A version of a resource', () => {
  const observation = (patient: string) => ({
    resourceType: 'Observation',
    id: 'moved',
    status: 'final',
    code: { text: 'x' },
    subject: { reference: `Patient/${patient}` },
  });
  beforeAll(async () => {
    for (const id of ['ann', 'bob']) await send('PUT', `/fhir/Patient/${id}`, { resourceType: 'Patient', id });
    await send('PUT', '/fhir/Observation/moved', observation('ann'));
    await send('PUT', '/fhir/Observation/moved', observation('bob'));
  });

  it('is on record of whom it was about, not of whom the resource is about now', async () => {
    expect(await whose(() => send('GET', '/fhir/Observation/moved/_history/1'))).toEqual([['ann']]);
    expect(await whose(() => send('GET', '/fhir/Observation/moved/_history/2'))).toEqual([['bob']]);
    expect(await whose(() => send('GET', '/fhir/Observation/moved/_history'))).toEqual([['ann', 'bob']]);
    expect((await whose(() => send('GET', '/fhir/Observation/_history')))[0]).toEqual(expect.arrayContaining(['ann', 'bob']));
  });

  it('and so when the resource is deleted', async () => {
    await send('DELETE', '/fhir/Observation/moved');
    expect(await whose(() => send('GET', '/fhir/Observation/moved/_history/1'))).toEqual([['ann']]);
    expect(await whose(() => send('GET', '/fhir/Observation/moved/_history'))).toEqual([['ann', 'bob']]);
  });
});

describe('A search', () => {
  it.each([
    ['/fhir/Observation?patient=ann&code=http://loinc.org|nothing', ['ann']],
    ['/fhir/Observation?subject=Patient/ann&_summary=count', ['ann']],
    ['/fhir/Observation?patient=ann,bob&_count=0', ['ann', 'bob']],
    ['/fhir/Observation/$lastn?patient=ann&code=nothing', ['ann']],
    ['/fhir/Patient/ann/Observation?code=nothing', ['ann']],
    ['/fhir/Patient?_id=ann&_summary=count', ['ann']],
    ['/fhir/Observation?patient=nobody-there', []],
  ])('%s is of whom it asked for, whether anything was found or not', async (path, patients) => {
    expect(await whose(() => send('GET', path))).toEqual([patients]);
  });
});

describe('A count', () => {
  const ids = Array.from({ length: 101 }, (_, i) => `counted-${i}`);
  const people = (which: readonly string[]) =>
    send('POST', '/fhir', {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: which.map((id, i) => ({
        resource: { resourceType: 'Patient', id, identifier: [{ system: 'urn:x', value: id }], gender: i < 3 ? 'other' : 'male' },
        request: { method: 'PUT', url: `Patient/${id}` },
      })),
    });
  beforeAll(async () => {
    expect((await people(ids)).status).toBe(200);
    const observation = { resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: { reference: 'Patient/counted-0' } };
    for (let i = 0; i < 2; i++) await send('POST', '/fhir/Observation', observation);
  });

  it.each<[path: string, total: number, patients: readonly string[]]>([
    ['Patient?identifier=urn:x|counted-7&_summary=count', 1, ['counted-7']],
    ['Patient?identifier=urn:x|counted-7&_count=0', 1, ['counted-7']],
    ['Patient?gender=other&_summary=count', 3, ids.slice(0, 3)],
    ['Patient?_lastUpdated=gt2020&gender=other&_summary=count', 3, ids.slice(0, 3)],
    ['Observation?patient.identifier=urn:x|counted-0&_summary=count', 2, ['counted-0']],
    ['Patient?identifier=urn:x|nobody&_summary=count', 0, []],
    ['Patient?identifier=urn:x|&_summary=count', 101, []], // of so many it tells nothing
  ])('%s is of whom it counts, where they are not many', async (path, total, patients) => {
    let answer: Bundle | undefined;
    const alone = await whose(async () => (answer = (await (await send('GET', `/fhir/${path}`)).json()) as Bundle));
    expect([answer?.total, alone]).toEqual([total, [patients]]);
    const batch = { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: path } }] };
    expect(await whose(() => send('POST', '/fhir', batch))).toEqual([patients]);
  });

  it('stands in the log of the patient', async () => {
    const log = (await (await send('GET', '/fhir/Patient/counted-7/$access-log')).json()) as Bundle<AuditEvent>;
    const searches = (log.entry ?? []).filter(({ resource }) => resource?.subtype?.[0].code === 'search-type');
    expect(searches.length).toBeGreaterThanOrEqual(2);
  });
});

describe('A Binary', () => {
  it('is of the patient of its security context', async () => {
    const binary = {
      resourceType: 'Binary',
      id: 'scan',
      contentType: 'text/plain',
      data: 'aGk=',
      securityContext: { reference: 'Patient/ann' },
    };
    expect(await whose(() => send('PUT', '/fhir/Binary/scan', binary))).toEqual([['ann']]);
    expect(await whose(() => send('GET', '/fhir/Binary/scan'))).toEqual([['ann']]);
    expect(await whose(() => send('GET', '/fhir/Binary/scan/_history/1'))).toEqual([['ann']]);
  });
});

describe('A task of the worklist', () => {
  it('is on record of its patient, whatever is done with it', async () => {
    const uid = `2.25.${Date.now()}`;
    const workitem = { ...aWorkitem(), '00100020': { vr: 'LO', Value: ['P-TASK'] } };
    const expected = [[patientResourceId({ '00100020': { vr: 'LO', Value: ['P-TASK'] } }, '')]];
    expect(await whose(() => send('POST', `/dicom-web/workitems?${uid}`, [workitem], 'application/dicom+json'))).toEqual(expected);
    const cancel = () => send('POST', `/dicom-web/workitems/${uid}/cancelrequest`, [{}], 'application/dicom+json');
    expect(await whose(cancel)).toEqual(expected);
  });
});

describe('A subscriber to one study’s reports', () => {
  it('leaves no record of looks at the reports of others, which it is not told of', async () => {
    const others = aPhantom();
    const stop = new AbortController();
    const query = 'subscription { reportStatusChanged(studyInstanceUID: "2.25.999") { id } }';
    await wetread.fetch('/graphql/stream', {
      method: 'POST',
      signal: stop.signal,
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
    });
    const records = await recorded(async () => {
      await wetread.store(others.bytes);
      await idle(wetread);
    });
    stop.abort();
    expect(records.map(({ action }) => action)).toContain('report.issued');
    expect(records.filter(({ action }) => action === 'data.fetched')).toEqual([]);
  });
});

describe('What is done with a patient’s images', () => {
  const phantom = aPhantom();
  const patient = patientOf(phantom);
  const study = `/dicom-web/studies/${phantom.studyInstanceUID}`;
  let report: DiagnosticReport;

  it('is in the patient’s log from the first: stored, read by a model, reported', async () => {
    const records = await recorded(async () => {
      await wetread.store(phantom.bytes);
      await idle(wetread);
    });
    const own = records.filter(({ patients }) => patients.includes(patient)).map(({ action }) => action);
    expect(own).toEqual(expect.arrayContaining(['instance.received', 'image.read', 'report.issued']));
    expect(records.filter(({ patients }) => patients.length === 0)).toEqual([]);
    [report] = await found<DiagnosticReport>(wetread, `DiagnosticReport?patient=${patient}`);
  });

  it('asked for again, reviewed, listed with its readings, and asked who looked', async () => {
    const uid = phantom.studyInstanceUID;
    const asked = `mutation { requestReading(input: { studyInstanceUID: "${uid}" }) { study { id } } }`;
    expect(await whose(() => graph(wetread, asked))).toEqual([[patient], [patient]]);
    await idle(wetread);
    expect(await whose(() => graph(wetread, `{ readings(filter: { studyInstanceUID: "${uid}" }) { edges { node { id } } } }`))).toEqual([
      [patient],
    ]);
    expect(await whose(() => graph(wetread, `{ audit(studyInstanceUID: "${uid}") { edges { node { action } } } }`))).toEqual([[patient]]);
    await send('PUT', '/fhir/Practitioner/reader', { resourceType: 'Practitioner', id: 'reader', name: [{ family: 'Reader' }] });
    const parameter = [
      { name: 'decision', valueCode: 'accept' },
      { name: 'reviewer', valueReference: { reference: 'Practitioner/reader' } },
    ];
    const records = await recorded(() =>
      wetread.fetch(`/fhir/DiagnosticReport/${report.id}/$review`, {
        method: 'POST',
        headers: { 'content-type': FHIR_JSON, 'if-match': 'W/"1"' },
        body: JSON.stringify({ resourceType: 'Parameters', parameter }),
      }),
    );
    expect(records).toContainEqual({ action: 'report.reviewed', patients: [patient] });
  });

  it('corrected: of whom they were, and of whom they are', async () => {
    const [other] = [aPhantom()];
    const next = patientResourceId({ '00100020': { vr: 'LO', Value: [other.patientID] } }, phantom.studyInstanceUID);
    const records = await recorded(async () => {
      const body = { '00100020': { vr: 'LO', Value: [other.patientID] } };
      expect((await send('PATCH', `${study}/metadata`, body, 'application/dicom+json')).status).toBe(204);
      await idle(wetread);
    });
    const both = [patient, next].sort();
    const of = (action: string) => records.filter((one) => one.action === action).map(({ patients }) => [...patients].sort());
    expect(of('attributes.changed')).toEqual([both]);
    expect(of('report.readdressed')).toEqual([both]);
  });

  it('deleted: and a report of what is gone is still of somebody', async () => {
    const [{ subject }] = await found<DiagnosticReport>(wetread, `DiagnosticReport?_id=${report.id}`);
    const now = subject?.reference?.replace('Patient/', '') ?? '';
    expect(await whose(() => send('DELETE', study))).toEqual([[now]]);
    expect(await whose(() => graph(wetread, `{ report(id: "${report.id}") { conclusion } }`))).toEqual([[now]]);
  });
});
