import { describe, expect, it } from '@jest/globals';
import { classify } from '../../../src/evidence/classification/classify.js';
import type { DeviceFacts } from '../../../src/evidence/classification/device-facts.js';
import { type WorkedCase, factsOf, present, workedCases } from './classification-cases.js';

if (!present) process.stdout.write('22 worked cases of classification skipped: ../shared/stats/classification is absent\n');

/** Our answer in the reference's fields. */
function asReference(facts: DeviceFacts): unknown {
  const { imdrf, mdr, iec62304, fda, aiAct } = classify(facts);
  return {
    imdrf_category: imdrf.category,
    mdr: {
      qualifies: mdr.qualifies,
      class: mdr.class,
      sub_rule: mdr.subRule,
      table_class: mdr.tableClass,
      table_conflict: mdr.tableConflict,
      notified_body: mdr.notifiedBody,
    },
    iec62304: iec62304.class,
    fda: {
      device: fda.device,
      class: fda.class,
      regulation: fda.regulation,
      product_codes: fda.productCodes,
      pathway: fda.pathway,
      documentation_level: fda.documentationLevel,
    },
    ai_act: { high_risk: aiAct.highRisk },
  };
}

describe('The worked cases of classification (MDCG 2019-11 rev.1 Annex IV, and FDA functions)', () => {
  (present ? it.each([...workedCases]) : it.skip.each([{ name: 'absent' } as WorkedCase]))('$name', ({ input, expected }) => {
    expect(asReference(factsOf(input))).toEqual(expected);
  });

  (present ? it : it.skip)('has all of its cases here', () => {
    expect(workedCases).toHaveLength(22);
  });
});
