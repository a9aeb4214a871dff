import { createHash } from 'node:crypto';
import type { ModelCard } from '../inference/model-card.js';
import { prepareImage } from '../inference/preparation/prepare-image.js';
import { chestCard, NAME, VERSION } from './chest-card.js';
import { foldClassifier, pneumoniaLogit, type ChestClassifier } from './chest-classifier.js';
import type { LabelledImage } from './chest-dataset.js';
import { chestFeatures, FEATURES, PREPARATION } from './chest-features.js';
import { chestGraph } from './chest-graph.js';
import { evaluate, type Outcomes } from './evaluate.js';
import { fitLogistic, scores, sigmoid, type Design, type LinearModel } from './logistic-regression.js';
import { plattScaling } from './platt-scaling.js';
import { rocArea, thresholdFor, type RocArea } from './evaluation/roc.js';
import { standardisationOf, standardise } from './standardisation.js';

/** From strong to weak; each fit starts where the one before ended. */
const PENALTIES = [1, 0.3, 0.1, 0.03, 0.01];
/** What is called pneumonia, and what is still looked at twice. */
/** What the model holds likelier than not is never coded as absent, whatever its sensitivity allows. */
const LIKELIER_THAN_NOT = 0.5;
const SENSITIVITY = { operating: 0.95, referral: 0.99 };
const DATASET = 'Chest X-ray pneumonia (Kermany 2018)';

export interface TrainedModel {
  readonly card: ModelCard;
  readonly onnx: Uint8Array;
  readonly classifier: ChestClassifier;
}

export interface ChestSplits {
  readonly train: readonly LabelledImage[];
  readonly val: readonly LabelledImage[];
  readonly test: readonly LabelledImage[];
}

/** Trains on `train`; chooses penalty, calibration and thresholds on `val`; measures on `test`. Same splits, same bytes. */
export function trainChestPneumonia({ train, val, test }: ChestSplits): TrainedModel {
  const seen = train.map(featuresOf);
  const unseen = val.map(featuresOf);
  const scale = standardisationOf(seen);
  const valDesign = standardise(unseen, scale);
  const valLabels = val.map(({ label }) => label);
  const fits = fitAll(
    standardise(seen, scale),
    train.map(({ label }) => label),
  );
  const { penalty, model } = strongestWithinOneError(fits, (fit) => rocArea(scores(valDesign, fit), valLabels));
  const calibration = plattScaling(scores(valDesign, model), valLabels);
  const classifier = foldClassifier(model, scale, calibration, seen);
  const onnx = chestGraph(classifier, NAME, Number(VERSION));

  const onVal = outcomes(classifier, val, unseen);
  const threshold = (sensitivity: number): number => roundDown(thresholdFor(sensitivity, onVal.probabilities, valLabels));
  const operatingThreshold = threshold(SENSITIVITY.operating);
  const easy = test.filter(({ officialSplit }) => officialSplit !== 'test');
  const hard = test.filter(({ officialSplit }) => officialSplit === 'test');
  const measured = (split: string, cases: readonly LabelledImage[]) =>
    evaluate(DATASET, split, outcomes(classifier, cases, cases.map(featuresOf)), operatingThreshold);
  const card = chestCard({
    sha256: createHash('sha256').update(onnx).digest('hex'),
    cases: train.length,
    penalty,
    operatingThreshold,
    referralThreshold: Math.min(threshold(SENSITIVITY.referral), LIKELIER_THAN_NOT),
    fullAttention: classifier.fullAttention,
    calibration: `Platt scaling on val (${val.length} pictures, ${percent(valLabels)} % pneumonia): probabilities hold for that share of pneumonia. Thresholds: the highest with a sensitivity of at least ${SENSITIVITY.operating} (operating) and ${SENSITIVITY.referral} (referral) on val; referral at ${LIKELIER_THAN_NOT} at the most.`,
    evaluation: [
      measured('test, pictures of the official train and val folders (by patient)', easy),
      measured('test, pictures of the official test folder (by patient)', hard),
    ],
  });
  return { card, onnx, classifier };
}

/** The picture as the server would prepare it. */
export const prepared = ({ image }: LabelledImage): Float32Array => prepareImage(image, PREPARATION).images;

const featuresOf = (labelled: LabelledImage): Float64Array => chestFeatures(prepared(labelled));

/** Down, so that the case that set the threshold stays above it. */
const roundDown = (probability: number): number => Math.floor(probability * 1e4) / 1e4;

const percent = (labels: readonly number[]): number => Math.round((100 * labels.filter((label) => label === 1).length) / labels.length);

function outcomes(classifier: ChestClassifier, cases: readonly LabelledImage[], features: readonly Float64Array[]): Outcomes {
  return {
    probabilities: features.map((one) => sigmoid(pneumoniaLogit(classifier, one))),
    labels: cases.map(({ label }) => label),
  };
}

interface Fit {
  readonly penalty: number;
  readonly model: LinearModel;
}

function fitAll(design: Design, labels: readonly number[]): Fit[] {
  let start: LinearModel = { weights: new Float64Array(FEATURES), intercept: 0 };
  return PENALTIES.map((penalty) => {
    start = fitLogistic(design, labels, penalty, start);
    return { penalty, model: start };
  });
}

/** The one-standard-error rule: of models that validation can't tell apart, the simplest. */
function strongestWithinOneError(fits: readonly Fit[], area: (model: LinearModel) => RocArea): Fit {
  const areas = fits.map(({ model }) => area(model));
  const best = areas.reduce((a, b) => (b.auc > a.auc ? b : a));
  return fits[areas.findIndex(({ auc }) => auc >= best.auc - best.standardError)];
}
