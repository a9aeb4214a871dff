import { fleissKappa } from '../../statistics/agreement/fleiss-kappa.js';
import { aiAgainstReaders } from '../../statistics/readers/ai-against-readers.js';
import { obuchowskiRockette } from '../../statistics/readers/obuchowski-rockette.js';
import type { ReaderMetric } from '../../statistics/readers/reader-metric.js';
import { StatisticsError } from '../../statistics/statistics-error.js';
import type { AgainstReadersEndpoint, AidedReadersEndpoint, AnalysisPlan, ReaderAgreementEndpoint } from '../plan.js';
import { computed } from '../refused.js';
import type { Answers, StudyData } from '../study-data.js';
import { ARMS, type Arm } from '../study-tables.js';
import { sortIntoParts } from '../trace.js';
import { tracedOf } from './computed.js';

type Measure = ReaderMetric['metric'];

/** Calls are 0 or 1 on either side: a scale of which any number between them is the threshold. */
const metricOf = (measure: Measure): ReaderMetric => (measure === 'auc' ? { metric: 'auc' } : { metric: measure, threshold: 0.5 });

/** The model less the mean reader without it, readers and cases random; on the cases that were read. */
export function againstReadersEndpoint(answers: Answers, data: StudyData, { conf }: AnalysisPlan, planned: AgainstReadersEndpoint) {
  const { measure, margin } = planned;
  const read = casesRead(answers, data, ['unaided']);
  const result = computed(() => {
    const ofModel = read.places.map((i) => (measure === 'auc' ? answers.scores[i] : answers.called[i]));
    const ofReaders = readBy(data, 'unaided', read.keys, measure);
    return aiAgainstReaders(read.truth, ofModel, ofReaders, metricOf(measure), { margin, conf });
  });
  return tracedOf(answers, read.keys, result, read.byTruth);
}

/** Readers with the model (test 2) and without it (test 1), all reading the same cases. */
export function aidedReadersEndpoint(answers: Answers, data: StudyData, { conf }: AnalysisPlan, planned: AidedReadersEndpoint) {
  const { measure, covariance } = planned;
  const read = casesRead(answers, data, ARMS);
  const result = computed(() => {
    const ratings = ARMS.map((arm) => readBy(data, arm, read.keys, measure));
    return obuchowskiRockette(ratings, read.truth, metricOf(measure), { covariance, conf });
  });
  return tracedOf(answers, read.keys, result, read.byTruth);
}

/** Agreement of the readers' clinical actions on the cases that were read. */
export function readerAgreementEndpoint(answers: Answers, data: StudyData, { arm }: ReaderAgreementEndpoint) {
  const { keys } = casesRead(answers, data, [arm]);
  const counts = keys.map((key) => {
    const row = [0, 0];
    for (const { clinicalAction } of data.readings[arm].get(key)!.values()) if (clinicalAction !== null) row[clinicalAction]++;
    return row;
  });
  const parts = sortIntoParts(keys, (i) => (counts[i].includes(0) ? 'unanimous' : 'divided'), ['unanimous', 'divided']);
  return tracedOf(
    answers,
    keys,
    computed(() => fleissKappa(counts)),
    parts,
  );
}

/** Cases that a reader read in one of the arms: one that another reader left out makes the design unbalanced, and is not dropped. */
function casesRead({ keys: all, labels }: Answers, { readings }: StudyData, arms: readonly Arm[]) {
  const places = all.flatMap((key, i) => (arms.some((arm) => readings[arm].has(key)) ? [i] : []));
  const keys = places.map((i) => all[i]);
  const truth = places.map((i) => labels[i]);
  const byTruth = sortIntoParts(keys, (i) => (truth[i] === 1 ? 'positive' : 'negative'), ['positive', 'negative']);
  return { places, keys, truth, byTruth };
}

/** [readers][cases]: ratings for an AUC, else clinical actions. @throws E_UNBALANCED a reader did not read a case, or could not */
function readBy({ readers, readings }: StudyData, arm: Arm, keys: readonly string[], measure: Measure): number[][] {
  return readers.map((reader) =>
    keys.map((key) => {
      const value = readings[arm].get(key)?.get(reader)?.[measure === 'auc' ? 'rating' : 'clinicalAction'] ?? null;
      if (value === null) throw new StatisticsError('E_UNBALANCED');
      return value;
    }),
  );
}
