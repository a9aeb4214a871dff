import { describe, expect, it } from '@jest/globals';
import { endpointId, endpointResource } from '../../../src/archive/fhir/endpoint.js';
import { imagingStudy, imagingStudyId, type StudyForFhir } from '../../../src/archive/fhir/imaging-study.js';
import { patientResourceId } from '../../../src/archive/fhir/patient.js';
import type { DicomJson } from '../../../src/dicom/dicom-json.js';
import { r4Faults } from '../../reporting/fhir/r4-faults.js';

const DX = '1.2.840.10008.5.1.4.1.1.1.1';

const aSeries = (over: Partial<StudyForFhir['series'][number]> = {}): StudyForFhir['series'][number] => ({
  seriesInstanceUID: '2.25.11',
  modality: 'DX',
  seriesNumber: 1,
  description: 'Chest PA',
  instances: [{ sopInstanceUID: '2.25.111', sopClassUID: DX, instanceNumber: 1 }],
  ...over,
});

const aStudy = (attributes: DicomJson = {}, ...series: StudyForFhir['series']): StudyForFhir => ({
  studyInstanceUID: '2.25.1',
  attributes,
  started: '2026-01-05',
  series: series.length > 0 ? series : [aSeries()],
});

const text = (vr: string, value: string) => ({ vr, Value: [value] });

describe('The ImagingStudy of a study', () => {
  it('is found by its Study Instance UID and its accession number (IHE RAD IMR)', () => {
    const { identifier, id } = imagingStudy(aStudy({ '00080050': text('SH', 'A123 ') }));
    expect(identifier?.[0]).toEqual({ system: 'urn:dicom:uid', value: 'urn:oid:2.25.1' });
    expect([identifier?.[1].type?.coding?.[0].code, identifier?.[1].value]).toEqual(['ACSN', 'A123']);
    expect(id).toBe(imagingStudyId('2.25.1'));
  });

  it('refers to the Patient of the same header and to where the images are', () => {
    const attributes = { '00100020': text('LO', '7') };
    const { subject, endpoint } = imagingStudy(aStudy(attributes));
    expect(subject.reference).toBe(`Patient/${patientResourceId(attributes, '2.25.1')}`);
    expect(endpoint).toEqual([{ reference: `Endpoint/${endpointId()}` }]);
  });

  it('lists series and instances, and counts them', () => {
    const second = aSeries({
      seriesInstanceUID: '2.25.12',
      modality: 'SR',
      instances: [1, 2].map((n) => ({ sopInstanceUID: `2.25.12${n}`, sopClassUID: DX, instanceNumber: n })),
    });
    const form = imagingStudy(aStudy({}, aSeries(), second));
    expect([form.numberOfSeries, form.numberOfInstances, form.modality?.map(({ code }) => code)]).toEqual([2, 3, ['DX', 'SR']]);
    expect(form.series?.[0]).toMatchObject({ uid: '2.25.11', number: 1, description: 'Chest PA', numberOfInstances: 1 });
    expect(form.series?.[0].instance).toEqual([
      { uid: '2.25.111', sopClass: { system: 'urn:ietf:rfc:3986', code: `urn:oid:${DX}` }, number: 1 },
    ]);
  });

  it('leaves out numbers that FHIR cannot hold: negative ones', () => {
    const [series] =
      imagingStudy(
        aStudy({}, aSeries({ seriesNumber: -1, instances: [{ sopInstanceUID: '2.25.111', sopClassUID: DX, instanceNumber: null }] })),
      ).series ?? [];
    expect([series.number, series.instance?.[0].number]).toEqual([undefined, undefined]);
  });

  it('calls a series without a modality, or with one that is no code, of other modality, once', () => {
    const modalities = ['', 'OT', 'D  X', 'a\u0007'].map((modality, i) => aSeries({ modality, seriesInstanceUID: `2.25.1${i}` }));
    const form = imagingStudy(aStudy({}, ...modalities));
    expect(form.modality?.map(({ code }) => code)).toEqual(['OT']);
    expect(r4Faults(form)).toEqual([]);
  });

  it.each([
    ['nothing', {}],
    ['blanks', { '00081030': text('LO', '  '), '00080050': text('SH', ' '), '00080090': { vr: 'PN', Value: [{ Alphabetic: '^^' }] } }],
    ['markup', { '00081030': text('LO', '<img src=x onerror="alert(1)">'), '00080090': { vr: 'PN', Value: [{ Alphabetic: '<b>^&' }] } }],
    [
      'control characters',
      {
        '00081030': text('LO', 'Tho\u0007rax'),
        '00080050': text('SH', 'A\u0001'),
        '00080090': { vr: 'PN', Value: [{ Alphabetic: 'Do\u001be' }] },
      },
    ],
    [
      'nothing but control characters',
      { '00081030': text('LO', '\u0007'), '00080050': text('SH', '\u0001'), '00080090': { vr: 'PN', Value: [{ Alphabetic: '\u001b' }] } },
    ],
  ])('keeps the rules of R4 where the header holds %s', (_, attributes) => {
    expect(r4Faults(imagingStudy(aStudy(attributes)))).toEqual([]);
  });

  it('keeps them where a series description is hostile', () => {
    expect(r4Faults(imagingStudy(aStudy({}, aSeries({ description: 'Chest\u0007' }))))).toEqual([]);
    expect(r4Faults(imagingStudy(aStudy({}, aSeries({ description: '\u0007' }))))).toEqual([]);
  });
});

describe('The Endpoint of the archive', () => {
  it('gives the address of the DICOMweb service, and that studies are had there (IHE RAD IMR)', () => {
    const endpoint = endpointResource('https://wetread.example');
    expect(endpoint).toMatchObject({ address: 'https://wetread.example/dicom-web', connectionType: { code: 'dicom-wado-rs' } });
    expect(endpoint.payloadType[0].coding).toEqual([
      { system: 'http://dicom.nema.org/resources/ontology/DCM', code: '113014', display: 'Study' },
    ]);
    expect(r4Faults(endpoint)).toEqual([]);
  });
});
