import { describe, expect, it } from '@jest/globals';
import { type EndpointResult, analyse } from '../../../src/evidence/analysis/analyse.js';
import type { SubgroupResult } from '../../../src/evidence/analysis/endpoints/subgroups.js';
import { PlanContradictory, TablesDisagree } from '../../../src/evidence/analysis/faults.js';
import { type PlannedEndpoint, bandOf } from '../../../src/evidence/analysis/plan.js';
import { cohenKappa } from '../../../src/evidence/statistics/agreement/cohen-kappa.js';
import type { MultiReaderAnalysis } from '../../../src/evidence/statistics/readers/obuchowski-rockette.js';
import { rocAuc } from '../../../src/evidence/statistics/roc/roc-auc.js';
import { aCase, aPlan, aStudy, answered, failed } from './a-study.js';

const AUC: PlannedEndpoint = { id: 'P1', kind: 'auc' };
const ACCURACY: PlannedEndpoint = { id: 'P2', kind: 'accuracy' };
const SUBGROUPS: PlannedEndpoint = {
  id: 'S1',
  kind: 'subgroups',
  measure: 'sensitivity',
  adjustment: 'holm',
  factors: [
    { name: 'site', column: 'site' },
    { name: 'age', column: 'age', bands: ['45-54', '55-64'].map(bandOf) },
  ],
};
const EVERYTHING: readonly PlannedEndpoint[] = [
  AUC,
  ACCURACY,
  { id: 'P3', kind: 'paired-accuracy', measure: 'sensitivity', comparator: 'routine', margin: 0.05 },
  { id: 'P4', kind: 'paired-accuracy', measure: 'specificity', comparator: 'routine', margin: 0.05 },
  { id: 'S2', kind: 'clustered-auc' },
  { id: 'S3', kind: 'calibration', bins: 10, hlGroups: 10, failures: 'excluded' },
  { id: 'S4', kind: 'comparator-agreement', comparator: 'routine', weights: 'none' },
  { id: 'S5', kind: 'against-readers', measure: 'auc', margin: 0.05 },
  { id: 'S6', kind: 'against-readers', measure: 'sensitivity', margin: 0.05 },
  { id: 'S7', kind: 'aided-readers', measure: 'auc', covariance: 'delong' },
  { id: 'S8', kind: 'reader-agreement', arm: 'aided' },
  SUBGROUPS,
  { id: 'X1', kind: 'repeat', of: ['P1', 'P2', 'S1'], failures: 'excluded' },
];

const only = ({ endpoints }: { endpoints: readonly EndpointResult[] }): EndpointResult => {
  expect(endpoints).toHaveLength(1);
  return endpoints[0];
};

describe('A case that the model failed on', () => {
  const cases = [aCase('a', 1), aCase('b', 1), aCase('c', 0), aCase('d', 0), aCase('e', 0)];
  const predictions = [answered('a', 0.9), failed('b'), answered('c', 0.1), failed('d'), answered('e', 0.5)];
  const tables = { cases, predictions, readings: [] };

  it('counts as wrong either way in the primary analysis, and is said to have failed', () => {
    const { result, trace } = only(analyse(aPlan([ACCURACY]), tables));
    expect(trace.parts).toEqual({ tn: ['c'], fp: ['d', 'e'], fn: ['b'], tp: ['a'] }); // e lies at the threshold: positive
    expect(trace.failures).toEqual(['b', 'd']);
    expect(result).toMatchObject({ sensitivity: { num: 1, den: 2 }, specificity: { num: 1, den: 3 } });
  });

  it('is left out only where the plan repeats an endpoint without failures', () => {
    const plan = aPlan([ACCURACY, { id: 'X1', kind: 'repeat', of: ['P2'], failures: 'excluded' }]);
    const { endpoints } = analyse(plan, tables);
    expect(endpoints[1]).toMatchObject({
      id: 'X1',
      repeats: 'P2',
      kind: 'accuracy',
      failures: 'excluded',
      trace: { cases: ['a', 'c', 'e'] },
    });
    expect(endpoints[1].result).toMatchObject({ sensitivity: { num: 1, den: 1 }, specificity: { num: 1, den: 2 } });
  });

  it('never makes a result better than leaving it out does', () => {
    const study = aStudy(400, 0, { failures: 40 });
    const { endpoints } = analyse(aPlan([AUC, { id: 'X', kind: 'repeat', of: ['P1'], failures: 'excluded' }]), study);
    const [worst, without] = endpoints.map(({ result }) => (result as { auc: number }).auc);
    expect(worst).toBeLessThan(without);
  });
});

