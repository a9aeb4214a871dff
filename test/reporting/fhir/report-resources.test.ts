import type { FhirResource, Observation } from 'fhir/r4.js';
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { reportResources } from '../../../src/reporting/fhir/report-resources.js';
import type { PreliminaryReport } from '../../../src/reporting/preliminary-report.js';
import { aCard, aReading, aReport, PNEUMONIA, quality, studyAttributes } from '../a-report.js';
import { r4Faults, references } from './r4-faults.js';

const AIAST = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'AIAST' };

type Identified = FhirResource & { id: string };

/** The resources of a report by type, as a client gets them: through JSON. */
function formsOf(of: PreliminaryReport) {
  const all = JSON.parse(JSON.stringify(reportResources(of))) as Identified[];
  const observations = ofType(all, 'Observation');
  const findings = observations.filter(({ valueCodeableConcept }) => valueCodeableConcept);
  return {
    all,
    observations,
    finding: theOnly(findings),
    qualities: observations.filter(({ valueInteger }) => valueInteger !== undefined),
    report: theOnly(ofType(all, 'DiagnosticReport')),
    device: theOnly(ofType(all, 'Device')),
    card: theOnly(ofType(all, 'DocumentReference')),
    provenance: theOnly(ofType(all, 'Provenance')),
  };
}

const ofType = <T extends FhirResource['resourceType']>(all: readonly Identified[], type: T) =>
  all.filter((one): one is Extract<Identified, { resourceType: T }> => one.resourceType === type);

function theOnly<T>(found: readonly T[]): T {
  expect(found).toHaveLength(1);
  return found[0];
}

const twoImages = () => aReport([aReading(0.9), aReading(0.2, { sopInstanceUID: '2.25.2002', quality: quality(25) })], { notRead: 1 });
const component = (observation: Observation, code: string) => observation.component?.find((one) => one.code.coding?.[0].code === code);

