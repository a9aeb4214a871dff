import type { Making } from '../../evidence/studies/datasets.js';
import type { DatasetRow } from '../../evidence/studies/datasets.sql.js';
import type { PackageRow } from '../../evidence/studies/package.sql.js';
import type { AnalysisRow } from '../../evidence/studies/results.sql.js';
import type { StudyView } from '../../evidence/studies/study-life.js';
import type { GraphDataset } from './validation-dataset-types.js';
import type { GraphAnalysis, GraphEvidencePackage } from './validation-result-types.js';
import type { GraphMade, GraphValidationStudy } from './validation-study-types.js';

/** Who put something there, and when. */
type Made = Pick<GraphMade, 'createdAt' | 'createdBy'>;

/** Something of a study, with who put it there as the graph calls that. */
export const made = <Row extends { readonly at: Date; readonly madeBy: string }>({
  at,
  madeBy,
  ...row
}: Row): Omit<Row, 'at' | 'madeBy'> & Made => ({ ...row, createdAt: at, createdBy: madeBy });

export const graphValidationStudy = (view: StudyView): GraphValidationStudy => ({
  ...made(view),
  steps: view.steps.map(made),
  protocols: view.protocols.map(made),
  members: view.members.map(made),
  deviations: view.deviations.map(made),
});

export const graphAnalysis = ({ content, ...row }: AnalysisRow): GraphAnalysis => ({ ...made(row), result: content });

export const graphPackages = (study: string, packages: readonly PackageRow[]): GraphEvidencePackage[] =>
  packages.map((row) => ({ ...made(row), address: row === packages.at(-1) ? `/evidence/studies/${study}/package` : null }));

export const graphDataset = (dataset: DatasetRow | Making): GraphDataset =>
  'details' in dataset ? { ...made(dataset), state: 'frozen' } : dataset;
