import { fleissKappa } from '../../statistics/agreement/fleiss-kappa.js';
import { aiAgainstReaders } from '../../statistics/readers/ai-against-readers.js';
import type { ReaderMetric } from '../../statistics/readers/reader-metric.js';
import { StatisticsError } from '../../statistics/statistics-error.js';
import type { AgainstReadersEndpoint, AnalysisPlan } from '../plan.js';
import { computed } from '../refused.js';
import type { Answers, StudyData } from '../study-data.js';
import type { Reading } from '../study-tables.js';
import { sortIntoParts } from '../trace.js';
import { tracedOf } from './computed.js';

/** The model less the mean reader, readers and cases random; on the cases that were read. */
export function againstReadersEndpoint(answers: Answers, data: StudyData, { conf }: AnalysisPlan, planned: AgainstReadersEndpoint) {
  const { measure, margin } = planned;
  const places = placesRead(answers, data);
  const keys = places.map((i) => answers.cases[i].caseId);
  const truth = places.map((i) => answers.labels[i]);
  // Calls are 0 or 1 on either side, a scale that a threshold between them is common to
  const metric: ReaderMetric = measure === 'auc' ? { metric: 'auc' } : { metric: measure, threshold: 0.5 };
  const result = computed(() => {
    const ofModel = places.map((i) => (measure === 'auc' ? answers.scores[i] : answers.called[i]));
    const ofReaders = data.readers.map((reader) =>
      keys.map((key) => crossed(data.readings.get(key)?.get(reader), measure === 'auc' ? 'rating' : 'clinicalAction')),
    );
    return aiAgainstReaders(truth, ofModel, ofReaders, metric, { margin, conf });
  });
  const parts = sortIntoParts(keys, (i) => (truth[i] === 1 ? 'positive' : 'negative'), ['positive', 'negative']);
  return tracedOf(answers, keys, result, parts);
}

/** Agreement of the readers' clinical actions on the cases that were read. */
export function readerAgreementEndpoint(answers: Answers, data: StudyData) {
  const keys = placesRead(answers, data).map((i) => answers.cases[i].caseId);
  const counts = keys.map((key) => {
    const row = [0, 0];
    for (const { clinicalAction } of data.readings.get(key)!.values()) if (clinicalAction !== null) row[clinicalAction]++;
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

function placesRead({ cases }: Answers, { readings }: StudyData): number[] {
  return cases.flatMap(({ caseId }, i) => (readings.has(caseId) ? [i] : []));
}

/** @throws E_UNBALANCED  a reader did not read the case, or could not */
function crossed(reading: Reading | undefined, column: 'rating' | 'clinicalAction'): number {
  const value = reading?.[column] ?? null;
  if (value === null) throw new StatisticsError('E_UNBALANCED');
  return value;
}
