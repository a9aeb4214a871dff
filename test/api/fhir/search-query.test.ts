import { describe, expect, it } from '@jest/globals';
import { BadSearchParameter, cursorText, searchQuery } from '../../../src/api/fhir/search-query.js';

const bounds = (text: string) =>
  searchQuery('Patient', { _lastUpdated: text }, undefined).search.lastUpdated.map(({ operator, at }) => `${operator}${at.toISOString()}`);
const values = (text: string, parameter = 'identifier', type = 'DiagnosticReport') =>
  searchQuery(type, { [parameter]: text }, undefined).search.tokens[0].values;

describe('A date of a search (R4 search.html#date)', () => {
  it.each([
    ['2026', ['>=2026-01-01T00:00:00.000Z', '<2027-01-01T00:00:00.000Z']],
    ['2026-12', ['>=2026-12-01T00:00:00.000Z', '<2027-01-01T00:00:00.000Z']],
    ['2024-02-29', ['>=2024-02-29T00:00:00.000Z', '<2024-03-01T00:00:00.000Z']],
    ['2026-01-15T10:20', ['>=2026-01-15T10:20:00.000Z', '<2026-01-15T10:21:00.000Z']],
    ['2026-01-15T10:20:30Z', ['>=2026-01-15T10:20:30.000Z', '<2026-01-15T10:20:31.000Z']],
    ['2026-01-15T10:20:30.5Z', ['>=2026-01-15T10:20:30.500Z', '<2026-01-15T10:20:30.501Z']],
    ['2026-01-15T01:00:00+02:00', ['>=2026-01-14T23:00:00.000Z', '<2026-01-14T23:00:01.000Z']],
    ['2026-01-15T01:00:00 02:00', ['>=2026-01-14T23:00:00.000Z', '<2026-01-14T23:00:01.000Z']],
    ['eq2026-01', ['>=2026-01-01T00:00:00.000Z', '<2026-02-01T00:00:00.000Z']],
    ['gt2026-01', ['>=2026-02-01T00:00:00.000Z']],
    ['sa2026-01', ['>=2026-02-01T00:00:00.000Z']],
    ['ge2026-01', ['>=2026-01-01T00:00:00.000Z']],
    ['lt2026-01', ['<2026-01-01T00:00:00.000Z']],
    ['eb2026-01', ['<2026-01-01T00:00:00.000Z']],
    ['le2026-01', ['<2026-02-01T00:00:00.000Z']],
  ])('%s is %j', (text, expected) => {
    expect(bounds(text)).toEqual(expected);
  });

  it.each([
    '',
    'today',
    '26',
    '2026-1',
    '2026-13',
    '2026-00',
    '2023-02-29',
    '2026-04-31',
    '2026-01-15T25:00Z',
    'ne2026',
    'ap2026',
    '2026-01-15T10',
    '2026-01-15T10:20:30.1234567890Z',
  ])('%s is none', (text) => {
    expect(() => bounds(text)).toThrow(BadSearchParameter);
  });
});

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
    expect(values(text)).toEqual(expected);
  });

  it('of a reference may leave its type out', () => {
    expect(
      [values('1', 'patient'), values('Patient/1', 'patient'), values('1', 'imagingStudy'), values('Observation/1', 'target', 'Provenance')]
        .flat()
        .map(({ value }) => value),
    ).toEqual(['Patient/1', 'Patient/1', 'ImagingStudy/1', 'Observation/1']);
  });

  it.each(['', ',', 'a,', '|', 'a\0'])('is not %j', (text) => {
    expect(() => values(text)).toThrow(BadSearchParameter);
  });
});

describe('A search', () => {
  it('has 20 entries a page, 1000 at most', () => {
    const limit = (text?: string) => searchQuery('Patient', text === undefined ? {} : { _count: text }, undefined).search.limit;
    expect([limit(), limit('0'), limit('7'), limit('100000')]).toEqual([20, 0, 7, 1_000]);
  });

  it('goes on where its cursor says', () => {
    const last = { lastUpdated: new Date('2026-01-15T12:00:00.123Z'), id: 'a-1' };
    expect(searchQuery('Patient', { _cursor: cursorText(last) }, undefined).search.after).toEqual(last);
  });

  it('never says again what it did not understand', () => {
    for (const name of ['<script>', 'x'.repeat(50), 'Doe^Jane'])
      expect(() => searchQuery('Patient', { [name]: 'Doe' }, undefined)).toThrow(/^The search parameter given is not one/);
  });

  it('ignores a parameter only where the client prefers that', () => {
    expect(searchQuery('Patient', { name: 'x' }, 'respond-async, handling=lenient').ignored).toEqual(['name']);
    for (const prefer of [undefined, 'handling=strict', 'xhandling=lenient'])
      expect(() => searchQuery('Patient', { name: 'x' }, prefer)).toThrow(BadSearchParameter);
  });
});
