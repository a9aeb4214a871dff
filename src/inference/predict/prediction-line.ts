import type { EngineResult } from '../engines/engine-messages.js';
import type { ModelCard } from '../model-card.js';

/** What became of a file: `read`, `not-read` by the card's rules, or `failed` because it can't be prepared. */
export type Prediction =
  | { readonly file: string; readonly state: 'read'; readonly result: EngineResult }
  | { readonly file: string; readonly state: 'not-read' | 'failed'; readonly code: string; readonly reason: string };

/** A set of no class is not the same as no set, where the card has none. */
const EMPTY_SET = 'empty';

type Column = readonly [name: string, value: (result: EngineResult) => string | number | boolean | undefined];

const joined = (values: ArrayLike<number> | undefined): string | undefined => values && Array.from(values).join(' ');

/** One column for every output of the model, after file, state, code and reason. */
function columnsOf({ classes, inputDistanceLimit: limit }: ModelCard): Column[] {
  return [
    ...classes.map(({ label }, k): Column => [`probability ${label}`, ({ outputs }) => outputs.probabilities[k]]),
    ...classes.map(({ label }, k): Column => [`logit ${label}`, ({ outputs }) => outputs.logits[k]]),
    ['prediction', ({ outputs }) => outputs.prediction],
    ['predicted class', ({ outputs }) => classes[outputs.prediction].label],
    ...classes.map(({ label, operatingThreshold }, k): Column => [
      `called ${label}`,
      ({ outputs }) => outputs.probabilities[k] >= operatingThreshold,
    ]),
    ['confidence', ({ outputs }) => outputs.confidence],
    ['high confidence', ({ outputs }) => outputs.highConfidence],
    ['uncertainty', ({ outputs }) => outputs.uncertainty],
    ['predictive entropy', ({ outputs }) => outputs.predictiveEntropy],
    ['refers', ({ outputs }) => outputs.referral?.refers],
    ['prediction set', ({ outputs: { predictionSet: set } }) => (set?.length === 0 ? EMPTY_SET : joined(set))],
    ['input distance', ({ outputs }) => outputs.inputDistance],
    [
      'unlike training',
      ({ outputs: { inputDistance } }) => (inputDistance === undefined || limit === undefined ? undefined : inputDistance > limit),
    ],
    ['quality score', ({ quality }) => quality.score],
    ['contrast', ({ quality }) => quality.contrast],
    ['sharpness', ({ quality }) => quality.sharpness],
    ['noise', ({ quality }) => quality.noise],
    ['brightness', ({ quality }) => quality.brightness],
    ['clipped share', ({ quality }) => quality.clippedShare],
    ['saturation', ({ quality }) => quality.saturation],
    ['burnt-in text share', ({ quality }) => quality.burntInTextShare],
    ['clinical insights', ({ outputs }) => joined(outputs.clinicalInsights)],
    ['attention map rows', ({ outputs }) => outputs.attentionMap?.rows],
    ['attention map columns', ({ outputs }) => outputs.attentionMap?.columns],
    ['attention map', ({ outputs }) => joined(outputs.attentionMap?.values)],
    ['provider', ({ provider }) => provider],
  ];
}

const FIRST = ['file', 'state', 'code', 'reason'];

export const headLine = (card: ModelCard): string => csvLine([...FIRST, ...columnsOf(card).map(([name]) => name)]);

export function predictionLine(prediction: Prediction, card: ModelCard): string {
  const columns = columnsOf(card);
  if (prediction.state !== 'read')
    return csvLine([prediction.file, prediction.state, prediction.code, prediction.reason, ...columns.map(() => '')]);
  return csvLine([prediction.file, 'read', '', '', ...columns.map(([, value]) => String(value(prediction.result) ?? ''))]);
}

/** RFC 4180: a field with a comma, quote or line break stands in quotes, quotes in it twice. */
const csvLine = (fields: readonly string[]): string =>
  fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
