import type { StudyFile } from '../../../src/evidence/contents/study-file.js';
import { aPlan, aStudy } from '../analysis/a-study.js';
import { aPurpose, aStudyFile } from './a-study-file.js';

const VARIABLES = { binary: ['routine'], category: ['site'], number: ['age'] };

/** A small study of every kind of endpoint, one of which has no number. */
export function aSmallStudyFile(cases = 120, read = 40): StudyFile {
  const plan = aPlan([
    { id: 'P1', kind: 'auc' },
    { id: 'P2', kind: 'paired-accuracy', measure: 'sensitivity', comparator: 'routine', margin: 0.1 },
    { id: 'S1', kind: 'against-readers', measure: 'auc', margin: 0.1 },
    { id: 'S2', kind: 'aided-readers', measure: 'auc', covariance: 'delong' },
    {
      id: 'S3',
      kind: 'subgroups',
      measure: 'sensitivity',
      adjustment: 'holm',
      factors: [
        { name: 'Site', column: 'site' },
        {
          name: 'Age',
          column: 'age',
          bands: [
            { label: '45-59', from: 45, to: 59 },
            { label: '60-79', from: 60, to: 79 },
          ],
        },
      ],
    },
    { id: 'S4', kind: 'calibration', bins: 10, hlGroups: 10, failures: 'excluded' },
    { id: 'S5', kind: 'reader-agreement', arm: 'unaided' },
    { id: 'S6', kind: 'comparator-agreement', comparator: 'routine', weights: 'none' },
    { id: 'S7', kind: 'clustered-auc' },
    { id: 'S8', kind: 'accuracy' },
    { id: 'X1', kind: 'repeat', of: ['P1', 'P2'], failures: 'excluded' },
  ]);
  const tables = aStudy(cases, read, { arms: ['unaided', 'aided'] });
  const lastRead = tables.cases[read - 1].caseId; // read without the model only: S2 is not fully crossed
  const readings = tables.readings.filter(({ arm, readerId, caseId }) => !(arm === 'aided' && readerId === 'R1' && caseId === lastRead));
  return aStudyFile({
    plan,
    tables: { ...tables, readings },
    variables: VARIABLES,
    purposes: [
      aPurpose('P1', 'primary'),
      aPurpose('P2', 'primary'),
      ...['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7'].map((id) => aPurpose(id, 'secondary')),
    ],
  });
}
