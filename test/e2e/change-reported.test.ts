import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DiagnosticReport, Observation, Patient } from 'fhir/r4.js';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { DICOM_JSON, patch } from './changes.js';
import { aPhantom, found, idle, reportOf } from './phantoms.js';
import { eventually, Wetread } from './wetread.js';

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ EXECUTION_PROVIDERS: 'cpu' });
});
afterAll(() => wetread.remove());

describe('A change of what was reported', () => {
  it('reaches the report, its observations and the objects made of it, and nothing is read or issued anew', async () => {
    const { bytes, studyInstanceUID } = aPhantom();
    await wetread.store(bytes);
    const before = await reportOf(wetread, studyInstanceUID);
    expect(await idle(wetread)).toEqual([]);
    const readings = await wetread.sql('SELECT * FROM reading');
    const study = `/dicom-web/studies/${studyInstanceUID}`;
    expect((await patch(wetread, study, { '00100020': { vr: 'LO', Value: ['ANOTHER'] } })).status).toBe(204);
    expect(await idle(wetread)).toEqual([]);

    const [patient] = await found<Patient>(wetread, 'Patient?identifier=ANOTHER');
    const [report] = await eventually(async () => {
      const reports = await found<DiagnosticReport>(wetread, `DiagnosticReport?patient=Patient/${patient.id}`);
      return reports.length > 0 ? reports : undefined;
    }, 'report of the other patient');
    const subject = { reference: `Patient/${patient.id}` };
    expect(report).toEqual({ ...before, subject, meta: { ...before.meta, versionId: '2', lastUpdated: expect.any(String) } });
    expect(await found(wetread, `DiagnosticReport?patient=${before.subject?.reference}`)).toEqual([]);
    const observations = await found<Observation>(wetread, `Observation?patient=Patient/${patient.id}`);
    expect(observations.map(({ id }) => `Observation/${id}`).sort()).toEqual(before.result?.map(({ reference }) => reference).sort());

    const instances = await wetread.json<DicomJson[]>(`${study}/metadata`, DICOM_JSON);
    expect(instances.map((one) => one['00080060'].Value?.[0])).toEqual(expect.arrayContaining(['DX', 'SR', 'OT']));
    for (const one of instances) expect(one['00100020']).toEqual({ vr: 'LO', Value: ['ANOTHER'] });
    expect(await wetread.sql('SELECT * FROM reading')).toEqual(readings);
  });
});
