import { describe, expect, it } from '@jest/globals';
import { tag, type DicomJson } from '../../../src/dicom/dicom-json.js';
import { ageInYears } from '../../../src/evidence/datasets/case-header.js';
import { PopulationMalformed } from '../../../src/evidence/datasets/faults.js';
import { Missingness } from '../../../src/evidence/datasets/missingness.js';
import { searchKeys, toldPopulation, type Population } from '../../../src/evidence/datasets/population.js';

describe('The rules of a population', () => {
  it.each<[string, Partial<Population>]>([
    ['an empty list', { modality: [] }],
    ['an empty value', { institution: [' '] }],
    ['a value that would be two', { manufacturer: ['A\\B'] }],
    ['no days', { studyDate: {} }],
    ['days that are none', { studyDate: { from: '2026-01-01' } }],
    ['days that end before they begin', { studyDate: { from: '20260102', to: '20260101' } }],
    ['ages that are none', { ageYears: { least: -1 } }],
    ['ages that end before they begin', { ageYears: { least: 50, most: 40 } }],
    ['an instance twice', { sopInstanceUIDs: ['1.2', '1.2'] }],
  ])('are refused with %s', (_, population) => {
    expect(() => searchKeys({ images: 'all', ...population })).toThrow(PopulationMalformed);
  });

  it('are told without what leads to people', () => {
    const population: Population = { modality: ['CR'], institution: ['Clinic B', 'Clinic A'], sopInstanceUIDs: ['1.2.3'], images: 'all' };
    const told = toldPopulation(population);
    expect(told).not.toMatch(/Clinic|1\.2\.3/);
    expect(JSON.parse(told)).toMatchObject({ modality: ['CR'], images: 'all', institution: { listed: 2 }, sopInstanceUIDs: { listed: 1 } });
    expect(toldPopulation({ ...population, institution: ['Clinic A', 'Clinic B'] })).toBe(told);
  });
});

const dataset = (elements: Readonly<Record<string, string>>): DicomJson =>
  Object.fromEntries(Object.entries(elements).map(([at, value]) => [at, { vr: 'LO', Value: [value] }]));

describe('A case’s age', () => {
  const [AGE, BORN, IMAGED] = [tag(0x0010, 0x1010), tag(0x0010, 0x0030), tag(0x0008, 0x0020)];
  it.each<[Readonly<Record<string, string>>, number | null]>([
    [{ [AGE]: '061Y' }, 61],
    [{ [AGE]: '018M' }, 1],
    [{ [AGE]: '104W' }, 1],
    [{ [AGE]: '105W' }, 2],
    [{ [AGE]: '003D' }, 0],
    [{ [AGE]: '61', [BORN]: '19700131', [IMAGED]: '20260130' }, 55],
    [{ [BORN]: '19700131', [IMAGED]: '20260131' }, 56],
    [{ [BORN]: '20270101', [IMAGED]: '20260131' }, null],
    [{ [BORN]: '19700131' }, null],
    [{}, null],
  ])('is of %j: %j', (elements, years) => {
    expect(ageInYears(dataset(elements))).toBe(years);
  });
});

describe('What a dataset lacks', () => {
  it('is counted by attribute, with none of the values', () => {
    const missing = new Missingness();
    missing.add(dataset({ [tag(0x0010, 0x0040)]: 'F', [tag(0x0018, 0x0060)]: '  ' }));
    missing.add(dataset({ [tag(0x0018, 0x0060)]: '81' }));
    const table = missing.table();
    expect(table).toContainEqual({ attribute: 'PatientSex', missing: 1, of: 2 });
    expect(table).toContainEqual({ attribute: 'KVP', missing: 1, of: 2 });
    expect(table).toContainEqual({ attribute: 'ViewPosition', missing: 2, of: 2 });
    expect(JSON.stringify(table)).not.toMatch(/81|"F"/);
  });
});
