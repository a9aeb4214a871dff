import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { conditions } from '../../src/archive/search-conditions.js';
import { BadSearchKey, type Matching, type SearchKey } from '../../src/archive/search-keys.js';

const LITERAL: Matching = { fuzzy: false, emptyValues: false, multipleValues: false };

/** The conditions of keys, and the values bound in them. */
function sqlOf(
  keys: Partial<SearchKey> | readonly Partial<SearchKey>[],
  matching: Partial<Matching> = {},
): { sql: string; values: unknown[] } {
  const values: unknown[] = [];
  const all = [keys].flat().map((key): SearchKey => ({ tag: '00100020', vr: 'LO', level: 'study', value: '', ...key }));
  const sql = conditions(all, { ...LITERAL, ...matching }, (value) => `$${values.push(value)}`).join(' AND ');
  return { sql, values };
}
const name = (value: string): Partial<SearchKey> => ({ tag: '00100010', vr: 'PN', value });

describe('A matching key as SQL (PS3.4 C.2.2.2)', () => {
  it('asks nothing for an empty value or a lone asterisk (universal matching)', () => {
    expect(sqlOf({ value: '' }).sql).toBe('');
    expect(sqlOf({ value: '*' }).sql).toBe('');
    expect(sqlOf({ tag: '00080005', vr: 'CS', value: 'ISO_IR 100' }).sql).toBe(''); // never matched (C.2.2.2)
  });

  it('binds every value and writes none into the text', () => {
    const vr = fc.constantFrom('LO', 'CS', 'PN', 'UI', 'SH');
    const tag = fc.constantFrom('00100020', '00100010', '0020000D', '00080061', '00081030', '00280010');
    const matching = fc.record({ fuzzy: fc.boolean(), emptyValues: fc.boolean(), multipleValues: fc.boolean() });
    const place = fc.constantFrom({}, { within: ['00400275'] }, { within: ['00400275', '00400008'] });
    const property = fc.property(vr, tag, matching, place, fc.string({ maxLength: 30 }), (of, at, how, where, noise) => {
      const { sql, values } = sqlOf({ vr: of, tag: at, value: `QQ${noise}QQ`, ...where }, how);
      expect(sql).not.toMatch(/QQ/i);
      expect(JSON.stringify(values).toUpperCase()).toContain('QQ');
    });
    fc.assert(property, { numRuns: 500, seed: 9 });
  });

  it('makes wild cards of * and ? only, and a range of a mere beginning', () => {
    expect(sqlOf({ value: 'A*B?C%D_E' }).values).toEqual(['A%B_C\\%D\\_E']);
    expect(sqlOf({ value: 'A%' })).toEqual({ sql: 's.patient_id = $1', values: ['A%'] });
    expect(sqlOf({ value: 'A%*' })).toEqual({ sql: '(s.patient_id >= $1 AND s.patient_id < $2)', values: ['A%', 'A%\u{10FFFF}'] });
  });

  it('takes a list of UIDs by comma or backslash, of codes too, of texts by backslash only', () => {
    expect(sqlOf({ tag: '0020000D', vr: 'UI', value: '1.2,1.3\\1.4' }).values).toEqual([['1.2', '1.3', '1.4']]);
    expect(sqlOf({ tag: '00080060', vr: 'CS', level: 'series', value: 'CT,MR\\PT' }).values).toEqual(['CT', 'MR', 'PT']);
    expect(sqlOf({ value: 'CHEST, PA\\LAT' }).values).toEqual(['CHEST, PA', 'LAT']);
    expect(sqlOf({ value: '\\LAT' }).values).toEqual(['LAT']); // an empty value among others matches nobody
  });

  it('asks for any of several values, with Multiple Value Matching for all of them (C.2.2.2.8)', () => {
    const modalities = { tag: '00080061', vr: 'CS', value: 'CT\\MR' };
    expect(sqlOf(modalities).sql).toBe('s.modalities && $1::text[]');
    expect(sqlOf(modalities, { multipleValues: true }).sql).toBe('s.modalities @> $1::text[]');
  });

  it('asks for what has no value by two quotation marks, where that is agreed (C.2.2.2.7)', () => {
    expect(sqlOf({ value: '""' }, { emptyValues: true })).toEqual({ sql: `s.patient_id = ''`, values: [] });
    expect(sqlOf({ value: '""' })).toEqual({ sql: 's.patient_id = $1', values: ['""'] });
  });

  it('finds a name or its beginning in any group by ranges that an index serves, without case and accents', () => {
    expect(sqlOf(name('MÜLLER^')).values).toEqual(['muller', 'muller', 'muller']);
    expect(sqlOf(name('MÜLLER*')).sql).not.toContain('LIKE');
    expect(sqlOf(name('*ller')).values).toContain('%%ller%'); // its letters narrow the search first
    expect(sqlOf(name('yamada*=山田*')).values).toEqual(['yamada', 'yamada\u{10FFFF}', '山田', '山田\u{10FFFF}']);
  });

  it('finds names fuzzily by each word: its beginning, its sound, its letters; a name of too many words is refused', () => {
    const { sql, values } = sqlOf(name('Smith, Jo+hn'), { fuzzy: true });
    expect(sql.match(/studies_of_similar_name/g)).toHaveLength(2);
    expect(values).toEqual(['(^|[\\^ =])smith', 'smith', 's530', '(^|[\\^ =])jo\\+hn', 'jo+hn', 'j500']);
    expect(() => sqlOf(name('a '.repeat(17)), { fuzzy: true })).toThrow(BadSearchKey);
  });

  it.each<[string, unknown[]]>([
    ['20260101', ['20260101']],
    ['20260101-', ['20260101', '99999999']],
    ['-20260101', ['0', '20260101']],
    ['20260101-20260131', ['20260101', '20260131']],
  ])('takes the date %s', (value, values) => {
    expect(sqlOf({ tag: '00080020', vr: 'DA', value }).values).toEqual(values);
  });

  it('lets the upper end of a time range cover all that it begins', () => {
    expect(sqlOf({ tag: '00080030', vr: 'TM', value: '08-0930' }).values).toEqual(['08', '0930~']);
  });

  it('makes one range of moments of a date and a time that are ranges of the same form (C.2.2.2.5.4)', () => {
    const date = (value: string): Partial<SearchKey> => ({ tag: '00080020', vr: 'DA', value });
    const time = (value: string): Partial<SearchKey> => ({ tag: '00080030', vr: 'TM', value });
    expect(sqlOf([date('20260101-20260103'), time('08-12')]).sql).toContain('(s.study_date, s.study_time) >= ($1, $3)');
    expect(sqlOf([date('20260101-'), time('08-12')]).sql).not.toContain('(s.study_date, s.study_time)');
    expect(sqlOf([date('20260101'), time('08-12')]).sql).not.toContain('(s.study_date, s.study_time)');
  });

  it.each<[string, string]>([
    ['DA', '2026'],
    ['DA', '-'],
    ['DA', '20260230'],
    ['DA', '20261301'],
    ['DA', '20260101-2026'],
    ['DA', '2026-01-01'],
    ['TM', '8'],
    ['TM', '24'],
    ['TM', '0860'],
    ['TM', '08:15'],
    ['DT', 'now'],
    ['DT', '20261301'],
    ['US', '8*'],
    ['IS', 'one'],
    ['AS', '0*Y'],
  ])('refuses for %s the value %s', (vr, value) => {
    expect(() => sqlOf({ tag: '00280010', vr, level: 'instance', value })).toThrow(BadSearchKey);
  });
});
