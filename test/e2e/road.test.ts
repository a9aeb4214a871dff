import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Device, DiagnosticReport, Endpoint, FhirResource, ImagingStudy, Observation, Patient, Provenance } from 'fhir/r4.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { Part10Reader } from '../../src/dicom/part10-header.js';
import type { ModelCard } from '../../src/inference/model-card.js';
import { r4Faults, references } from '../reporting/fhir/r4-faults.js';
import { aChestXray } from './instances.js';
import { aPhantom, found, graph, idle, imagingStudyOf, onRecord, reportOf } from './phantoms.js';
import { readingsOf } from './readings-of.js';
import { Wetread } from './wetread.js';

const BUNDLED = fileURLToPath(new URL('../../../models/', import.meta.url));
const card: ModelCard = JSON.parse(readFileSync(join(BUNDLED, 'chest-pneumonia/card.json'), 'utf8'));
const phantom = aPhantom();
const PHANTOM_STUDY = `/dicom-web/studies/${phantom.studyInstanceUID}`;

let wetread: Wetread;
let report: DiagnosticReport;
beforeAll(async () => {
  wetread = await Wetread.start();
  expect((await wetread.store(phantom.bytes)).status).toBe(200);
  report = await reportOf(wetread, phantom.studyInstanceUID);
  await idle(wetread);
});
afterAll(() => wetread.remove());

const read = <T extends FhirResource>(reference: string | undefined): Promise<T> =>
  wetread.json<T>(`/fhir/${reference}`, 'application/fhir+json');
const observations = async (of: DiagnosticReport): Promise<Observation[]> =>
  Promise.all((of.result ?? []).map(({ reference }) => read<Observation>(reference)));
const component = (of: Observation | undefined, code: string) =>
  of?.component?.find((one) => one.code.coding?.[0].code === code)?.valueQuantity?.value;
const probabilityOf = async (of: DiagnosticReport): Promise<number> =>
  component(
    (await observations(of)).find((one) => component(one, 'probability') !== undefined),
    'probability',
  ) ?? NaN;
const bytesAt = async (path: string): Promise<Buffer> =>
  Buffer.from(await (await wetread.fetch(path, { headers: { accept: 'application/dicom' } })).arrayBuffer());
const instancesOf = (study: string, modality: string) =>
  wetread.json<DicomJson[]>(`/dicom-web/studies/${study}/instances?Modality=${modality}`);
