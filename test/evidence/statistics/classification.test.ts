import { describe, expect, it } from '@jest/globals';
import { RULES_AS_OF, classify } from '../../../src/evidence/classification/classify.js';
import { FDA_EXCLUDED, FDA_FUNCTIONS } from '../../../src/evidence/classification/fda-functions.js';
import { IMDRF_CATEGORIES } from '../../../src/evidence/classification/imdrf.js';
import { MDCG_TABLE } from '../../../src/evidence/classification/mdr.js';
import { asReference, type WorkedCase, decisionTable, factsOf, functionOf, present, workedCases } from './classification-cases.js';

if (!present) process.stdout.write('22 worked cases of classification skipped: ../shared/stats/classification is absent\n');

describe('The worked cases of classification (MDCG 2019-11 rev.1 Annex IV, and FDA functions)', () => {
  (present ? it.each([...workedCases]) : it.skip.each([{ name: 'absent' } as WorkedCase]))('$name', ({ input, expected }) => {
    expect(asReference(classify(factsOf(input)))).toEqual(expected);
  });

  (present ? it : it.skip)('has all of its cases here', () => {
    expect(workedCases).toHaveLength(22);
  });
});

(present ? describe : describe.skip)('The tables of classification', () => {
  const inKebab = (table: object): unknown => JSON.parse(JSON.stringify(table).replaceAll(/([a-z])_([a-z])/g, '$1-$2'));

  it('say what the reference’s say, as of the same day', () => {
    const { as_of: asOf, imdrf, mdr } = decisionTable();
    expect(RULES_AS_OF).toBe(asOf);
    expect(IMDRF_CATEGORIES).toEqual(inKebab(imdrf.table));
    expect(MDCG_TABLE).toEqual(inKebab(mdr.annex3_table));
  });

  it('know the same functions of the FDA’s, with regulation, product codes and class', () => {
    const { functions } = decisionTable().fda;
    const classified = Object.entries(functions).filter(([, { regulation }]) => regulation !== undefined);
    expect(new Set(FDA_FUNCTIONS.keys())).toEqual(new Set(classified.map(([name]) => functionOf(name))));
    for (const [name, { regulation, codes, class: ofFda }] of classified)
      expect(FDA_FUNCTIONS.get(functionOf(name))).toMatchObject({ regulation, productCodes: codes, class: ofFda });
    for (const [name, { regulation }] of Object.entries(functions))
      if (regulation === undefined) expect(FDA_EXCLUDED.has(functionOf(name))).toBe(true);
  });
});
