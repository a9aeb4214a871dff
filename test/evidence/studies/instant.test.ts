import { describe, expect, it } from '@jest/globals';
import { TableMalformed } from '../../../src/evidence/analysis/faults.js';
import { readingsFromCsv } from '../../../src/evidence/studies/imports/from-csv.js';
import { instantOf } from '../../../src/evidence/studies/imports/instant.js';

describe('A moment', () => {
  it.each([
    ['2026-03-02T10:15:30+01:00', '2026-03-02T09:15:30.000Z'],
    ['2026-03-02T10:15Z', '2026-03-02T10:15:00.000Z'],
    ['2024-02-29T23:59:59.123456-14:00', '2024-03-01T13:59:59.123Z'],
  ])('%s is %s', (text, instant) => expect(instantOf(text)).toBe(instant));

  it.each([
    '2026-02-29T10:00Z',
    '2026-13-01T10:00Z',
    '2026-03-02T24:00Z',
    '2026-03-02T10:15:60Z',
    '2026-03-02T10:15',
    '2026-03-02',
    '0001-01-01T00:00Z',
    '2026-03-02T10:15+15:00',
  ])('%s is none', (text) => expect(instantOf(text)).toBeUndefined());
});

describe('A table of readings', () => {
  const head = 'reader_id,case_id,arm,rating,clinical_action,submitted_at,reason\n';

  it('gives each row its place', () => {
    expect(readingsFromCsv(`${head}R1,C0001,aided,3,1,2026-03-02T10:15Z,\n`)).toMatchObject([{ place: 'Row 2', rating: 3, arm: 'aided' }]);
  });

  it.each(['R1,C0001,aided,99999,1,2026-03-02T10:15Z,', 'R1,C0001,aided,3,1,2026-02-30T10:15Z,', 'R1,C0001,aided,3,2,2026-03-02T10:15Z,'])(
    'refuses what the database could not hold: %s',
    (row) => expect(() => readingsFromCsv(`${head}${row}\n`)).toThrow(TableMalformed),
  );
});