const pathOf = (instance: DicomJson): string => {
  const [study, series, sop] = ['0020000D', '0020000E', '00080018'].map((at) => String(instance[at].Value?.[0]));
  return `/dicom-web/studies/${study}/series/${series}/instances/${sop}`;
};
const reportsOf = async (study: string): Promise<DiagnosticReport[]> => {
  const [{ id }] = (await found<ImagingStudy>(wetread, imagingStudyOf(study))) as { id: string }[];
  return found<DiagnosticReport>(wetread, `DiagnosticReport?imagingStudy=${id}`);
};
describe('A chest X-ray that is stored', () => {
  it('gets a preliminary report that is found by its study and by its patient', async () => {
    expect(report).toMatchObject({ resourceType: 'DiagnosticReport', status: 'preliminary', meta: { versionId: '1' } });
    expect(report.conclusion).toMatch(/PRELIMINARY.*not seen by a physician/);
    expect(report.conclusion).toContain('NOT FOR CLINICAL USE');
    const [patient] = await found<Patient>(wetread, `Patient?identifier=urn:wetread:patient-id%7C${phantom.patientID}`);
    expect(await found(wetread, `DiagnosticReport?patient=Patient/${patient.id}`)).toEqual([report]);
    expect(await found(wetread, `DiagnosticReport?identifier=urn:wetread:report%7C${report.id}`)).toEqual([report]);
    expect(await found(wetread, `ImagingStudy?identifier=${phantom.accessionNumber}`)).toHaveLength(1);
  });

  it('gets a finding with probability, confidence and uncertainty, and its image quality', async () => {
    const all = await observations(report);
    const finding = all.find((one) => component(one, 'probability') !== undefined);
    const { code } = card.classes.find(({ kind }) => kind === 'finding')!; // the bundled card has one
    expect(finding?.code.coding?.[0]).toMatchObject({ system: code.system, code: code.code });
    for (const measure of ['probability', 'confidence', 'uncertainty']) {
      expect(component(finding, measure)).toBeGreaterThanOrEqual(0);
      expect(component(finding, measure)).toBeLessThanOrEqual(1);
    }
    expect(component(finding, 'operating-threshold')).toBe(card.classes.find(({ kind }) => kind === 'finding')?.operatingThreshold);
    const quality = all.find((one) => one.code.coding?.[0].code === 'image-quality');
    expect(quality?.valueInteger).toBeGreaterThanOrEqual(0);
    expect(quality?.valueInteger).toBeLessThanOrEqual(100);
    expect(['contrast', 'sharpness', 'noise', 'brightness'].map((one) => typeof component(quality, one))).toEqual(Array(4).fill('number'));
    for (const one of all) expect(one).toMatchObject({ status: 'preliminary', meta: { security: [{ code: 'AIAST' }] } });
  });

  it('names patient, study, model and origin, and every reference leads to a resource', async () => {
    const seen = new Map<string, FhirResource>();
    const [provenance] = await found<Provenance>(wetread, `Provenance?target=DiagnosticReport/${report.id}`);
    for (const waiting = [`DiagnosticReport/${report.id}`, `Provenance/${provenance.id}`]; waiting.length > 0;) {
      const reference = waiting.pop() ?? '';
      if (seen.has(reference)) continue;
      const resource = await read(reference);
      expect(r4Faults(resource)).toEqual([]);
      seen.set(reference, resource);
      waiting.push(...references(resource));
    }
    const of = <T extends FhirResource>(type: T['resourceType']) => [...seen.values()].filter((one): one is T => one.resourceType === type);
    expect(of<Patient>('Patient')).toMatchObject([
      { name: [{ family: 'Phantom', given: ['Chest'] }], identifier: [{ value: phantom.patientID }] },
    ]);
    expect(of<Patient>('Patient')[0].birthDate?.replaceAll('-', '')).toBe(phantom.patientBirthDate);
    expect(of<ImagingStudy>('ImagingStudy')).toMatchObject([
      { identifier: [{ value: `urn:oid:${phantom.studyInstanceUID}` }, { value: phantom.accessionNumber }] },
    ]);
    const versions = of<Device>('Device')[0].version?.map(({ value }) => value);
    expect(versions).toEqual(expect.arrayContaining([card.version, card.sha256]));
    expect(of<Device>('Device')[0]).toMatchObject({ modelNumber: card.name, identifier: [{ value: card.sha256 }] });
    expect(of<Provenance>('Provenance')[0].target).toContainEqual({ reference: `DiagnosticReport/${report.id}` });
    const [{ address }] = of<Endpoint>('Endpoint');
    expect(address).toBe(`${wetread.url}/dicom-web`);
    expect(
      (await fetch(`${address}/studies/${phantom.studyInstanceUID}/instances`, { headers: { accept: 'application/dicom+json' } })).status,
    ).toBe(200);
  });

  it('is the same report in the graph', async () => {
    const { data } = await graph<{ report: Record<string, unknown> }>(
      wetread,
      `query($id: String!) { report(id: $id) { status version conclusion findings { probability } study { studyInstanceUID patientID } model { name version sha256 } } }`,
      { id: report.id },
    );
    expect(data.report).toEqual({
      status: 'PRELIMINARY',
      version: 1,
      conclusion: report.conclusion,
      findings: [{ probability: await probabilityOf(report) }],
      study: { studyInstanceUID: phantom.studyInstanceUID, patientID: phantom.patientID },
      model: { name: card.name, version: card.version, sha256: card.sha256 },
    });
  });

  it('gets a DICOM SR in its study that any reader reads and that names the image', async () => {
    const [sr, ...more] = await instancesOf(phantom.studyInstanceUID, 'SR');
    expect(more).toEqual([]);
    const reader = new Part10Reader();
    await reader.push(await bytesAt(pathOf(sr)));
    const { dataset, studyInstanceUID, warnings } = await reader.end();
    expect(warnings).toEqual([]);
    expect(studyInstanceUID).toBe(phantom.studyInstanceUID);
    expect(JSON.stringify(dataset)).toContain(phantom.sopInstanceUID);
    expect(dataset['0040A493'].Value).toEqual(['UNVERIFIED']); // Verification Flag
    expect(dataset['00100020'].Value).toEqual([phantom.patientID]);
  });

  it('gets an attention map in its study that a viewer can render', async () => {
    const [map, ...more] = await instancesOf(phantom.studyInstanceUID, 'OT');
    expect(more).toEqual([]);
    expect(map['00080016'].Value).toEqual(['1.2.840.10008.5.1.4.1.1.7']);
    const rendered = await wetread.fetch(`${pathOf(map)}/rendered`, { headers: { accept: 'image/png' } });
    expect(rendered.status).toBe(200);
    expect(
      Buffer.from(await rendered.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  });

  it('is not read a second time by what the server made of it', async () => {
    expect(Object.keys(await readingsOf(wetread, phantom.studyInstanceUID))).toEqual([phantom.sopInstanceUID]);
    expect(await wetread.sql('SELECT 1 FROM reading r JOIN instance i ON i.id = r.instance_row WHERE i.derived')).toEqual([]);
  });
});

describe('The same again', () => {
  it('leaves one report of one version: stored again, and its work done again', async () => {
    const before = await wetread.sql(`SELECT type, id, version FROM resource ORDER BY type, id`);
    const instances = (await wetread.json<DicomJson[]>(`${PHANTOM_STUDY}/instances`)).length;
    expect((await wetread.store(phantom.bytes, phantom.bytes)).status).toBe(200);
    await wetread.sql(`INSERT INTO work (kind, subject) SELECT 'read-study', id::text FROM study`);
    await wetread.sql(
      `INSERT INTO work (kind, subject) SELECT 'findings-ready', study_row || ' ' || model_name || '/' || model_version FROM report`,
    );
    await wetread.sql(`INSERT INTO work (kind, subject) SELECT 'study-records', id::text FROM study`);
    await wetread.sql(`INSERT INTO work (kind, subject) SELECT 'report-objects', id FROM report`);
    await wetread.sql(`SELECT pg_notify('work', kind) FROM work`);
    expect(await idle(wetread)).toEqual([]);
    expect(await wetread.sql(`SELECT type, id, version FROM resource ORDER BY type, id`)).toEqual(before);
    expect(await reportsOf(phantom.studyInstanceUID)).toEqual([report]);
    expect((await onRecord(wetread, 'report.issued')).filter(({ entity }) => entity.id === report.id)).toHaveLength(1);
    expect(await wetread.json<DicomJson[]>(`${PHANTOM_STUDY}/instances`)).toHaveLength(instances);
  });

  it('in the other polarity has the same probability', async () => {
    const seed = 77;
    const [two, one] = [
      aPhantom({ seed }),
      aPhantom({ seed, photometricInterpretation: 'MONOCHROME1', studyDateTime: new Date('2026-02-01T10:00:00Z') }),
    ];
    await wetread.store(two.bytes, one.bytes);
    const [of2, of1] = [await reportOf(wetread, two.studyInstanceUID), await reportOf(wetread, one.studyInstanceUID)];
    expect(Math.abs((await probabilityOf(of2)) - (await probabilityOf(of1)))).toBeLessThan(1e-3);
  });
});

describe('A second image of the study', () => {
  it('makes version 2 of the same report, with its own SR', async () => {
    const seed = 78;
    const [first, second] = [aPhantom({ seed }), aPhantom({ seed, rows: 192 })];
    expect(second.studyInstanceUID).toBe(first.studyInstanceUID);
    await wetread.store(first.bytes);
    const { id } = await reportOf(wetread, first.studyInstanceUID);
    await wetread.store(second.bytes);
    const latest = await reportOf(wetread, first.studyInstanceUID, '2');
    expect(latest.id).toBe(id);
    expect((await wetread.fetch(`/fhir/DiagnosticReport/${id}`)).headers.get('etag')).toBe('W/"2"');
    expect(latest.conclusion).toContain('Images read: 2.');
    expect(await reportsOf(first.studyInstanceUID)).toHaveLength(1);
    expect(await idle(wetread)).toEqual([]);
    const documents = await Promise.all(
      (await instancesOf(first.studyInstanceUID, 'SR')).map(async (sr) => (await bytesAt(pathOf(sr))).toString('latin1')),
    );
    expect(documents.map((text) => [text.includes(first.sopInstanceUID), text.includes(second.sopInstanceUID)])).toEqual(
      expect.arrayContaining([
        [true, false],
        [true, true],
      ]),
    );
    expect(documents).toHaveLength(2);
  });
});

describe('Images that say nothing more', () => {
  it('that come later and are not read make a new version, which says so', async () => {
    const phantom = aPhantom({ seed: 79 });
    await wetread.store(phantom.bytes);
    await reportOf(wetread, phantom.studyInstanceUID);
    const lateral = aChestXray({ ViewPosition: 'LL', StudyInstanceUID: phantom.studyInstanceUID, PatientID: phantom.patientID });
    await wetread.store(lateral.bytes);
    const latest = await reportOf(wetread, phantom.studyInstanceUID, '2');
    expect(latest.conclusion).toContain('Images read: 1; not read by this model: 1.');
  });

  it('such as one of a single grey value get no verdict: the reading has failed', async () => {
    const blank = aChestXray({ Rows: 64, Columns: 64 }, { pixelData: Buffer.alloc(64 * 64 * 2) });
    expect((await wetread.store(blank.bytes)).status).toBe(200);
    expect(await idle(wetread)).toEqual([]);
    expect((await readingsOf(wetread, blank.studyInstanceUID))[blank.sopInstanceUID]).toMatchObject([
      { state: 'FAILED', reasonCode: 'image-unpreparable' },
    ]);
    expect(await reportsOf(blank.studyInstanceUID)).toEqual([]);
  });
});

describe('What the model is not for', () => {
  it.each([
    ['a CT image', { Modality: 'CT', SOPClassUID: '1.2.840.10008.5.1.4.1.1.2' }],
    ['an X-ray of a hand', { BodyPartExamined: 'HAND' }],
    ['a lateral view', { ViewPosition: 'LL' }],
    ['an X-ray that does not say of what', { BodyPartExamined: null }],
  ])('is stored and not read: %s; it says why, and there is no report', async (_, said) => {
    const image = aChestXray(said);
    expect((await wetread.store(image.bytes)).status).toBe(200);
    expect(await idle(wetread)).toEqual([]);
    const [reading, ...more] = (await readingsOf(wetread, image.studyInstanceUID))[image.sopInstanceUID];
    expect(more).toEqual([]);
    expect(reading.state).toBe('NOT_READ');
    expect(reading.reason).toMatch(/\w{3,}/);
    expect(await reportsOf(image.studyInstanceUID)).toEqual([]);
  });
});
