import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ImagingStudy } from 'fhir/r4.js';
import { recordedBy } from './audit-trail.js';
import { bundleOf, create, get, ranBundle } from './bundle-requests.js';
import { aChestXray } from './instances.js';
import { found, graph, idle, imagingStudyOf, reportOf, aPhantom } from './phantoms.js';
import { eventually, Wetread } from './wetread.js';

const JSON_TYPE = 'application/fhir+json';
const study = { PatientID: 'ONE-EACH', PatientName: 'Each^One', BodyPartExamined: 'HAND' };
const cine = aChestXray({ ...study, NumberOfFrames: 3 });
const neighbour = aChestXray({ ...study, StudyInstanceUID: cine.studyInstanceUID, InstanceNumber: 2 });
const phantom = aPhantom({ seed: 6_006 });
let wetread: Wetread;
let patient = '';
let imagingStudy = '';
let report = '';
beforeAll(async () => {
  wetread = await Wetread.start({ EXECUTION_PROVIDERS: 'cpu' });
  await wetread.store(cine.bytes, neighbour.bytes, phantom.bytes);
  report = (await reportOf(wetread, phantom.studyInstanceUID)).id ?? '';
  await idle(wetread);
  const [known] = await found<ImagingStudy>(wetread, imagingStudyOf(cine.studyInstanceUID));
  patient = known.subject.reference?.replace('Patient/', '') ?? '';
  imagingStudy = known.id ?? '';
});
afterAll(() => wetread.remove());

const recorded = (work: () => Promise<unknown>) => recordedBy(wetread, work);

const read = async (path: string, accept = JSON_TYPE, status = 200): Promise<void> => {
  const answer = await wetread.fetch(path, { headers: { accept } });
  await answer.arrayBuffer();
  expect([path, answer.status]).toEqual([path, status]);
};
const PARTS = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';

