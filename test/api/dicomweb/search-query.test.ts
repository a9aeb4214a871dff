import { describe, expect, it } from '@jest/globals';
import { BadPaging, MAXIMUM_LIMIT, searchQuery } from '../../../src/api/dicomweb/search-query.js';
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
    expect(searchQuery('study', { includefield: ['PatientComments,00081030', 'StudyID'] }, {}).include).toEqual(
      new Set(['00104000', '00081030', '00200010']),
    );
    expect(searchQuery('study', { includefield: 'all' }, {}).include).toBe('all');
  });

  it('has a limit always, and never beyond the greatest', () => {
    expect(searchQuery('study', {}, {})).toMatchObject({ limit: 1_000, offset: 0 });
    expect(searchQuery('study', { limit: '999999', offset: '7' }, {})).toMatchObject({ limit: MAXIMUM_LIMIT, offset: 7 });
  });

  it.each(['-1', '1.5', 'ten', '', '1e3', '99999999999'])('refuses %p as limit and offset', (value) => {
    expect(() => searchQuery('study', { limit: value }, {})).toThrow(BadPaging);
    expect(() => searchQuery('study', { offset: value }, {})).toThrow(BadPaging);
  });

  it('refuses names that PS3.6 does not know, and keys of a lower level', () => {
    expect(() => searchQuery('study', { NoSuchThing: '1' }, {})).toThrow(BadSearchKey);
    expect(() => searchQuery('study', { includefield: 'NoSuchThing' }, {})).toThrow(BadSearchKey);
    expect(() => searchQuery('study', { SeriesNumber: '1' }, {})).toThrow(BadSearchKey);
    expect(() => searchQuery('series', { SOPInstanceUID: '1' }, {})).toThrow(BadSearchKey);
  });
});
