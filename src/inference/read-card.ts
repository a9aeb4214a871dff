import { JsonPlace } from '../json-place.js';
import { InvalidModelCard } from './faults.js';
import type { FittedFacts, Code, ManifestReference, ModelCard, ModelClass, ModelInput, ModelTraining } from './model-card.js';
import { evaluationAt, mapAt, uncertaintyAt } from './read-evaluation.js';
import { preparationAt } from './read-preparation.js';
import { clipAt, sequencesAt, volumeAt } from './read-volume-card.js';

const MOST_CASES = 1e9;
const MOST_SECONDS = 1e9;
const MOST_FRAMES = 2 ** 31 - 1; // Number of Frames is IS (PS3.5 6.2)
const MOST_DISTANCE = 1e12;

/**
 * Reads the text of a card.json: every member there, of its type and in its range, and no member beside them.
 * @throws InvalidModelCard  naming the first place that is wrong
 */
export function readCard(text: string): ModelCard {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new InvalidModelCard('', 'is not JSON');
  }
  return cardAt(new JsonPlace(parsed, (path, problem) => new InvalidModelCard(path, problem)));
}

function cardAt(place: JsonPlace): ModelCard {
  const card = place.object<ModelCard>(
    {
      // A folder's name, and a part of addresses: nothing that leads elsewhere.
      name: (at) => at.text(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens, 63 at most'),
      version: (at) => at.text(/^[0-9A-Za-z][0-9A-Za-z.-]{0,31}$/, 'letters, digits, dots and hyphens, 32 at most'),
      title: words,
      manufacturer: words,
      licence: words,
      sha256: sha256At,
      opset: (at) => at.whole(1, 100),
      intendedUse: words,
      limitations: (at) => at.list(words),
      notForClinicalUse: (at) => at.truth(),
      input: inputAt,
      preparation: preparationAt,
      inputDistanceLimit: (at) => at.number(0, MOST_DISTANCE),
      activation: (at) => at.oneOf(['softmax', 'sigmoid']),
      classes: classesAt,
      calibration: words,
      training: trainingAt,
      evaluation: (at) => at.list(evaluationAt),
      uncertainty: uncertaintyAt,
      explanations: (at) => at.list(mapAt),
    },
    ['inputDistanceLimit', 'uncertainty', 'explanations'],
  );
  if (card.activation === 'softmax' && card.classes.length < 2)
    place.refuse('has one class, to which softmax would always give probability 1');
  return card;
}

const sha256At = (place: JsonPlace): string => place.text(/^[0-9a-f]{64}$/, '64 lower-case hex digits');
const words = (place: JsonPlace): string => place.text();
const probability = (place: JsonPlace): number => place.number(0, 1);
const codeString = (place: JsonPlace): string => place.text(/^[A-Z0-9_ ]{1,16}$/, 'a code string (PS3.5 6.2, CS)');
const uid = (place: JsonPlace): string => place.text(/^(?=.{1,64}$)(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/, 'a UID (PS3.5 9.1)');

export function inputAt(place: JsonPlace): ModelInput {
  const input = place.object<ModelInput>(
    {
      modalities: (at) => at.list(codeString),
      sopClassUIDs: (at) => at.list(uid),
      photometricInterpretations: (at) => at.list(codeString),
      bodyParts: (at) => at.list(codeString),
      viewPositions: (at) => at.list(codeString),
      maximumFrames: (at) => at.whole(1, MOST_FRAMES),
      required: (at) => at.list((keyword) => keyword.oneOf(['Modality', 'BodyPartExamined', 'ViewPosition'])),
      volume: volumeAt,
      sequences: sequencesAt,
      clip: clipAt,
    },
    ['volume', 'sequences', 'clip'],
  );
  const { volume, sequences, clip } = input;
  if (volume !== undefined && clip !== undefined) place.refuse('must not have both volume and clip');
  if (sequences !== undefined && volume === undefined) place.refuse('must have volume where it has sequences');
  if (sequences !== undefined && (volume?.windows.length ?? 0) > 0)
    place.refuse('must not have both sequences and windows: each makes channels');
  return input;
}

function classesAt(place: JsonPlace): readonly ModelClass[] {
  const classes = place.list(classAt);
  if (classes.length === 0) place.refuse('must name at least one class');
  if (new Set(classes.map(({ label }) => label)).size < classes.length) place.refuse('must give each class its own label');
  return classes;
}

/** What a class means, without its thresholds. */
export const classMeaning = {
  label: words,
  kind: (at: JsonPlace): ModelClass['kind'] => at.oneOf(['finding', 'absence']),
  code: (at: JsonPlace) => at.object<Code>({ system: words, scheme: words, code: words, display: words }),
};

function classAt(place: JsonPlace): ModelClass {
  const read = place.object<ModelClass>({
    ...classMeaning,
    operatingThreshold: probability,
    referralThreshold: probability,
  });
  if (read.referralThreshold > read.operatingThreshold) place.refuse('must not have a referral threshold above its operating threshold');
  return read;
}

function trainingAt(place: JsonPlace): ModelTraining {
  return place.object<ModelTraining>(
    {
      dataset: words,
      citation: words,
      licence: words,
      split: words,
      cases: (at) => at.whole(1, MOST_CASES),
      method: words,
      seed: (at) => at.whole(0, Number.MAX_SAFE_INTEGER),
      seconds: (at) => at.number(0, MOST_SECONDS),
      machine: words,
      fitted: fittedAt,
      testEvaluations: (at) => at.whole(1, MOST_CASES),
      manifest: manifestAt,
    },
    ['seed', 'seconds', 'machine', 'fitted', 'testEvaluations', 'manifest'],
  );
}

function manifestAt(place: JsonPlace): ManifestReference {
  return place.object<ManifestReference>({
    // Beside the model: nothing that leads elsewhere, and not the model itself.
    file: (at) =>
      at.text(/^(?!model\.onnx$)[a-z0-9][a-z0-9.-]{0,62}$/, 'the name of a file: lower-case letters, digits, dots and hyphens, 63 at most'),
    sha256: sha256At,
    entries: (at) => at.whole(1, MOST_CASES),
  });
}

function fittedAt(place: JsonPlace): FittedFacts {
  const epoch = (at: JsonPlace) => at.whole(1, MOST_CASES);
  const network = (at: JsonPlace) =>
    at.object<FittedFacts['networks'][number]>({ epochs: epoch, chosen: epoch, auc: (auc) => auc.number(0, 1) });
  return place.object<FittedFacts>({ temperature: (at) => at.number(0, MOST_SECONDS), networks: (at) => at.list(network) });
}
