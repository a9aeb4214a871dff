import { describe, expect, it } from '@jest/globals';
import type { Condition } from '../../../src/records/search/condition.js';
import { BadSearchParameter, SearchTooLarge } from '../../../src/records/search/faults.js';
import { SERVED_TYPES } from '../../../src/records/served-types.js';
import { cursorText, parseSearch } from '../../../src/records/search/parse-search.js';
import { searchParameters } from '../../../src/records/search/search-parameters.js';

const CONTEXT = { base: 'http://here/fhir', now: Date.parse('2026-01-01T00:00:00Z') };
const parse = (type: string, ...parameters: [string, string][]) => parseSearch({ type, parameters, lenient: false }, CONTEXT);
const condition = (type: string, name: string, value: string) => parse(type, [name, value]).search.conditions[0];
const tests = (type: string, name: string, value: string) => (condition(type, name, value) as Extract<Condition, { any: unknown }>).any;

describe('A token of a search (R4 search.html#token)', () => {
  it.each([
    ['a', [{ system: undefined, value: 'a' }]],
    ['s|a', [{ system: 's', value: 'a' }]],
    ['|a', [{ system: '', value: 'a' }]],
    ['s|', [{ system: 's', value: undefined }]],
    [
      'a,s|b',
      [
        { system: undefined, value: 'a' },
        { system: 's', value: 'b' },
      ],
    ],
    ['a\\,b', [{ system: undefined, value: 'a,b' }]],
    ['s|a\\|b', [{ system: 's', value: 'a|b' }]],
    [
      'a\\\\,b',
      [
        { system: undefined, value: 'a\\' },
        { system: undefined, value: 'b' },
      ],
    ],
    ['a\\$b', [{ system: undefined, value: 'a$b' }]],
  ])('%s is %j', (text, expected) => {
    expect(tests('DiagnosticReport', 'identifier', text)).toEqual(expected);
  });

  it.each(['', ',', 'a,', '|', 'a\0', 'a|b|c'])('is not %j', (text) => {
    expect(() => condition('DiagnosticReport', 'identifier', text)).toThrow(BadSearchParameter);
  });
});

describe('A reference of a search (R4 search.html#reference)', () => {
  const here = (id: string) => ({ type: '', id: `http://here/fhir/${id}` });

  it('is the same with its type, without it, and by the address that it has here', () => {
    const patient = [{ type: 'Patient', id: '1' }, here('Patient/1')];
    expect(tests('ImagingStudy', 'patient', 'Patient/1')).toEqual(patient);
    expect(tests('ImagingStudy', 'patient', 'http://here/fhir/Patient/1')).toEqual(patient);
    expect(tests('ImagingStudy', 'patient', '1')).toEqual(expect.arrayContaining(patient));
    expect(tests('Observation', 'subject:Patient', '1')).toEqual(expect.arrayContaining(patient));
  });

  it('of somewhere else is its address', () => {
    expect(tests('ImagingStudy', 'patient', 'http://there/Patient/1')).toEqual([{ type: '', id: 'http://there/Patient/1' }]);
  });

  it.each([
    ['Observation', 'subject:Practitioner'],
    ['Observation', 'subject:missing.name'],
    ['Observation', 'status.name'],
    ['Observation', 'subject.nothing'],
    ['Patient', '_has:Observation:status:code'],
    ['Practitioner', '_has:Observation:subject:code'],
    ['Patient', '_has:Observation:subject'],
    ['Patient', 'name:not'],
    ['Patient', 'birthdate:exact'],
    ['Observation', 'code-value-quantity:missing'],
  ])('%s?%s is refused', (type, name) => {
    expect(() => condition(type, name, 'x')).toThrow(BadSearchParameter);
  });

  it('leads no further than five links', () => {
    const chain = 'partof.'.repeat(6);
    expect(() => condition('Organization', `${chain}name`, 'x')).toThrow(SearchTooLarge);
  });
});

describe('A search', () => {
  it('has 20 entries a page, 1000 at most', () => {
    const count = (...text: string[]) => parse('Patient', ...text.map((one): [string, string] => ['_count', one])).search.count;
    expect([count(), count('0'), count('7'), count('100000')]).toEqual([20, 0, 7, 1_000]);
  });

  it('goes on where its cursor says, and takes no other', () => {
    const cursor = { values: ['2026-01-15 12:00:00.123+00', null], no: 17 };
    expect(parse('Patient', ['_cursor', cursorText(cursor)]).search.cursor).toEqual(cursor);
    for (const text of ['', 'x', Buffer.from('{}').toString('base64url'), Buffer.from('[1,2]').toString('base64url')])
      expect(() => parse('Patient', ['_cursor', text])).toThrow(BadSearchParameter);
  });

  it('never says again what it did not understand', () => {
    for (const name of ['<script>', 'x'.repeat(90), 'Doe^Jane'])
      expect(() => parse('Patient', [name, 'Doe'])).toThrow(/^The search parameter given is not one/);
  });

  it('leaves a parameter out only where that is asked for', () => {
    expect(parseSearch({ type: 'Patient', parameters: [['shoe', 'x']], lenient: true }, CONTEXT).ignored).toEqual(['shoe']);
    expect(() => parse('Patient', ['shoe', 'x'])).toThrow(BadSearchParameter);
  });

  it('is refused where it is more than a search', () => {
    const many = Array.from({ length: 101 }, (): [string, string] => ['status', 'final']);
    expect(() => parse('DiagnosticReport', ...many)).toThrow(SearchTooLarge);
    expect(() => parse('DiagnosticReport', ['status', 'a,'.repeat(1_001)])).toThrow(SearchTooLarge);
    expect(() => parse('DiagnosticReport', ['_sort', '_id,_id,_id,_id,_id,_id'])).toThrow(SearchTooLarge);
  });
});

describe('The numbers of search parameters', () => {
  it('are different for every parameter, and for what its modifiers look at', () => {
    const all = SERVED_TYPES.flatMap((type) => [...searchParameters(type).values()]).flatMap(({ numbers, components }) =>
      [numbers, ...components.filter(({ isShared }) => isShared !== true).map((part) => part.numbers)].flatMap(
        ({ own, text, identifier, ofType }) => [own, text, identifier, ofType],
      ),
    );
    expect(all.length).toBeGreaterThan(1_500);
    expect(new Set(all).size).toBe(all.length);
  });
});
