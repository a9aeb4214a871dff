import { describe, expect, it } from '@jest/globals';
import { labelsFromFhir } from '../../../src/evidence/studies/imports/label-from-fhir.js';
import { readingsFromFhir } from '../../../src/evidence/studies/imports/reading-from-fhir.js';
import { aLabelObservation, aReadingObservation, arm, bundleOf, caseNamed, readerNamed, UNREAD } from '../a-reading-observation.js';

const read = (resource: object) => readingsFromFhir(JSON.stringify(resource));
const refusal = (resource: object): string => {
  try {
    return JSON.stringify(read(resource));
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
};

describe('Readings as Observations', () => {
  it('are one, or a Bundle of them', () => {
    const one = {
      of: { caseKey: 'C0001' },
      reader: 'R1',
      arm: 'unaided',
      rating: 4,
      clinicalAction: 1,
      status: 'read',
      submittedAt: '2026-03-02T09:15:30.000Z',
      reason: '',
    };
    expect(read(aReadingObservation())).toEqual([{ ...one, place: 'Observation' }]);
    const second = aReadingObservation({
      subject: undefined,
      focus: [caseNamed('C0002')],
      performer: readerNamed('R2'),
      method: arm('aided'),
    });
    expect(read(bundleOf(aReadingObservation(), second))).toEqual([
      { ...one, place: 'Bundle.entry[0].resource' },
      { ...one, place: 'Bundle.entry[1].resource', of: { caseKey: 'C0002' }, reader: 'R2', arm: 'aided' },
    ]);
  });

  it('that could not be made say why', () => {
    expect(read(aReadingObservation(UNREAD))).toMatchObject([
      { status: 'not-evaluable', rating: null, clinicalAction: null, reason: 'Motion' },
    ]);
  });

  it.each([
    ['what is preliminary', { status: 'preliminary' }, '.status'],
    ['another code', { code: { text: 'rating' } }, '.code'],
    ['no case', { subject: { reference: 'Patient/1' } }, '.subject'],
    ['two cases', { focus: [caseNamed('C0002')] }, '.subject'],
    ['no reader', { performer: undefined }, '.performer'],
    ['two readers', { performer: [...readerNamed('R1'), ...readerNamed('R2')] }, '.performer'],
    ['no arm', { method: { text: 'unaided' } }, '.method'],
    ['a day without time', { effectiveDateTime: '2026-03-02' }, '.effectiveDateTime'],
    ['a rating that is a quantity', { valueInteger: undefined, valueQuantity: { value: 4 } }, '.value'],
    ['a rating off every scale', { valueInteger: 40_000 }, '.value'],
    ['no action', { component: undefined }, '.component'],
    ['an action that is none', { component: [{ code: arm('clinical-action'), valueInteger: 2 }] }, '.component[0].value'],
    ['an action without reading', { ...UNREAD, component: [{ code: arm('clinical-action'), valueBoolean: true }] }, '.component[0]'],
    ['what changes its meaning', { modifierExtension: [{ url: 'urn:x', valueBoolean: true }] }, '.modifierExtension'],
    ['what is no FHIR', { valueInteger: 'four' }, '.value'],
  ])('are refused by their place: %s', (_what, said, place) => {
    expect(refusal(aReadingObservation(said))).toContain(`entry-malformed: Observation${place}`);
    expect(refusal(bundleOf(aReadingObservation(), aReadingObservation(said)))).toContain(
      `entry-malformed: Bundle.entry[1].resource${place}`,
    );
  });

  it('are nothing else: no other resource, no other Bundle, no text that says a thing twice or is none', () => {
    expect(refusal({ resourceType: 'Patient' })).toContain('entry-malformed: Patient must be an Observation');
    expect(refusal(bundleOf(aReadingObservation(), { resourceType: 'Patient' }))).toContain('Bundle.entry[1].resource must be');
    expect(refusal({ ...bundleOf(aReadingObservation()), type: 'transaction' })).toContain('entry-malformed: Bundle');
    expect(refusal(bundleOf())).toContain('entry-malformed: Bundle');
    const twice = JSON.stringify(aReadingObservation()).replace('"valueInteger":4', '"valueInteger":4,"valueInteger":5');
    expect(() => readingsFromFhir(twice)).toThrow('valueInteger');
    expect(() => readingsFromFhir('reader_id,case_id')).toThrow('not JSON');
  });
});

describe('Labels as Observations', () => {
  it('are yes, no, or not to be told', () => {
    const labels = bundleOf(
      aLabelObservation('C0001'),
      aLabelObservation('C0002', { valueBoolean: undefined, valueInteger: 0 }),
      aLabelObservation('C0003', { valueBoolean: undefined, dataAbsentReason: { text: 'lost' } }),
    );
    expect(labelsFromFhir(JSON.stringify(labels)).map(({ of, label, method }) => [of, label, method])).toEqual([
      [{ caseKey: 'C0001' }, 1, 'biopsy'],
      [{ caseKey: 'C0002' }, 0, 'biopsy'],
      [{ caseKey: 'C0003' }, null, 'biopsy'],
    ]);
  });

  it('are refused without how they are known, or with a value that is none', () => {
    const refused = (said: object) => () => labelsFromFhir(JSON.stringify(aLabelObservation('C0001', said)));
    expect(refused({ method: undefined })).toThrow('Observation.method lacks how it is known');
    expect(refused({ valueBoolean: undefined, valueInteger: 2 })).toThrow('Observation.value must be');
    expect(refused({ code: arm('rating') })).toThrow('Observation.code must be label');
  });
});