describe('The endpoints of a study', () => {
  const study = aStudy(600, 120, { arms: ['unaided', 'aided'] });
  const analysis = analyse(aPlan(EVERYTHING), study);
  const endpoint = (id: string): EndpointResult => analysis.endpoints.find((one) => one.id === id)!;

  it('are all there, in the plan’s order, each with numbers', () => {
    expect(analysis.endpoints.map(({ id }) => id)).toEqual([...EVERYTHING.slice(0, -1).map(({ id }) => id), 'X1', 'X1', 'X1']);
    for (const { result } of analysis.endpoints) expect(result).not.toHaveProperty('error');
    expect(analysis.counts).toMatchObject({ cases: 600, patients: 300, failures: 3, casesRead: 120, readers: 6 });
  });

  it('are what the statistics give for the columns by themselves', () => {
    const { cases, predictions } = study;
    const scores = predictions.map((one, i) => ('score' in one ? one.score : 1 - cases[i].truth));
    expect(endpoint('P1').result).toEqual(rocAuc(cases.map(({ truth }) => truth), scores)); // prettier-ignore
    const called = scores.map((score) => Number(score >= 0.5));
    const routine = cases.map(({ binary }) => binary['routine']);
    expect(endpoint('S4').result).toEqual(cohenKappa(called, routine, [0, 1], 'none', 0.95));
  });

  it('lead to their cases, none of them in two parts of one factor', () => {
    for (const { kind, trace } of analysis.endpoints) {
      const parts = Object.values(trace.parts).flat();
      expect(new Set(parts)).toEqual(new Set(trace.cases));
      if (kind !== 'subgroups') expect(parts).toHaveLength(trace.cases.length);
    }
    expect(endpoint('S5').trace.cases).toHaveLength(120);
  });

  it('find readers with the model better than the same readers without it', () => {
    const { testMeans } = endpoint('S7').result as MultiReaderAnalysis;
    expect(testMeans[1]).toBeGreaterThan(testMeans[0]);
  });

  it('do not change by a digit with the order of rows', () => {
    const turned = Object.fromEntries(Object.entries(study).map(([name, rows]) => [name, [...(rows as unknown[])].reverse()]));
    expect(JSON.stringify(analyse(aPlan(EVERYTHING), turned as unknown as typeof study))).toBe(JSON.stringify(analysis));
  });

  it('of 29,000 cases take less than ten seconds', () => {
    const large = aStudy(29_000, 500, { failures: 50, arms: ['unaided', 'aided'] });
    const began = performance.now();
    analyse(aPlan(EVERYTHING), large);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe('An endpoint that has no number', () => {
  it('says why by its code, and the others have theirs', () => {
    const study = aStudy(100, 20);
    const healthy = { ...study, cases: study.cases.map((one) => ({ ...one, truth: 0 as const })) };
    const { endpoints } = analyse(aPlan([AUC, ACCURACY]), healthy);
    expect(endpoints[0].result).toEqual({ error: 'E_ONE_CLASS', message: 'All cases are of one class.' });
    expect(endpoints[0].trace.parts['negative']).toHaveLength(100);
    expect(endpoints[1].result).toMatchObject({ sensitivity: { value: null }, specificity: { den: 100 } });
  });

  it('of readers is unbalanced where one left a case out, or could not read it: the case is not dropped', () => {
    const study = aStudy(100, 20);
    const readers: PlannedEndpoint = { id: 'S5', kind: 'against-readers', measure: 'auc', margin: 0.05 };
    const leftOut = { ...study, readings: study.readings.slice(1) };
    const unread = { ...study, readings: study.readings.map((one, i) => (i === 5 ? { ...one, rating: null } : one)) };
    for (const tables of [leftOut, unread]) {
      const { result, trace } = only(analyse(aPlan([readers]), tables));
      expect(result).toMatchObject({ error: 'E_UNBALANCED' });
      expect(trace.cases).toHaveLength(20);
    }
  });

  it('of a study without a case is empty', () => {
    const nothing = { cases: [], predictions: [], readings: [] };
    for (const { result } of analyse(aPlan(EVERYTHING), nothing).endpoints.filter(({ kind }) => kind !== 'subgroups'))
      expect(result).toMatchObject({ error: 'E_EMPTY' });
  });
});

describe('Subgroups', () => {
  const subgroupsOf = (changed: (i: number) => Partial<ReturnType<typeof aCase>>): EndpointResult => {
    const study = aStudy(300, 0);
    return only(analyse(aPlan([SUBGROUPS]), { ...study, cases: study.cases.map((one, i) => ({ ...one, ...changed(i) })) }));
  };

  it('show who is in no band and whose value is not known, and test the bands', () => {
    const { result, trace } = subgroupsOf((i) => ({
      category: { site: i % 9 === 0 ? '' : 'only' },
      number: { age: i % 10 === 0 ? null : i % 2 === 0 ? 50.9 : i % 3 === 0 ? 54 : 80 },
    }));
    const { factors } = result as SubgroupResult;
    expect(factors['site'].levels).toEqual(['only', 'unknown']);
    expect(factors['age'].levels).toEqual(['45-54', '55-64', 'unknown']);
    expect(factors['age'].n[1]).toBe(0);
    expect(factors['age'].wilson[1]).toBeNull();
    expect(trace.parts['age: outside the bands'].length).toBeGreaterThan(10);
    expect(trace.parts['age: 55-64']).toEqual([]);
  });

  it('stand in the order of their code points, even where they are numbers', () => {
    const { result } = subgroupsOf((i) => ({ category: { site: ['10', '9', 'A', 'a'][i % 4] } }));
    expect((result as SubgroupResult).factors['site'].levels).toEqual(['10', '9', 'A', 'a']);
  });

  it('count a factor without a test in the family, as it was planned', () => {
    const { result } = subgroupsOf(() => ({ category: { site: 'only' } }));
    const { factors, adjusted } = result as SubgroupResult;
    expect(factors['site'].heterogeneity).toMatchObject({ error: 'E_TOO_FEW' });
    expect(adjusted['site']).toBeNull();
    const { pearson } = factors['age'].heterogeneity as { pearson: { p: number } };
    expect(adjusted['age']).toBeCloseTo(Math.min(1, 2 * pearson.p), 12);
  });
});

describe('Tables that do not fit together', () => {
  const cases = [aCase('a', 1), aCase('b', 0)];
  const predictions = [answered('a', 0.9), answered('b', 0.2)];
  const reading = { arm: 'unaided', readerId: 'R1', caseId: 'a', rating: 1, clinicalAction: 0 } as const;

  it.each([
    ['a case twice', { cases: [...cases, aCase('a', 1)] }, ['a']],
    ['a case without prediction', { predictions: predictions.slice(1) }, ['a']],
    ['two predictions of a case', { predictions: [...predictions, failed('b')] }, ['b']],
    ['a prediction of another study’s case', { predictions: [...predictions, answered('z', 0.1)] }, ['z']],
    ['a reading of another study’s case', { readings: [{ ...reading, caseId: 'z' }] }, ['z']],
    ['a reader who read a case twice', { readings: [reading, reading] }, ['["unaided","R1","a"]']],
    ['a score outside the stated range', { predictions: [answered('a', 1.5), answered('b', 0.2)] }, ['a']],
    ['a score that is none', { predictions: [answered('a', NaN), answered('b', 0.2)] }, ['a']],
  ])('are refused, with the keys that it is about and none of them in the message: %s', (_, changed, keys) => {
    const tables = { cases, predictions, readings: [], ...changed };
    const thrown = (() => {
      try {
        return analyse(aPlan([AUC]), tables);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(TablesDisagree);
    expect(thrown).toMatchObject({ status: 422, keys });
    expect((thrown as Error).message).toMatch(/^1 /);
  });

  it('are refused where the plan compares or groups by a column that is not there, whatever it is called', () => {
    for (const comparator of ['routine', 'constructor', '__proto__'])
      expect(() =>
        analyse(aPlan([{ id: 'P', kind: 'paired-accuracy', measure: 'sensitivity', comparator, margin: 0.05 }]), {
          cases,
          predictions,
          readings: [],
        }),
      ).toThrow(TablesDisagree);
    expect(() => analyse(aPlan([SUBGROUPS]), { cases, predictions, readings: [] })).toThrow(TablesDisagree);
  });
});

describe('A plan that contradicts itself is refused', () => {
  it.each([
    ['test and interval of two levels', aPlan([AUC], { alphaOneSided: 0.05 })],
    ['a threshold that calls all alike', aPlan([AUC], { threshold: 0 })],
    ['two endpoints of one name', aPlan([AUC, { ...ACCURACY, id: 'P1' }])],
    ['a repeat of what is not planned', aPlan([AUC, { id: 'X', kind: 'repeat', of: ['P9'], failures: 'excluded' }])],
    ['bands that overlap', aPlan([{ ...SUBGROUPS, factors: [{ name: 'age', column: 'age', bands: ['45-54', '54-64'].map(bandOf) }] }])],
  ])('%s', (_, plan) => {
    expect(() => analyse(plan, { cases: [], predictions: [], readings: [] })).toThrow(PlanContradictory);
  });

  it('and so is a band that is none', () => {
    for (const label of ['45', '-5-10', '45-', 'old']) expect(() => bandOf(label)).toThrow(PlanContradictory);
  });
});
