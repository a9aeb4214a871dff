import { afterAll, describe, expect, it } from '@jest/globals';
import { AGREEMENT } from './adapters/agreement.js';
import { CALIBRATION } from './adapters/calibration.js';
import { DESIGN_POOLING } from './adapters/design-pooling.js';
import { DIAGNOSTIC_ACCURACY } from './adapters/diagnostic-accuracy.js';
import { DISTRIBUTIONS } from './adapters/distributions.js';
import { READER_STUDIES } from './adapters/reader-studies.js';
import { RESAMPLING } from './adapters/resampling.js';
import { SURVEILLANCE } from './adapters/surveillance.js';
import {
  type Adapter,
  type WorstError,
  NOTHING_COMPARED,
  answerOf,
  compare,
  errorTable,
  referenceCases,
  referenceMethods,
  worse,
} from './reference-cases.js';

/** Our function for each method of the references; a group of methods is a file of adapters/. */
const ADAPTERS: Readonly<Record<string, Adapter>> = {
  ...DISTRIBUTIONS,
  ...DIAGNOSTIC_ACCURACY,
  ...READER_STUDIES,
  ...RESAMPLING,
  ...AGREEMENT,
  ...CALIBRATION,
  ...SURVEILLANCE,
  ...DESIGN_POOLING,
};

/** Not statistics: the ledger's tests run these vectors. */
const ELSEWHERE = new Set(['audit_chain']);

const methods = referenceMethods().filter((method) => method in ADAPTERS);
const worstByMethod = new Map<string, { cases: number; worst: WorstError }>();
if (methods.length === 0) process.stdout.write(`${Object.keys(ADAPTERS).length} methods skipped: ../shared/stats is absent\n`);

(methods.length > 0 ? describe.each(methods) : describe.skip.each(['absent']))('Reference %s', (method) => {
  const cases = methods.length > 0 ? referenceCases(method) : [];
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, { input, expected, tolerance }) => {
    const { differences, worst } = compare(expected, answerOf(ADAPTERS[method], input), tolerance);
    const before = worstByMethod.get(method) ?? { cases: 0, worst: NOTHING_COMPARED };
    worstByMethod.set(method, { cases: before.cases + 1, worst: worse(before.worst, worst) });
    expect(differences).toEqual([]);
    expect(worst.numbers + worst.exact).toBeGreaterThan(0);
  });

  it('has no case that was not run', () => {
    expect(worstByMethod.get(method)?.cases).toBe(cases.length);
  });
});

(methods.length > 0 ? it : it.skip)('has a function for every method that has a reference', () => {
  const missing = referenceMethods().filter((method) => !(method in ADAPTERS) && !ELSEWHERE.has(method));
  expect(missing).toEqual([]);
});

afterAll(() => {
  if (methods.length > 0) process.stdout.write(`\n${errorTable(worstByMethod)}\n\n`);
});
