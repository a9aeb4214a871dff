import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BadSearchKey, condition, type SearchKey } from '../../src/archive/search-keys.js';

/** The condition and the values bound in it. */
function sqlOf(key: Partial<SearchKey>): { sql: string | undefined; values: unknown[] } {
  const values: unknown[] = [];
  const sql = condition({ tag: '00100020', vr: 'LO', level: 'study', value: '', ...key }, (value) => `$${values.push(value)}`);
  return { sql, values };
}

describe('A matching key as SQL (PS3.4 C.2.2.2)', () => {
  it('asks nothing for an empty value or a lone asterisk (universal matching)', () => {
    expect(sqlOf({ value: '' }).sql).toBeUndefined();
    expect(sqlOf({ value: '*' }).sql).toBeUndefined();
  });

  it('binds every value and writes none into the text', () => {
    const vr = fc.constantFrom('LO', 'CS', 'PN', 'UI', 'SH');
    const tag = fc.constantFrom('00100020', '00100010', '0020000D', '00080061', '00081030', '00280010');
    const property = fc.property(vr, tag, fc.string({ minLength: 1, maxLength: 30 }), (of, at, noise) => {
      const marked = `QQ${noise}QQ`;
      const { sql, values } = sqlOf({ vr: of, tag: at, value: marked });
      expect(sql).not.toMatch(/QQ/i);
      expect(JSON.stringify(values).toUpperCase()).toContain('QQ');
    });
    fc.assert(property, { numRuns: 500, seed: 9 });
  });

  it('makes wild cards of * and ? only', () => {
    expect(sqlOf({ value: 'A*B?C%D_E' }).values).toEqual(['A%B_C\\%D\\_E']);
    expect(sqlOf({ value: 'A%' })).toMatchObject({ sql: expect.stringContaining(' = $1'), values: ['A%'] });
  });

  it('takes a list of UIDs by comma or backslash, of codes too, of texts by backslash only', () => {
    expect(sqlOf({ tag: '0020000D', vr: 'UI', value: '1.2,1.3\\1.4' }).values).toEqual([['1.2', '1.3', '1.4']]);
    expect(sqlOf({ tag: '00080060', vr: 'CS', value: 'CT,MR\\PT' }).values).toEqual(['CT', 'MR', 'PT']);
    expect(sqlOf({ value: 'CHEST, PA\\LAT' }).values).toEqual(['CHEST, PA', 'LAT']);
    expect(sqlOf({ value: '\\LAT' }).values).toEqual(['LAT']); // an empty value among others matches nobody
  });

  it('matches names without regard to case and accents', () => {
    expect(sqlOf({ tag: '00100010', vr: 'PN', value: 'MÜLLER*' }).values).toEqual(['%muller%%', '%=muller%=%']);
  });

  it.each<[string, unknown[]]>([
    ['20260101', ['20260101']],
    ['20260101-', ['20260101']],
    ['-20260101', ['20260101']],
    ['20260101-20260131', ['20260101', '20260131']],
  ])('takes the date %s', (value, values) => {
    expect(sqlOf({ tag: '00080020', vr: 'DA', value }).values).toEqual(values);
  });

  it('lets the upper end of a time range cover all that it begins', () => {
    expect(sqlOf({ tag: '00080030', vr: 'TM', value: '08-0930' }).values).toEqual(['08', '0930~']);
  });

  it.each<[string, string]>([
    ['DA', '2026'],
    ['DA', '-'],
    ['DA', '20260101-2026'],
    ['DA', '2026-01-01'],
    ['TM', '8'],
    ['TM', '08:15'],
    ['DT', 'now'],
    ['US', '8*'],
  ])('refuses for %s the value %s', (vr, value) => {
    expect(() => sqlOf({ tag: '00280010', vr, level: 'instance', value })).toThrow(BadSearchKey);
  });
});
