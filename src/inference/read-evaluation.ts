import {
  EXPLAINED_MAPS,
  UNCERTAINTY_MEASURES,
  type AreaWithInterval,
  type ClassEvaluation,
  type MapEvaluation,
  type ModelEvaluation,
  type ShareWithInterval,
  type SubgroupEvaluation,
  type UncertaintyEvaluation,
} from './card-evaluation.js';
import type { JsonPlace } from '../json-place.js';

const MOST_CASES = 1e9;
const MOST_VALUE = 1e12;

const words = (place: JsonPlace): string => place.text();
const share = (place: JsonPlace): number => place.number(0, 1);
const count = (place: JsonPlace): number => place.whole(0, MOST_CASES);

/** Reads one entry of a card's `evaluation`. @throws InvalidModelCard */
export function evaluationAt(place: JsonPlace): ModelEvaluation {
  return place.object<ModelEvaluation>(
    {
      dataset: words,
      split: words,
      cases: (at) => at.whole(1, MOST_CASES),
      positives: count,
      auc: share,
      aucInterval: intervalAt,
      intervalMethod: words,
      sensitivity: share,
      specificity: share,
      sensitivityInterval: intervalAt,
      specificityInterval: intervalAt,
      accuracy: shareAt,
      calibrationError: share,
      byClass: (at) => at.list(classAt),
      confusion: (at) => at.list((row) => row.list(count)),
      subgroups: (at) => at.list(subgroupAt),
      errors: (at) => at.list(words),
    },
    ['sensitivityInterval', 'specificityInterval', 'accuracy', 'calibrationError', 'byClass', 'confusion', 'subgroups', 'errors'],
  );
}

/** Reads a card's `uncertainty`. @throws InvalidModelCard */
export function uncertaintyAt(place: JsonPlace): UncertaintyEvaluation {
  return place.object<UncertaintyEvaluation>({
    referral: (at) => at.object({ measure: measureAt, above: (above) => above.number(0, MOST_VALUE) }),
    measures: (at) =>
      at.list((one) =>
        one.object<UncertaintyEvaluation['measures'][number]>(
          {
            measure: measureAt,
            errors: (errors) => errors.object<AreaWithInterval>(area),
            outOfDistribution: (sets) =>
              sets.list((set) => set.object<AreaWithInterval & { dataset: string }>({ ...area, dataset: words })),
          },
          ['errors'],
        ),
      ),
    predictionSets: (at) =>
      at.object<UncertaintyEvaluation['predictionSets']>({
        coverage: share,
        threshold: share,
        covered: shareAt,
        meanSize: (size) => size.number(0, MOST_VALUE),
      }),
  });
}

/** Reads one entry of a card's `explanations`. @throws InvalidModelCard */
export function mapAt(place: JsonPlace): MapEvaluation {
  return place.object<MapEvaluation>({
    map: (at) => at.oneOf(EXPLAINED_MAPS),
    cases: (at) => at.whole(1, MOST_CASES),
    deletion: share,
    insertion: share,
    random: (at) => at.object({ deletion: share, insertion: share }),
    explains: (at) => at.truth(),
  });
}

const measureAt = (place: JsonPlace) => place.oneOf(UNCERTAINTY_MEASURES);

const area = { auc: share, interval: intervalAt, found: count, others: count };

function shareAt(place: JsonPlace): ShareWithInterval {
  return place.object<ShareWithInterval>({ value: share, interval: intervalAt });
}

function classAt(place: JsonPlace): ClassEvaluation {
  return place.object<ClassEvaluation>({
    label: words,
    cases: count,
    auc: share,
    aucInterval: intervalAt,
    sensitivity: shareAt,
    specificity: shareAt,
  });
}

function subgroupAt(place: JsonPlace): SubgroupEvaluation {
  return place.object<SubgroupEvaluation>(
    { attribute: words, value: words, cases: (at) => at.whole(1, MOST_CASES), accuracy: shareAt, auc: share },
    ['auc'],
  );
}

function intervalAt(place: JsonPlace): readonly [number, number] {
  const [low, high, ...more] = place.list(share);
  if (high === undefined || more.length > 0 || low > high) place.refuse('must be two numbers, the lower first');
  return [low, high];
}
