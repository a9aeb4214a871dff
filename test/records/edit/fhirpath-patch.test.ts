import { describe, expect, it } from '@jest/globals';
import { fhirPathPatch } from '../../../src/records/edit/patch/fhirpath-patch.js';
import { PatchFailed } from '../../../src/records/edit/patch/faults.js';

const part = (name: string, value: object) => ({ name, ...value });
const operation = (type: string, path: string, ...more: object[]) => ({
  name: 'operation',
  part: [part('type', { valueCode: type }), part('path', { valueString: path }), ...more],
});
const patched = (resource: { resourceType: string }, ...operations: object[]) =>
  fhirPathPatch({ resourceType: 'Parameters', parameter: operations })(JSON.stringify(resource), resource.resourceType).plain;
const PATIENT = { resourceType: 'Patient', deceasedBoolean: false, name: [{ use: 'official', family: 'A' }, { family: 'B' }] };

describe('A FHIRPath Patch (R4 fhirpatch.html)', () => {
  it('gives a choice the type of its new value', () => {
    const to = part('value', { valueDateTime: '2020' });
    const expected = { resourceType: 'Patient', name: PATIENT.name, deceasedDateTime: '2020' };
    expect(patched(PATIENT, operation('replace', 'Patient.deceased', to))).toEqual(expected);
    const without = { resourceType: 'Patient', name: PATIENT.name };
    expect(patched(without, operation('add', 'Patient', part('name', { valueString: 'deceased' }), to))).toEqual(expected);
  });

  it('finds its place by what is there', () => {
    const to = part('value', { valueString: 'C' });
    expect(patched(PATIENT, operation('replace', "Patient.name.where(use = 'official').family", to))).toMatchObject({
      name: [{ family: 'C' }, { family: 'B' }],
    });
    expect(patched(PATIENT, operation('delete', 'Patient.name.where(use.exists().not())'))).toMatchObject({ name: [{ family: 'A' }] });
    expect(patched(PATIENT, operation('delete', 'Patient.birthDate'))).toEqual(PATIENT);
  });

  it('takes what a primitive’s extensions say along', () => {
    const extra = { extension: [{ url: 'urn:x', valueString: 'of B' }] };
    const patient = { resourceType: 'Patient', name: [{ given: ['A', 'B'], _given: [null, extra] }] };
    const whole = (name: string, value: number) => part(name, { valueInteger: value });
    expect(patched(patient, operation('move', 'Patient.name[0].given', whole('source', 0), whole('destination', 1)))['name']).toEqual([
      { given: ['B', 'A'], _given: [extra, null] },
    ]);
    expect(
      patched(patient, operation('insert', 'Patient.name[0].given', whole('index', 0), part('value', { valueString: 'Z' })))['name'],
    ).toEqual([{ given: ['Z', 'A', 'B'], _given: [null, null, extra] }]);
    expect(
      patched(patient, operation('add', 'Patient.name[0]', part('name', { valueString: 'given' }), part('value', { valueString: 'Z' })))[
        'name'
      ],
    ).toEqual([{ given: ['A', 'B', 'Z'], _given: [null, extra, null] }]);
  });

  it('leaves the digits of what it does not touch', () => {
    const text = '{"resourceType":"Observation","status":"preliminary","code":{"text":"x"},"valueQuantity":{"value":1.00}}';
    const to = part('value', { valueCode: 'final' });
    const draft = fhirPathPatch({ resourceType: 'Parameters', parameter: [operation('replace', 'Observation.status', to)] })(
      text,
      'Observation',
    );
    expect(JSON.stringify(draft.exact)).toBe(text.replace('preliminary', 'final'));
  });

  it.each<[string, object]>([
    ['a kind that there is not', operation('swap', 'Patient.name')],
    ['no kind', { name: 'operation', part: [part('path', { valueString: 'Patient' })] }],
    ['a path that is none', operation('delete', 'Patient.name[')],
    ['a path to several', operation('delete', 'Patient.name')],
    ['a path to no element', operation('replace', "'x'", part('value', { valueString: 'x' }))],
    ['a path that looks elsewhere', operation('delete', 'Patient.managingOrganization.resolve()')],
    ['a path that takes its time', operation('delete', "Patient.name.where(family.matches('(a+)+$'))")],
    ['a path that multiplies', operation('delete', `Patient.where($this.select('a'.toChars()).count() < 0)`)],
    [
      'a path with filters within filters',
      operation('delete', 'Patient.name.where(family.where(true).where(true).where(true).where(true).exists())'),
    ],
    ['the whole resource', operation('delete', 'Patient')],
    ['no value', operation('replace', 'Patient.name[0].family')],
    [
      'an element that there is not',
      operation('add', 'Patient', part('name', { valueString: 'shoe' }), part('value', { valueString: 'x' })),
    ],
    ['a value that a choice cannot have', operation('replace', 'Patient.deceased', part('value', { valueHumanName: {} }))],
    [
      'a place outside of its list',
      operation('insert', 'Patient.name', part('index', { valueInteger: 3 }), part('value', { valueHumanName: {} })),
    ],
    [
      'a move from outside',
      operation('move', 'Patient.name', part('source', { valueInteger: 2 }), part('destination', { valueInteger: 0 })),
    ],
    ['a move to no number', operation('move', 'Patient.name', part('source', { valueInteger: 0 }))],
    ['something else than operations', { name: 'comment' }],
  ])('with %s fails', (_, given) => {
    expect(() => patched(PATIENT, given)).toThrow(PatchFailed);
  });
});