describe('One request that gives data leaves one record, of whose data it was', () => {
  it.each<[what: string, path: () => string, accept: string | undefined, kind: string]>([
    ['a read', () => `/fhir/Patient/${patient}`, undefined, 'rest read'],
    ['a read of a version', () => `/fhir/Patient/${patient}/_history/1`, undefined, 'rest vread'],
    ['a history', () => `/fhir/Patient/${patient}/_history`, undefined, 'rest history-instance'],
    ['a search', () => `/fhir/ImagingStudy?patient=${patient}`, undefined, 'rest search-type'],
    [
      'a search, the latest first',
      () => `/fhir/ImagingStudy?patient=${patient}&status=available&_sort=-started`,
      undefined,
      'rest search-type',
    ],
    ['a search with what it refers to', () => `/fhir/ImagingStudy?_id=${imagingStudy}&_include=*`, undefined, 'rest search-type'],
    ['a compartment', () => `/fhir/Patient/${patient}/ImagingStudy`, undefined, 'rest search-type'],
    ['a whole compartment', () => `/fhir/Patient/${patient}/*`, undefined, 'rest search-system'],
    ['$everything', () => `/fhir/Patient/${patient}/$everything`, undefined, 'rest search-system'],
    ['$meta', () => `/fhir/Patient/${patient}/$meta`, undefined, 'rest read'],
    ['a search for studies', () => '/dicom-web/studies?PatientID=ONE-EACH', 'application/dicom+json', '110112 RAD-129'],
    ['a search for series', () => '/dicom-web/series?PatientID=ONE-EACH', 'application/dicom+json', '110112 RAD-129'],
    ['a search for instances', () => `/dicom-web/studies/${cine.studyInstanceUID}/instances`, 'application/dicom+json', '110112 RAD-129'],
    ['a study', () => `/dicom-web/studies/${cine.studyInstanceUID}`, 'multipart/related; type="application/dicom"', '110104 RAD-107'],
    ['a study in a ZIP file', () => `/dicom-web/studies/${cine.studyInstanceUID}`, 'application/zip', '110104 RAD-107'],
    ['metadata of a study', () => `/dicom-web/studies/${cine.studyInstanceUID}/metadata`, 'application/dicom+json', '110103 RAD-107'],
    ['frames', () => `${cine.path}/frames/1,2,3`, PARTS, '110104 RAD-107'],
    [
      'frames that are made, in the last form that is accepted',
      () => `${cine.path}/frames/1,2`,
      'multipart/related; type="image/jpeg"; transfer-syntax=1.2.840.10008.1.2.4.50, multipart/related; type="image/jls"; transfer-syntax=1.2.840.10008.1.2.4.80',
      '110103 RAD-107',
    ],
    ['a rendered image', () => `${cine.path}/rendered`, 'image/png', '110103 RAD-107'],
    [
      'a rendered study, in parts',
      () => `/dicom-web/studies/${cine.studyInstanceUID}/rendered`,
      'multipart/related; type="image/jpeg"',
      '110103 RAD-107',
    ],
    ['a thumbnail', () => `/dicom-web/studies/${cine.studyInstanceUID}/thumbnail`, 'image/jpeg', '110103 RAD-107'],
    ['a bulk value', () => `${cine.path}/bulkdata/7FE00010`, 'application/octet-stream', '110103 RAD-107'],
    ['pixel data of a study', () => `/dicom-web/studies/${cine.studyInstanceUID}/pixeldata`, PARTS, '110104 RAD-107'],
    [
      'an instance by WADO-URI',
      () =>
        `/wado?requestType=WADO&studyUID=${cine.studyInstanceUID}&seriesUID=${cine.seriesInstanceUID}&objectUID=${cine.sopInstanceUID}&contentType=application/dicom`,
      'application/dicom',
      '110104 RAD-107',
    ],
  ])('%s', async (_, path, accept, kind) => {
    const records = await recorded(() => read(path(), accept));
    expect(records.map(({ type, subtype, event, patients }) => [`${type} ${subtype}`, event.outcome, patients])).toEqual([
      [kind, 'success', [patient]],
    ]);
  });

  it('names every instance of a rendered study, and the study by its ImagingStudy', async () => {
    const [{ event, entity }] = await recorded(() =>
      read(`/dicom-web/studies/${cine.studyInstanceUID}/rendered`, 'multipart/related; type="image/jpeg"'),
    );
    expect((event as unknown as { changes: { instances: number[] } }).changes.instances).toHaveLength(2);
    expect(entity).toBe(`ImagingStudy/${imagingStudy}`);
  });

  it('a document of a report', async () => {
    const records = await recorded(() => read(`/fhir/DiagnosticReport/${report}/$document`));
    expect(records.map(({ entity, patients }) => [entity, patients.length])).toEqual([[`DiagnosticReport/${report}`, 1]]);
  });

  it('a query of the graph, whatever it follows', async () => {
    const records = await recorded(() =>
      graph(wetread, '{ reports(first: 5) { edges { node { id study { patientName series { modality } } } } } }'),
    );
    expect(records.map(({ entity, event, patients }) => [entity, event.door, patients.length])).toEqual([['report/search', 'graphql', 1]]);
    const one = await recorded(() => graph(wetread, `{ study(studyInstanceUID: "${cine.studyInstanceUID}") { patientName } }`));
    expect(one.map(({ entity, patients }) => [entity, patients])).toEqual([[`ImagingStudy/${imagingStudy}`, [patient]]]);
  });

  it('an export: asked for, told what there is, fetched of each type, given up', async () => {
    let place = '';
    const narrow = `/fhir/$export?_type=Patient&_typeFilter=${encodeURIComponent(`Patient?_id=${patient}`)}`;
    const asked = await recorded(async () => {
      const answer = await wetread.fetch(narrow, { headers: { prefer: 'respond-async' } });
      place = new URL(answer.headers.get('content-location') ?? '').pathname;
    });
    const others = [
      () => eventually(async () => ((await wetread.fetch(place)).status === 200 ? true : undefined), 'manifest'),
      () => read(`${place}/Patient.ndjson`),
      () => wetread.fetch(place, { method: 'DELETE' }),
    ];
    const records = [asked];
    for (const other of others) records.push(await recorded(other));
    expect(records.map((one) => one.map(({ subtype, event }) => `${subtype} ${event.outcome}`))).toEqual(
      Array.from({ length: 4 }, () => ['operation success']),
    );
  });

  it('each of many at the same moment', async () => {
    const records = await recorded(() =>
      Promise.all(
        Array.from({ length: 60 }, (_, i) => read(i % 2 ? `${cine.path}/frames/1` : `/fhir/Patient/${patient}`, i % 2 ? PARTS : undefined)),
      ),
    );
    expect([records.length, new Set(records.map(({ event }) => event.request)).size]).toEqual([60, 60]);
  });
});

describe('A Bundle', () => {
  it('leaves one for each entry of a batch, what is refused and what asks an operation too', async () => {
    const records = await recorded(() =>
      ranBundle(
        wetread,
        bundleOf(
          'batch',
          get(`Patient/${patient}`),
          get('Patient/nobody'),
          get(`ImagingStudy?patient=${patient}`),
          get(`Patient/${patient}/$everything`),
        ),
      ),
    );
    expect(records.map(({ subtype, event }) => `${subtype} ${event.outcome}`).sort()).toEqual([
      'read refused',
      'read success',
      'search-system success',
      'search-type success',
    ]);
    expect(new Set(records.map(({ event }) => event.request)).size).toBe(1); // they came by one request
  });

  it('leaves one for each entry of a transaction that reads or writes', async () => {
    const records = await recorded(() =>
      ranBundle(
        wetread,
        bundleOf(
          'transaction',
          get(`Patient/${patient}`),
          create({ resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: { reference: `Patient/${patient}` } }),
        ),
      ),
    );
    expect(records.map(({ subtype, patients }) => [subtype, patients]).sort()).toEqual([
      ['create', [patient]],
      ['read', [patient]],
    ]);
  });
});

describe('The id of a request', () => {
  it('is the client’s own where it is a UUID, and is told', async () => {
    const id = '0c5e7a52-3a63-4d29-8f8e-0d3bd6b0a112';
    const [{ event }] = await recorded(async () => {
      const answer = await wetread.fetch(`/fhir/Patient/${patient}`, { headers: { 'x-request-id': id } });
      expect(answer.headers.get('x-request-id')).toBe(id);
    });
    expect(event.request).toBe(id);
    const other = await wetread.fetch(`/fhir/Patient/${patient}`, { headers: { 'x-request-id': 'Quixote' } });
    expect(other.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
