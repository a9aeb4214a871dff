import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { type Analysis, type EndpointResult, analyse } from '../../../src/evidence/analysis/analyse.js';
import type { SubgroupResult } from '../../../src/evidence/analysis/endpoints/subgroups.js';
import { isRefused } from '../../../src/evidence/analysis/refused.js';
import { type ReferenceCase, compare } from './reference-cases.js';
import { present, scenarioPlan, scenarioTables, textOf } from './scenario-study.js';

if (!present) process.stdout.write('The scenario, a whole small study, is skipped: ../shared/stats/scenario is absent\n');
const whenPresent = present ? describe : describe.skip;

/** An endpoint's numbers in the reference's layout. */
function asReference(endpoint: EndpointResult): unknown {
  if (isRefused(endpoint.result)) return endpoint.result;
  if (endpoint.kind !== 'subgroups') return endpoint.result;
  const { factors, adjusted } = endpoint.result as SubgroupResult;
  const flat = Object.entries(factors).map(([name, { heterogeneity, ...levels }]) => [name, { ...levels, ...heterogeneity }]);
  return { ...Object.fromEntries(flat), holm: adjusted };
}

function allAsReference({ counts, endpoints }: Analysis): Record<string, unknown> {
  const repeated = (id: string): unknown => {
    const found = endpoints.find(({ repeats }) => repeats === id);
    return found && asReference(found);
  };
  return {
    cases: counts.cases,
    patients: counts.patients,
    positives: counts.positives,
    ai_errors: counts.failures,
    reader_subset: counts.casesRead,
    readers: counts.readers,
    ...Object.fromEntries(endpoints.filter(({ repeats }) => repeats === undefined).map((one) => [one.id, asReference(one)])),
    X1: { auc: repeated('P1'), sensitivity: repeated('P2'), specificity: repeated('P3') },
  };
}

whenPresent('A whole small study (../shared/stats/scenario)', () => {
  const reference = present ? (JSON.parse(textOf('expected.json')) as Record<string, unknown>) : {};
  const { files, tolerance, ...rest } = reference as { files: Record<string, string>; tolerance: ReferenceCase['tolerance'] };
  const expected = rest as Record<string, unknown>;
  const analysis = present ? analyse(scenarioPlan(), scenarioTables()) : ({ endpoints: [] } as unknown as Analysis);
  const got = present ? allAsReference(analysis) : ({} as Record<string, unknown>);

  it.each(Object.entries(files ?? { absent: '' }))('is computed from %s as the reference was', (name, sha256) => {
    expect(createHash('sha256').update(textOf(name)).digest('hex')).toBe(sha256);
  });

  it.each(Object.keys(expected))('%s is as expected, every number of it', (id) => {
    const { differences, worst } = compare(expected[id], got[id], tolerance);
    expect(differences).toEqual([]);
    expect(worst.numbers).toBeGreaterThan(0);
  });

  it('has the worst error of all its numbers far within the tolerance', () => {
    const { worst } = compare(expected, got, tolerance);
    process.stdout.write(
      `\nscenario: ${worst.numbers} numbers, ${worst.exact} exact, worst/allowed ${worst.ratio.toExponential(1)}, worst error ${worst.absolute.toExponential(1)}\n\n`,
    );
    expect(worst.numbers).toBeGreaterThan(300);
    expect(worst.ratio).toBeLessThan(1e-3);
  });

  it('gives the same digits in whatever order the rows come', () => {
    const { cases, predictions, readings } = scenarioTables();
    const turned = { cases: [...cases].reverse(), predictions: [...predictions].reverse(), readings: [...readings].reverse() };
    expect(JSON.stringify(analyse(scenarioPlan(), turned))).toBe(JSON.stringify(analysis));
  });

  it('leads from every number to its cases', () => {
    const { cases } = scenarioTables();
    const known = new Set(cases.map(({ caseId }) => caseId));
    for (const { kind, trace, failures } of analysis.endpoints) {
      const inParts = new Set(Object.values(trace.parts).flat());
      expect(trace.cases.length).toBeGreaterThan(0);
      expect(trace.cases.every((key) => known.has(key))).toBe(true);
      expect([...inParts].sort()).toEqual([...trace.cases].sort()); // no case is in none of the parts
      if (failures === 'excluded') expect(trace.failures).toEqual(['C0185', 'C0325', 'C0516']);
      if (kind === 'auc' && failures === 'worst-case') expect(trace.failures).toEqual(['C0185', 'C0325', 'C0516']);
    }
    const sensitivity = analysis.endpoints.find(({ id }) => id === 'P2')!;
    expect(Object.values(sensitivity.trace.parts).map((part) => part.length)).toEqual([93, 14, 23, 38]);
  });
});
