import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DiagnosticReport, Patient, Provenance } from 'fhir/r4.js';
import { patch } from './changes.js';
import { aPhantom, found, idle, onRecord, reportOf, type PhantomInstance } from './phantoms.js';
import { eventually, Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ EXECUTION_PROVIDERS: 'cpu' });
  await send('PUT', 'Practitioner/reader', { resourceType: 'Practitioner', id: 'reader', name: [{ family: 'Reader' }] });
});
afterAll(() => wetread.remove());

const send = (method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Response> =>
  wetread.fetch(`/fhir/${path}`, { method, headers: { 'content-type': FHIR_JSON, ...headers }, body: body && JSON.stringify(body) });
const get = async <T>(path: string): Promise<T> => (await (await wetread.fetch(`/fhir/${path}`)).json()) as T;
async function signed(phantom: PhantomInstance): Promise<DiagnosticReport> {
  await wetread.store(phantom.bytes);
  const { id } = await reportOf(wetread, phantom.studyInstanceUID);
  const parameter = [
    { name: 'decision', valueCode: 'accept' },
    { name: 'reviewer', valueReference: { reference: 'Practitioner/reader' } },
  ];
  const answer = await send('POST', `DiagnosticReport/${id}/$review`, { resourceType: 'Parameters', parameter }, { 'if-match': 'W/"1"' });
  expect(answer.status).toBe(200);
  return (await answer.json()) as DiagnosticReport;
}

describe('A signed report', () => {
  it('says by whom and why, when its study becomes another patient’s: nobody has signed that version', async () => {
    const phantom = aPhantom();
    const { id, issued } = await signed(phantom);
    const study = `/dicom-web/studies/${phantom.studyInstanceUID}`;
    expect((await patch(wetread, study, { '00100020': { vr: 'LO', Value: ['MOVED'] } })).status).toBe(204);
    const [patient] = await eventually(async () => {
      const patients = await found<Patient>(wetread, 'Patient?identifier=MOVED');
      return patients.length > 0 ? patients : undefined;
    }, 'other patient');
    expect(await idle(wetread)).toEqual([]);
    const moved = await get<DiagnosticReport>(`DiagnosticReport/${id}`);
    expect(moved).toMatchObject({ status: 'final', issued, meta: { versionId: '3' }, subject: { reference: `Patient/${patient.id}` } });
    const [last, before] = await found<Provenance>(wetread, `Provenance?target=DiagnosticReport/${id}&_sort=-recorded`);
    expect(last.target).toEqual([{ reference: `DiagnosticReport/${id}/_history/3` }]);
    expect([last.signature, last.agent[0].type?.coding?.[0].code, last.reason?.[0].text]).toEqual([
      undefined,
      'assembler',
      expect.stringMatching(/patient/),
    ]);
    expect(before.signature).toHaveLength(1);
    expect(await onRecord(wetread, 'report.readdressed')).toMatchObject([{ entity: { id, version: 3 } }]);
    const document = await get<{ entry: { resource: { resourceType: string; id: string } }[] }>(`DiagnosticReport/${id}/$document`);
    const provenances = document.entry.filter(({ resource }) => resource.resourceType === 'Provenance').map(({ resource }) => resource.id);
    expect(provenances).toEqual(expect.arrayContaining([last.id, before.id]));
  });

  it('stands when its study is deleted and stored again, which makes a report of its own', async () => {
    const phantom = aPhantom();
    const report = await signed(phantom);
    expect((await wetread.fetch(`/dicom-web/studies/${phantom.studyInstanceUID}`, { method: 'DELETE' })).status).toBe(204);
    await wetread.store(phantom.bytes);
    const all = await eventually(async () => {
      const reports = await found<DiagnosticReport>(wetread, `DiagnosticReport?subject=${report.subject?.reference}&_sort=issued`);
      return reports.length > 1 ? reports : undefined;
    }, 'second report');
    expect(all.map(({ id, status }) => [id === report.id, status])).toEqual([
      [true, 'final'],
      [false, 'preliminary'],
    ]);
    expect(await get(`DiagnosticReport/${report.id}`)).toEqual(report);
  });

  it('has a document into which no Provenance of others is drawn', async () => {
    const { id } = await signed(aPhantom());
    await send('PUT', 'Patient/stranger', { resourceType: 'Patient', id: 'stranger', name: [{ family: 'Stranger' }] });
    const foreign = {
      resourceType: 'Provenance',
      target: [{ reference: `DiagnosticReport/${id}` }],
      recorded: '2026-01-01T00:00:00Z',
      agent: [{ who: { display: 'x' } }],
      entity: [{ role: 'source', what: { reference: 'Patient/stranger' } }],
    };
    expect((await send('POST', 'Provenance', foreign)).status).toBe(201);
    const text = await (await wetread.fetch(`/fhir/DiagnosticReport/${id}/$document`)).text();
    expect(text).toContain('"attester"');
    expect(text).not.toContain('Stranger');
  });
});

describe('A preliminary report', () => {
  it('goes on as the next version where its study is deleted and stored again', async () => {
    const phantom = aPhantom();
    await wetread.store(phantom.bytes);
    const { id } = await reportOf(wetread, phantom.studyInstanceUID);
    expect((await wetread.fetch(`/dicom-web/studies/${phantom.studyInstanceUID}`, { method: 'DELETE' })).status).toBe(204);
    await wetread.store(phantom.bytes);
    expect((await reportOf(wetread, phantom.studyInstanceUID, '2')).id).toBe(id);
  });
});
