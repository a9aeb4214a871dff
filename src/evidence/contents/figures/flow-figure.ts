import { caseFlowFigure, type FlowStep } from '../../figures/case-flow.js';
import type { StudyView } from '../study/study-view.js';
import { words } from '../written/csv.js';
import { drawnOrNot, type StudyFigure } from './study-figures.js';

/** From the query to the cases that were analysed (STARD, item 19). What the model failed on is not left out. */
export function flowFigure(view: StudyView): StudyFigure {
  const { selection } = view.file.dataset;
  const { counts } = view.file.analysis.result;
  const excluded = selection.excluded.map(({ reason, count }) => ({ reason: words(reason), n: count }));
  const left = selection.found - excluded.reduce((sum, { n }) => sum + n, 0);
  const drawn: FlowStep[] =
    selection.sampling === null
      ? []
      : [{ label: 'Fit for the study', n: left, excluded: [{ reason: 'Not drawn by the seeded sample', n: left - counts.cases }] }];
  const failures = counts.failures === 0 ? '' : `, ${counts.failures} of them without an answer of the model`;
  return drawnOrNot('flow', 'Flow of cases', () =>
    caseFlowFigure({
      title: 'Flow of cases',
      steps: [
        { label: 'Found by the query', n: selection.found, excluded },
        ...drawn,
        { label: `In the frozen dataset and analysed${failures}`, n: counts.cases, excluded: [] },
      ],
      groups: [
        { label: 'positive by the reference standard', n: counts.positives },
        { label: 'negative by the reference standard', n: counts.cases - counts.positives },
      ],
    }),
  );
}
