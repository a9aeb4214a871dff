import { describe, expect, it } from '@jest/globals';
import { readTable } from '../../../src/evidence/analysis/csv-tables.js';
import type { PlannedEndpoint } from '../../../src/evidence/analysis/plan.js';
import type { StudyFile } from '../../../src/evidence/contents/study-file.js';
import { validateText } from '../../../src/records/validation/validate-text.js';
import { aPlan, aStudy } from '../analysis/a-study.js';
import { aPurpose, aStudyFile } from './a-study-file.js';
import { linksOf, readContents, textIn } from './read-contents.js';

const VARIABLES = { binary: ['routine'], category: ['site'], number: ['age'] };
const PLANNED: readonly PlannedEndpoint[] = [
  { id: 'P1', kind: 'auc' },
  { id: 'P2', kind: 'paired-accuracy', measure: 'sensitivity', comparator: 'routine', margin: 0.1 },
  { id: 'S1', kind: 'against-readers', measure: 'auc', margin: 0.1 },
  { id: 'S2', kind: 'aided-readers', measure: 'auc', covariance: 'delong' },
  { id: 'S3', kind: 'accuracy' },
];
const made = (tables: StudyFile['tables'], planned = PLANNED): StudyFile =>
  aStudyFile({ plan: aPlan(planned), tables, variables: VARIABLES, purposes: [aPurpose('P1', 'primary')] });

describe('The contents of a study in which all readers read all of its sample twice', () => {
  it('tell readers with the model less the same readers without it', async () => {
    const file = made(aStudy(120, 40, { arms: ['unaided', 'aided'] }));
    const result = file.analysis.result.endpoints.find(({ id }) => id === 'S2')?.result;
    const [unaided, aided] = result !== undefined && 'testMeans' in result ? result.testMeans : [];
    const rows = readTable(textIn(await readContents(file), '07-statistics/results.csv'), ['measure', 'estimate', 'lower', 'upper']);
    const { fields } = rows.find((row) => row.fields.get('measure') === 'Difference of AUC, aided less unaided')!;
    expect(Number(fields.get('estimate'))).toBeCloseTo(aided - unaided, 12);
    expect(Number(fields.get('lower'))).toBeLessThan(aided - unaided);
    expect(Number(fields.get('upper'))).toBeGreaterThan(aided - unaided);
  });
});

describe('The contents of a study without a positive case and without readers', () => {
  const tables = aStudy(60, 0);
  const file = made({ ...tables, cases: tables.cases.map((one) => ({ ...one, truth: 0 })) });

  it('say of each number and figure that is not there why, in its place, and are whole', async () => {
    const files = await readContents(file);
    const report = textIn(files, 'index.html');
    for (const code of ['E_ONE_CLASS', 'E_EMPTY']) expect(report).toContain(code);
    expect(report).toContain('ROC curve of the model: not drawn. All cases are of one class. (E_ONE_CLASS)');
    expect(report).toContain('Calibration of the model: not drawn. The plan has no endpoint for it (calibration). (E_NOT_PLANNED)');
    expect(report).toContain('Readers and the model: not drawn.');
    expect(files.has('08-figures/roc.svg')).toBe(false);
    const figures = JSON.parse(textIn(files, '08-figures/figures.json')) as readonly { name: string; drawn: boolean; error?: string }[];
    expect(figures.filter(({ drawn }) => !drawn).map(({ name }) => name)).toEqual([
      'roc',
      'precision-recall',
      'calibration',
      'subgroup-forest',
      'reader-scatter',
    ]);
    for (const { path } of linksOf('index.html', report)) expect(files.has(path)).toBe(true);
    expect(report).not.toMatch(/NaN|undefined|\[object/);
    expect(validateText(textIn(files, '12-fhir/bundle.json')).issues).toEqual([]);
  });
});

describe('The contents of a study whose keys and words are hostile', () => {
  it('keep their way from number to case, and their markup', async () => {
    const tables = aStudy(20, 0);
    const hostile = (key: string): string => `=${key}"><img src=x>&#x27; 北/../#?`;
    const file = made(
      {
        cases: tables.cases.map((one) => ({ ...one, caseId: hostile(one.caseId), category: { site: '@S"<b>' } })),
        predictions: tables.predictions.map((one) => ({ ...one, caseId: hostile(one.caseId) })),
        readings: [],
      },
      [{ id: '../../P1<script>', kind: 'auc' }],
    );
    const files = await readContents(file);
    const path = [...files.keys()].find((one) => one.startsWith('trace/e01'))!;
    expect(path).toBe('trace/e01-p1-script.html');
    for (const one of files.keys()) if (one.endsWith('.html')) expect(textIn(files, one)).not.toMatch(/<img|<script|<b>/);
    const first = linksOf(path, textIn(files, path)).find(({ fragment }) => fragment === 'c0')!;
    expect(first.text).toBe(hostile('C000000'));
    expect(textIn(files, '07-statistics/cases.csv')).toContain(`"'=C000000""><img`);
  });
});
