import { describe, expect, it } from '@jest/globals';
import { BadGraphArgument, GraphTooLarge } from '../../../src/records/graphql/faults.js';
import { filterElements, sliceNames, type ListArguments } from '../../../src/records/graphql/filter-elements.js';
import { Spending } from '../../../src/records/graphql/spending.js';

const names = [
  { use: 'official', family: 'Reed', given: ['Ann', 'Beth'] },
  { use: 'usual', given: ['Annie'] },
  { use: 'official', family: 'Reed-Marsh' },
];
const filter = (asked: ListArguments, list: readonly unknown[] = names) => filterElements(list, asked, 'HumanName', new Spending());

describe('A list with arguments (R4 graphql.html)', () => {
  it('gives those that have all the values; of a list any will do', () => {
    expect(filter({ use: 'official', family: 'Reed' })).toEqual([names[0]]);
    expect(filter({ given: 'Beth' })).toEqual([names[0]]);
    expect(filter({ family: 'reed' })).toEqual([]);
    expect(filter({ use: null })).toEqual(names);
  });

  it('gives those for which a FHIRPath is true; places count among them', () => {
    expect(filter({ fhirpath: "family.startsWith('Reed')" })).toEqual([names[0], names[2]]);
    expect(filter({ fhirpath: "use = 'official' and given.empty()" })).toEqual([names[2]]);
    expect(filter({ fhirpath: 'family.exists()', _offset: 1 })).toEqual([names[2]]);
    expect(filter({ _offset: 1, _count: 1 })).toEqual([names[1]]);
    expect(filter({ _count: 0 })).toEqual([]);
    expect(filter({ fhirpath: 'family' })).toEqual([]); // a text is not true
  });

  it.each([
    'repeat($this)',
    '%resource.name',
    "family.matches('(a+)+$')",
    'family.',
    'where('.repeat(5) + ')'.repeat(5),
    `given${'.first()'.repeat(80)}`,
  ])('does not evaluate %s', (fhirpath) => {
    expect(() => filter({ fhirpath })).toThrow(BadGraphArgument);
  });

  it('takes no place below 0, and no more elements than one query may ask a FHIRPath of', () => {
    expect(() => filter({ _offset: -1 })).toThrow(BadGraphArgument);
    expect(() =>
      filter(
        { fhirpath: 'family.exists()' },
        Array.from({ length: 10_001 }, () => names[0]),
      ),
    ).toThrow(GraphTooLarge);
  });

  it('names its slices by a path or by their places', () => {
    expect(sliceNames(names, 'use', 'HumanName', new Spending())).toEqual(['official', 'usual', 'official']);
    expect(sliceNames(names, '$index', 'HumanName', new Spending())).toEqual(['0', '1', '2']);
  });
});
