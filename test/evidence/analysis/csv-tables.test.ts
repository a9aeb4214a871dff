import { describe, expect, it } from '@jest/globals';
import { casesOf, predictionsOf, readTable, readingsOf } from '../../../src/evidence/analysis/csv-tables.js';
import { TableMalformed } from '../../../src/evidence/analysis/faults.js';

const rowsOf = (text: string): string[][] => readTable(text, []).map(({ fields }) => [...fields.values()]);

describe('A table of comma-separated values (RFC 4180)', () => {
  it('has fields with quotes, commas and line breaks in them, lines that end either way, and perhaps no end at the end', () => {
    expect(rowsOf('a,b\r\n"x, ""y""","two\r\nlines"\n1,')).toEqual([
      ['x, "y"', 'two\r\nlines'],
      ['1', ''],
    ]);
    expect(rowsOf('\uFEFFa\n1\n2')).toEqual([['1'], ['2']]);
    expect(rowsOf('a,b\n')).toEqual([]);
  });

  it.each([
    ['', 1, 'no head at all'],
    ['a,b\n1,2\n3', 3, 'a row that is too short'],
    ['a,b\n1,2,3', 2, 'a row that is too long'],
    ['a\n"open', 2, 'a quote that is not closed'],
    ['a\n"x"y', 2, 'text behind a quote'],
    ['a\nx"y"', 2, 'a quote within a field'],
  ])('names the row of %j: %d, %s', (text, row) => {
    expect(() => rowsOf(text)).toThrow(TableMalformed);
    expect(() => rowsOf(text)).toThrow(`Row ${row}:`);
  });

  it('must have each column that is needed, once', () => {
    expect(() => readTable('a,b\n', ['a', 'c'])).toThrow('Row 1: the column c is not there once.');
    expect(() => readTable('a,a\n', ['a'])).toThrow('Row 1: the column a is not there once.');
  });

  it('takes a hundred thousand rows within ten seconds', () => {
    const text = `case_id,score,error\n${Array.from({ length: 100_000 }, (_, i) => `C${i},0.25,`).join('\n')}\n`;
    const began = performance.now();
    expect(predictionsOf(text)).toHaveLength(100_000);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe('The tables of a study', () => {
  it('are typed by what the plan says their columns are', () => {
    const text = 'case_id,patient_id,site,age,truth,recall,note\nC1,P1,North,61,1,0,\nC2,P1,,,0,1,"a, b"\n';
    expect(casesOf(text, { binary: ['recall'], category: ['site'], number: ['age'] })).toEqual([
      { caseId: 'C1', patientId: 'P1', truth: 1, binary: { recall: 0 }, category: { site: 'North' }, number: { age: 61 } },
      { caseId: 'C2', patientId: 'P1', truth: 0, binary: { recall: 1 }, category: { site: '' }, number: { age: null } },
    ]);
  });

  it('have for each case a score or an error', () => {
    expect(predictionsOf('case_id,score,error\nC1,1e-3,\nC2,,E_DECODE\n')).toEqual([
      { caseId: 'C1', score: 0.001 },
      { caseId: 'C2', error: 'E_DECODE' },
    ]);
    for (const row of ['C1,,', 'C1,0.5,E_DECODE', ',0.5,', 'C1,NaN,', 'C1,Infinity,', 'C1,0x10,', 'C1,1e999,', 'C1, 0.5,'])
      expect(() => predictionsOf(`case_id,score,error\n${row}\n`)).toThrow(TableMalformed);
  });

  it('say of a reading in which arm it was made, by which reader, and what could not be read', () => {
    expect(readingsOf('reader_id,case_id,rating,clinical_action\nR1,C1,4,1\nR1,C2,,\n')).toEqual([
      { arm: 'unaided', readerId: 'R1', caseId: 'C1', rating: 4, clinicalAction: 1 },
      { arm: 'unaided', readerId: 'R1', caseId: 'C2', rating: null, clinicalAction: null },
    ]);
    expect(readingsOf('arm,reader_id,case_id,rating,clinical_action\naided,R1,C1,4,1\n')[0].arm).toBe('aided');
    expect(() => readingsOf('arm,reader_id,case_id,rating,clinical_action\nboth,R1,C1,4,1\n')).toThrow('Row 2: arm is none of');
    expect(() => readingsOf('reader_id,case_id,rating,clinical_action\nR1,C1,4,2\n')).toThrow('Row 2: clinical_action is neither 0 nor 1.');
  });
});