describe('The FHIR form of a report', () => {
  it.each([
    ['present', 0.9],
    ['a second look', 0.5],
    ['absent', 0.1],
  ])('keeps the rules of R4 when the finding is %s', (_, probability) => {
    expect(formsOf(aReport([aReading(probability)])).all.flatMap(r4Faults)).toEqual([]);
  });

  it('keeps them where everything that may be absent is absent', () => {
    const bare = aReading(0.1, { confidence: undefined, highConfidence: undefined, uncertainty: undefined, prediction: undefined });
    const report = aReport([bare], {
      study: { studyInstanceUID: '2.25.1', attributes: {}, patientId: 'p', imagingStudyId: 's' },
      model: aCard({ limitations: [] }),
    });
    expect(formsOf(report).all.flatMap(r4Faults)).toEqual([]);
  });

  it("refers to nothing but its own resources and the archive's", () => {
    const { all } = formsOf(twoImages());
    const known = new Set([...all.map(({ resourceType, id }) => `${resourceType}/${id}`), 'Patient/patient-1', 'ImagingStudy/study-1']);
    expect(all.flatMap(references).filter((one) => !known.has(one))).toEqual([]);
    expect(new Set(all.map(({ resourceType, id }) => `${resourceType}/${id}`)).size).toBe(all.length);
  });

  it('marks all that the model asserts as AI-made', () => {
    const { report, observations } = formsOf(twoImages());
    for (const { meta } of [report, ...observations]) expect(meta?.security).toEqual([expect.objectContaining(AIAST)]);
  });

  it('is preliminary, whole and part', () => {
    const { report, observations } = formsOf(twoImages());
    expect(new Set([report, ...observations].map(({ status }) => status))).toEqual(new Set(['preliminary']));
  });

  it('is found by US Core: category, code, subject, issued, and the time of imaging with its zone', () => {
    const { report } = formsOf(twoImages());
    expect(report.category?.flatMap(({ coding }) => coding?.map(({ code }) => code))).toEqual(['RAD', 'LP29684-5']);
    expect(report).toMatchObject({
      subject: { reference: 'Patient/patient-1' },
      imagingStudy: [{ reference: 'ImagingStudy/study-1' }],
      issued: '2026-01-05T09:00:00.000Z',
      effectiveDateTime: '2026-01-05T09:15:00+01:00',
    });
  });

  it('says that the time of imaging is unknown where the study has none (us-core-10)', () => {
    const study = {
      studyInstanceUID: '2.25.1',
      attributes: studyAttributes({ '00080020': { vr: 'DA' } }),
      patientId: 'p',
      imagingStudyId: 's',
    };
    const { report } = formsOf(aReport([aReading(0.1)], { study }));
    expect(report.effectiveDateTime).toBeUndefined();
    expect(report._effectiveDateTime?.extension).toEqual([
      { url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' },
    ]);
  });

  it('is called a chest radiograph where the model reads nothing else, and an imaging study where it might', () => {
    const codeBy = (input: Partial<ReturnType<typeof aCard>['input']>) =>
      formsOf(aReport([aReading(0.1)], { model: aCard({ input: { ...aCard().input, ...input } }) })).report.code.coding?.[0].code;
    expect(codeBy({})).toBe('30745-4');
    expect(codeBy({ bodyParts: ['CHEST', 'HAND'] })).toBe('18748-4');
    expect(codeBy({ bodyParts: [] })).toBe('18748-4');
    expect(codeBy({ modalities: ['DX', 'CT'] })).toBe('18748-4');
    expect(codeBy({ modalities: [] })).toBe('18748-4');
    expect(codeBy({ required: ['Modality'] })).toBe('18748-4'); // an image that names no body part passes
    expect(codeBy({ required: ['BodyPartExamined'] })).toBe('18748-4');
  });

  it('concludes with the code of what is present, and of nothing that is not', () => {
    const conclusionAt = (probability: number) => formsOf(aReport([aReading(probability)])).report.conclusionCode;
    expect(conclusionAt(0.9)?.[0].coding?.[0]).toMatchObject({ system: PNEUMONIA.code.system, code: PNEUMONIA.code.code });
    expect([conclusionAt(0.5), conclusionAt(0.1)]).toEqual([undefined, undefined]);
  });

  it('says of a finding what was looked for, the verdict, and every number behind it', () => {
    const at = (probability: number) => formsOf(aReport([aReading(probability)])).finding;
    expect([0.9, 0.5, 0.1].map((p) => at(p).valueCodeableConcept?.coding?.[0].code)).toEqual(['52101004', 'second-look', '2667000']);
    expect(at(0.9).code.coding?.[0]).toMatchObject({ code: '233604007' });
    const numbers = ['probability', 'confidence', 'uncertainty', 'operating-threshold', 'referral-threshold'].map(
      (code) => component(at(0.9), code)?.valueQuantity?.value,
    );
    expect(numbers).toEqual([0.9, 0.9, 0.25, 0.8, 0.4]);
    expect(at(0.9).note?.[0].text).toContain('2.25.2001');
  });

  it('gives the quality of each image, measure by measure', () => {
    const { qualities } = formsOf(twoImages());
    expect(qualities.map(({ valueInteger }) => valueInteger)).toEqual([100, 25]);
    expect(['contrast', 'sharpness', 'noise', 'brightness'].map((code) => component(qualities[0], code)?.valueQuantity?.value)).toEqual([
      0.5, 0.2, 0.05, 0.5,
    ]);
    expect(component(qualities[1], 'sharpness')?.interpretation?.[0].text).toBe('does not pass');
  });

  it('tells what else was measured, with a verdict where there is a limit, and nothing of an older reading', () => {
    const measured = { clippedShare: 0.02, saturation: 0, burntInTextShare: 0.01, sharpnessAgainstHistory: -4.2 };
    const distance = { inputDistance: 3, inputDistanceLimit: 10 };
    const { qualities, all } = formsOf(aReport([aReading(0.9, { quality: { ...quality(100), ...measured, ...distance } })]));
    const told = (code: string) => {
      const found = component(qualities[0], code);
      return [found?.valueQuantity?.value, found?.interpretation?.[0].text];
    };
    expect(told('clipped-share')).toEqual([0.02, undefined]);
    expect(told('saturation')).toEqual([0, undefined]);
    expect(told('burnt-in-text-share')).toEqual([0.01, undefined]);
    expect(told('sharpness-against-history')).toEqual([-4.2, 'does not pass']);
    expect(told('input-distance')).toEqual([3, 'passes']);
    expect(all.flatMap(r4Faults)).toEqual([]);
    expect(formsOf(twoImages()).qualities[0].component).toHaveLength(4);
  });

  it('lists every observation as a result, and traces all to model and study', () => {
    const { report, observations, provenance, device, card } = formsOf(twoImages());
    const made = observations.map(({ id }) => `Observation/${id}`);
    expect(report.result?.map(({ reference }) => reference)).toEqual(made);
    expect(provenance.target.map(({ reference }) => reference)).toEqual([`DiagnosticReport/${report.id}`, ...made]);
    expect(provenance.agent[0].who.reference).toBe(`Device/${device.id}`);
    expect(provenance.entity?.map(({ what }) => what.reference ?? what.identifier?.value)).toEqual([
      'ImagingStudy/study-1',
      `DocumentReference/${card.id}`,
      'ab'.repeat(32),
    ]);
    expect(provenance.reason?.[0].coding).toEqual([expect.objectContaining(AIAST)]);
  });

  it('names the model, its version, its bytes, and what it is not for', () => {
    const { device } = formsOf(twoImages());
    expect(device).toMatchObject({ manufacturer: 'wetread project', modelNumber: 'chest', identifier: [{ value: 'ab'.repeat(32) }] });
    expect(device.version?.map(({ value }) => value)).toEqual(['3', 'ab'.repeat(32), '0.1.0']);
    expect(device.property?.[0].valueCode?.[0].text).toBe('yes');
    expect(device.note?.map(({ text }) => text)).toEqual(['Shows the way of a study.', 'Knows nothing but pneumonia.']);
  });

  it('carries itself as a page and as text, with size and hash', () => {
    const { report } = formsOf(twoImages());
    expect(report.presentedForm?.map(({ contentType }) => contentType)).toEqual(['text/html', 'text/plain; charset=utf-8']);
    for (const { data, size, hash } of report.presentedForm ?? []) {
      const bytes = Buffer.from(data ?? '', 'base64');
      expect([size, hash]).toEqual([bytes.length, createHash('sha1').update(bytes).digest('base64')]); // R4 Attachment.hash: SHA-1
      expect(bytes.toString('utf8')).toContain('NOT FOR CLINICAL USE');
    }
  });

  it('lets no text of a card become markup', () => {
    const hostile = '<img src=x onerror="alert(1)"> & \'quoted\'';
    const model = aCard({
      title: hostile,
      intendedUse: hostile,
      classes: aCard().classes.map((one) => ({ ...one, label: one.kind === 'finding' ? hostile : one.label })),
    });
    const { all, report } = formsOf(aReport([aReading(0.9)], { model }));
    expect(all.flatMap(r4Faults)).toEqual([]);
    const page = Buffer.from(report.presentedForm?.[0].data ?? '', 'base64').toString('utf8');
    expect(page).toContain('&lt;img');
    expect(page).not.toContain('<img');
  });

  it('writes no probability as certain on the page', () => {
    const page = Buffer.from(formsOf(aReport([aReading(0.99999)])).report.presentedForm?.[0].data ?? '', 'base64').toString('utf8');
    expect(page).not.toMatch(/1\.000|100(\.0)? ?%/);
  });

  it('keeps its ids from version to version, so that they are versions of the same resources', () => {
    const ids = (report: PreliminaryReport) => formsOf(report).all.map(({ resourceType, id }) => `${resourceType}/${id}`);
    expect(ids({ ...twoImages(), version: 2, issued: new Date('2026-01-06T00:00:00Z') })).toEqual(ids(twoImages()));
  });

  it('is the same for the same report, byte for byte', () => {
    expect(JSON.stringify(reportResources(twoImages()))).toBe(JSON.stringify(reportResources(twoImages())));
  });
});
