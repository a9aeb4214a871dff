import { describe, expect, it } from '@jest/globals';
import { readProtocol } from '../../../src/evidence/studies/read-protocol.js';
import { aProtocol } from '../../e2e/a-study.js';

const said = (change: (protocol: Record<string, unknown>) => void): string => {
  const protocol = structuredClone(aProtocol()) as unknown as Record<string, unknown>;
  change(protocol);
  try {
    readProtocol(protocol);
    return 'taken';
  } catch (error) {
    return (error as Error).message;
  }
};
const at = (protocol: Record<string, unknown>, name: string) => protocol[name] as Record<string, unknown>;

describe('A protocol', () => {
  it('is taken as it is, and gives itself again', () => {
    expect(readProtocol(JSON.parse(JSON.stringify(aProtocol())))).toEqual(aProtocol());
  });

  it.each<[what: string, change: (protocol: Record<string, unknown>) => void, words: RegExp]>([
    ['a member misspelt', (p) => Object.assign(p, { questions: 'x' }), /has an unknown member "questions"/],
    ['no question', (p) => delete p['question'], /question is missing/],
    [
      'a digest that is none',
      (p) => Object.assign(at(p, 'model'), { onnxSha256: 'abc' }),
      /model\.onnxSha256 must be 64 lower-case hex digits/,
    ],
    ['an endpoint without purpose', (p) => (p as { endpoints: unknown[] }).endpoints.pop(), /must have each endpoint of the plan once/],
    [
      'no primary endpoint',
      (p) => (p as { endpoints: { rank: string }[] }).endpoints.forEach((one) => (one.rank = 'secondary')),
      /a primary one/,
    ],
    ['readers and no design', (p) => Object.assign(at(p, 'reading'), { design: 'none' }), /must have readers where it has a design/],
    ['a wash-out without crossover', (p) => Object.assign(at(p, 'reading'), { washOutDays: 28 }), /no wash-out unless it is a crossover/],
    [
      'readings that nobody makes',
      (p) => Object.assign(at(p, 'reading'), { design: 'unaided' }),
      /must have the readings that S2 is computed from/,
    ],
    ['a level that test and interval disagree on', (p) => Object.assign(at(p, 'plan'), { alphaOneSided: 0.05 }), /one-sided level/],
    ['a threshold outside of the scores', (p) => Object.assign(at(p, 'plan'), { threshold: 2 }), /threshold is not within the range/],
    ['a number that is none', (p) => Object.assign(p, { seed: 1.5 }), /seed must be a whole number/],
  ])('with %s is refused, and told where', (_, change, words) => {
    expect(said(change)).toMatch(words);
  });

  it('has its size computed again: a result that its inputs do not give is refused', () => {
    const sampleSize = (result: object) => ({
      method: 'proportion-precision',
      inputs: { p: 0.9, halfWidth: 0.05, prevalence: 0.5, conf: 0.95 },
      result,
      reason: 'precision of the sensitivity',
    });
    const read = readProtocol({ ...aProtocol(), sampleSize: sampleSize({}) });
    expect(read.sampleSize.result).toEqual({ nDiseased: 139, nTotal: 278 }); // 1.96² · 0.09 / 0.0025 = 138.3
    expect(said((p) => Object.assign(p, { sampleSize: sampleSize({ nTotal: 100 }) }))).toMatch(/has nTotal 100, and its inputs give/);
  });

  it('groups and compares by variables that it names', () => {
    const subgroups = {
      id: 'S3',
      kind: 'subgroups',
      measure: 'sensitivity',
      factors: [{ name: 'age', column: 'age' }],
      adjustment: 'holm',
    };
    const withIt = (p: Record<string, unknown>): void => {
      (at(p, 'plan')['endpoints'] as object[]).push(subgroups);
      (p as unknown as { endpoints: object[] }).endpoints.push({ id: 'S3', rank: 'secondary', hypothesis: 'x', successCriterion: 'x' });
    };
    expect(said(withIt)).toMatch(/variables must have age, by which S3 groups/);
    expect(said((p) => (withIt(p), Object.assign(at(p, 'variables'), { category: ['age'] })))).toBe('taken');
  });
});
