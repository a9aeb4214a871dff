import { describe, expect, it } from '@jest/globals';
import { BadPaging, BadSwitch, MAXIMUM_LIMIT, searchQuery } from '../../../src/api/dicomweb/search-query.js';
import { BadSearchKey } from '../../../src/archive/search-keys.js';

describe('A query string as a search (PS3.18 8.3.4)', () => {
  it('takes keys by keyword and by tag, each with its VR and level', () => {
    const { keys } = searchQuery('instance', { PatientName: 'Doe*', '0020000e': '1.2', Rows: '8', ModalitiesInStudy: 'CT' }, {});
    expect(keys).toEqual([
      { tag: '00100010', vr: 'PN', level: 'study', value: 'Doe*' },
      { tag: '0020000E', vr: 'UI', level: 'series', value: '1.2' },
      { tag: '00280010', vr: 'US', level: 'instance', value: '8' },
      { tag: '00080061', vr: 'CS', level: 'study', value: 'CT' },
    ]);
  });

  it('adds the UIDs of the path', () => {
    const { keys } = searchQuery('instance', {}, { study: '1.2', series: '1.3' });
    expect(keys.map(({ tag, value }) => [tag, value])).toEqual([
      ['0020000D', '1.2'],
      ['0020000E', '1.3'],
    ]);
  });

  it('takes a repeated key as two conditions', () => {
    expect(searchQuery('study', { PatientID: ['A*', '*B'] }, {}).keys.map(({ value }) => value)).toEqual(['A*', '*B']);
  });

  it('collects included fields, by list and by repetition, and all', () => {
    expect(searchQuery('study', { includefield: ['PatientComments,00081030', 'StudyID'] }, {}).include.tags).toEqual(
      new Set(['00104000', '00081030', '00200010']),
    );
    expect(searchQuery('study', { includefield: 'all' }, {}).include.tags).toBe('all');
  });

  it('has a limit always, and never beyond the greatest', () => {
    expect(searchQuery('study', {}, {})).toMatchObject({ limit: 1_000, offset: 0 });
    expect(searchQuery('study', { limit: '999999', offset: '7' }, {})).toMatchObject({ limit: MAXIMUM_LIMIT, offset: 7 });
  });

  it.each(['-1', '1.5', 'ten', '', '1e3', '99999999999'])('refuses %p as limit and offset', (value) => {
    expect(() => searchQuery('study', { limit: value }, {})).toThrow(BadPaging);
    expect(() => searchQuery('study', { offset: value }, {})).toThrow(BadPaging);
  });

  it('takes a path into sequences, by keyword and by tag, as one key of the level of its sequence (8.3.4.1)', () => {
    const within = { level: 'series', within: ['00400275'], value: 'A1', vr: 'SH', tag: '00080050' };
    expect(searchQuery('series', { 'RequestAttributesSequence.AccessionNumber': 'A1' }, {}).keys).toEqual([within]);
    expect(searchQuery('series', { '00400275.00080050': 'A1' }, {}).keys).toEqual([within]);
    expect(() => searchQuery('series', { 'Modality.AccessionNumber': 'A1' }, {})).toThrow(BadSearchKey);
    expect(() => searchQuery('series', { [Array.from({ length: 9 }, () => '00400275').join('.')]: '' }, {})).toThrow(BadSearchKey);
  });

  it('gives a private key its creator where the request names it', () => {
    const { keys, include } = searchQuery('instance', { '00091002': 'X', '00090010': 'ACME', includefield: '00091003' }, {});
    expect(keys.map(({ tag, creator }) => [tag, creator])).toEqual(
      expect.arrayContaining([
        ['00091002', 'ACME'],
        ['00090010', 'ACME'],
      ]),
    );
    expect(include).toEqual({ tags: new Set(['00091003']), creators: new Map([['00090010', 'ACME']]) });
  });

  it('reads how keys are to be matched, and refuses what is neither true nor false', () => {
    const query = { fuzzymatching: 'true', emptyvaluematching: 'false', MultipleValueMatching: 'true', TimezoneOffsetFromUTC: ' 0100' };
    expect(searchQuery('study', query, {}).matching).toEqual({
      fuzzy: true,
      emptyValues: false,
      multipleValues: true,
      timezoneOffset: '+0100',
    });
    expect(() => searchQuery('study', { fuzzymatching: 'yes' }, {})).toThrow(BadSwitch);
    expect(() => searchQuery('study', { TimezoneOffsetFromUTC: 'CET' }, {})).toThrow(BadSearchKey);
  });

  it('refuses names that PS3.6 does not know, and keys of a lower level', () => {
    expect(() => searchQuery('study', { NoSuchThing: '1' }, {})).toThrow(BadSearchKey);
    expect(() => searchQuery('study', { includefield: 'NoSuchThing' }, {})).toThrow(BadSearchKey);
    expect(() => searchQuery('study', { SeriesNumber: '1' }, {})).toThrow(BadSearchKey);
    expect(() => searchQuery('series', { SOPInstanceUID: '1' }, {})).toThrow(BadSearchKey);
  });
});
