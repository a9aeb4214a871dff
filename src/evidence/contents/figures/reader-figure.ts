import type { Arm } from '../../analysis/study-tables.js';
import type { RatesOfReader, ReaderScatterInput } from '../../figures/reader-scatter.js';
import { rocAuc } from '../../statistics/roc/roc-auc.js';
import { readerName, type StudyView } from '../study/study-view.js';
import { words } from '../written/csv.js';
import { curveOf, operatingPointOf } from './curve-figures.js';
import { FigureUnplanned } from './figure-unplanned.js';

/** The cases that any reader read, as the view of a study of these alone. */
function readOnly(view: StudyView): StudyView {
  const { answers } = view;
  const read = answers.keys.flatMap((key, i) => (view.data.readings.unaided.has(key) || view.data.readings.aided.has(key) ? [i] : []));
  return {
    ...view,
    answers: {
      ...answers,
      keys: read.map((i) => answers.keys[i]),
      cases: read.map((i) => answers.cases[i]),
      labels: Uint8Array.from(read, (i) => answers.labels[i]),
      scores: Float64Array.from(read, (i) => answers.scores[i]),
      called: Uint8Array.from(read, (i) => answers.called[i]),
    },
  };
}

/** Each reader's clinical actions against the model's curve on the cases that were read. @throws FigureUnplanned, StatisticsError */
export function readerInput(view: StudyView): Omit<ReaderScatterInput, 'title'> {
  if (view.data.readers.length === 0) throw new FigureUnplanned('nobody read');
  const read = readOnly(view);
  const { conf } = view.protocol.protocol.plan;
  const auc = rocAuc(read.answers.labels, read.answers.scores, conf);
  return {
    conf,
    readers: view.data.readers.map((key) => ({
      reader: words(readerName(view, key)),
      unaided: ratesOf(view, key, 'unaided'),
      aided: ratesOf(view, key, 'aided'),
    })),
    curve: curveOf(read),
    auc: { estimate: auc.auc, interval: auc.ciDelong },
    operatingPoint: operatingPointOf(read),
  };
}

/** By explicit clinical action, never by a rating; null where a class was not read. */
function ratesOf({ cases, data }: StudyView, reader: string, arm: Arm): RatesOfReader | null {
  const counts = [
    [0, 0],
    [0, 0],
  ];
  for (const { key, row } of cases) {
    const action = data.readings[arm].get(key)?.get(reader)?.clinicalAction ?? null;
    if (action !== null) counts[row.truth][action]++;
  }
  const [[tn, fp], [fn, tp]] = counts;
  return tn + fp === 0 || tp + fn === 0 ? null : { sensitivity: tp / (tp + fn), specificity: tn / (tn + fp) };
}
