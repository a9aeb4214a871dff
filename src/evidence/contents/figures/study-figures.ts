import { confusionFigure } from '../../figures/confusion.js';
import { calibrationFigure } from '../../figures/calibration.js';
import { FigureError } from '../../figures/figure-error.js';
import type { Figure } from '../../figures/figure.js';
import { precisionRecallFigure } from '../../figures/precision-recall.js';
import { readerScatterFigure } from '../../figures/reader-scatter.js';
import { rocFigure } from '../../figures/roc.js';
import { scoreDistributionFigure } from '../../figures/score-distribution.js';
import { subgroupForestFigure } from '../../figures/subgroup-forest.js';
import { StatisticsError } from '../../statistics/statistics-error.js';
import type { StudyView } from '../study/study-view.js';
import { confusionInput, scoreInput } from './call-figures.js';
import { FigureUnplanned } from './figure-unplanned.js';
import { precisionRecallInput, rocInput } from './curve-figures.js';
import { calibrationInput, forestInput } from './planned-figures.js';
import { readerInput } from './reader-figure.js';

/** A figure of the study: drawn, or with the reason why there is none. */
export type StudyFigure = {
  /** Of its files: `roc`. */
  readonly name: string;
  readonly title: string;
} & ({ readonly svg: string; readonly csv: string } | { readonly error: string; readonly message: string });

/** The figures of 08-figures; what has no number says why in its place. */
export function studyFigures(view: StudyView): StudyFigure[] {
  const figures: readonly (readonly [name: string, title: string, draw: (title: string) => Figure])[] = [
    ['roc', 'ROC curve of the model', (title) => rocFigure({ title, ...rocInput(view) })],
    ['precision-recall', 'Precision and recall of the model', (title) => precisionRecallFigure({ title, ...precisionRecallInput(view) })],
    ['calibration', 'Calibration of the model', (title) => calibrationFigure({ title, ...calibrationInput(view) })],
    ['score-distribution', 'Scores by the reference standard', (title) => scoreDistributionFigure({ title, ...scoreInput(view) })],
    ['confusion', 'Calls of the model by the reference standard', (title) => confusionFigure({ title, ...confusionInput(view) })],
    ['subgroup-forest', 'Subgroups', (title) => subgroupForestFigure({ title, ...forestInput(view) })],
    ['reader-scatter', readerTitle(view), (title) => readerScatterFigure({ title, ...readerInput(view) })],
  ];
  return figures.map(([name, title, draw]) => drawnOrNot(name, title, () => draw(title)));
}

const readerTitle = (view: StudyView): string =>
  view.data.readers.some((key) => view.memberByKey.get(key)?.simulated === true)
    ? 'Readers (simulated ones among them) and the model'
    : 'Readers and the model';

/** Other errors than coded ones are bugs and go through. */
export function drawnOrNot(name: string, title: string, draw: () => Figure): StudyFigure {
  try {
    return { name, title, ...draw() };
  } catch (error) {
    if (error instanceof FigureError || error instanceof StatisticsError || error instanceof FigureUnplanned)
      return { name, title, error: error.code, message: error.message };
    throw error;
  }
}
