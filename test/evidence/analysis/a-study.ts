import type { AnalysisPlan, PlannedEndpoint } from '../../../src/evidence/analysis/plan.js';
import type { Arm, Prediction, Reading, StudyCase, StudyTables } from '../../../src/evidence/analysis/study-tables.js';
import { chance } from '../statistics/columns.js';

/** A plan of the endpoints given, with what else it says as most plans do. */
export const aPlan = (endpoints: readonly PlannedEndpoint[], changed: Partial<AnalysisPlan> = {}): AnalysisPlan => ({
  threshold: 0.5,
  scoreRange: [0, 1],
  conf: 0.95,
  alphaOneSided: 0.025,
  failures: 'worst-case',
  minSubgroupN: 10,
  endpoints,
  ...changed,
});

export const aCase = (caseId: string, truth: 0 | 1, changed: Partial<StudyCase> = {}): StudyCase => ({
  caseId,
  patientId: `patient of ${caseId}`,
  truth,
  binary: {},
  category: {},
  number: {},
  ...changed,
});

export const answered = (caseId: string, score: number): Prediction => ({ caseId, score });
export const failed = (caseId: string): Prediction => ({ caseId, error: 'E_DECODE' });

/** A whole made-up study, the same for the same seed: two cases a patient, a routine call, sites and ages, six readers of some cases. */
export function aStudy(cases: number, read: number, { seed = 1, failures = 3, arms = ['unaided'] as readonly Arm[] } = {}): StudyTables {
  const next = chance(seed);
  const rows = Array.from({ length: cases }, (_, i): StudyCase => {
    const truth = next() < 0.3 ? 1 : 0;
    return aCase(`C${String(i).padStart(6, '0')}`, truth, {
      patientId: `P${i >> 1}`,
      binary: { routine: next() < (truth === 1 ? 0.7 : 0.2) ? 1 : 0 },
      category: { site: `S${Math.floor(next() * 4)}` },
      number: { age: Math.floor(45 + next() * 30) },
    });
  });
  const predictions = rows.map(({ caseId, truth }, i): Prediction => {
    const score = 1 / (1 + Math.exp(-(truth * 2 - 1 + 4 * (next() - 0.5))));
    return i % Math.floor(cases / failures) === 7 ? failed(caseId) : answered(caseId, score);
  });
  const readings = arms.flatMap((arm) =>
    ['R1', 'R2', 'R3', 'R4', 'R5', 'R6'].flatMap((readerId) =>
      rows.slice(0, read).map(({ caseId, truth }): Reading => {
        const rating = Math.min(5, Math.max(1, Math.round(2 + truth * (arm === 'aided' ? 1.6 : 1) + 2 * next())));
        return { arm, readerId, caseId, rating, clinicalAction: rating >= 4 ? 1 : 0 };
      }),
    ),
  );
  return { cases: rows, predictions, readings };
}
