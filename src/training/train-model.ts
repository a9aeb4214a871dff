import { createHash } from 'node:crypto';
import type { FittedFacts, ModelCard } from '../inference/model-card.js';
import { checkApart, checkBatch, checkTeaching, checkPart } from './check-data.js';
import type { LabelledImage } from './datasets/labelled-image.js';
import { DEFAULT_AUGMENTATION } from './augmentation/settings.js';
import { featureSpace } from './evaluation/feature-space.js';
import { fitTemperature } from './evaluation/calibration.js';
import { thresholdFor } from './evaluation/roc.js';
import type { Outcome } from './evaluation/outcomes.js';
import { probabilitiesOf, type Scored } from './evaluation/uncertainty.js';
import { fit, type Checkpoint, type FitForm, type FitWatcher } from './fit/fit.js';
import { pictureOf, type Picture } from './fit/pictures.js';
import { Scorer } from './fit/scorer.js';
import type { NetworkForm } from './networks/network.js';
import { servedGraph, type ServedForm } from './networks/served-graph.js';
import { roundDown } from './round.js';
import { declare } from './step/step-graph.js';
import type { TrainingConfig } from './training-config.js';

/** A network's class that is likelier than not is never called absent, whatever the sensitivity asked for allows. */
const LIKELIER_THAN_NOT = 0.5;
/** Share of validation pictures that the limit of the input's distance lets pass. */
const LIKE_TRAINING = 0.995;

export interface TrainingData {
  readonly train: readonly LabelledImage[];
  readonly val: readonly LabelledImage[];
}

export interface RunOptions {
  readonly threads: number;
  /** Told of progress, and given checkpoints, of each member. */
  readonly watcher: (member: number) => FitWatcher;
  /** Where each member had come to. */
  readonly resume: (member: number) => Checkpoint | undefined;
  /** What a backbone starts from, in place of random numbers. */
  readonly pretrained?: Uint8Array;
}

/** A model made from training and validation alone: nothing of the test cases is known yet. */
export interface TrainedModel {
  readonly onnx: Uint8Array;
  readonly sha256: string;
  readonly fitted: FittedFacts;
  readonly thresholds: Pick<ModelCard['classes'][number], 'operatingThreshold' | 'referralThreshold'>[];
  readonly inputDistanceLimit: number;
  readonly val: readonly Scored[];
}

const networkForm = ({ network, preparation, card }: TrainingConfig, insightValues: readonly string[]): NetworkForm => ({
  backbone: network.backbone,
  image: [preparation.channels, preparation.rows, preparation.columns],
  classes: card.classes.length,
  insightClasses: insightValues.length || card.classes.length,
  dropout: network.dropout,
});

/** The same configuration and data give the same bytes on the same kind of processor. `seconds`: of training each network. */
export async function trainModel(
  config: TrainingConfig,
  data: TrainingData,
  options: RunOptions,
): Promise<TrainedModel & { readonly seconds: readonly number[] }> {
  const { train, val, network, insights } = preparedRun(config, data);
  const fitted = [];
  for (let member = 0; member < config.network.members; member++) {
    const form = fitForm(config, network, insights, member, options);
    fitted.push(await fit(train, val, form, options.watcher(member), options.resume(member)));
  }
  const networks = fitted.map(({ network }) => network);
  const plain: ServedForm = {
    network,
    name: config.name,
    version: Number(config.version),
    temperature: 1,
    features: 'given',
  };
  const served = (form: ServedForm) => servedGraph(form, declare(form.network, 2), networks);
  const uncalibrated = served(plain);
  const [seen, unseen] = [
    await scored(uncalibrated, train, config, options.threads),
    await scored(uncalibrated, val, config, options.threads),
  ];
  const labels = unseen.map(({ label }) => label);
  const temperature = fitTemperature(logitsOf(unseen), labels);
  const space = featureSpace(
    seen.map(({ scores }) => scores['features']),
    seen.map(({ label }) => label),
    config.card.classes.length,
  );
  const onnx = served({ ...plain, temperature, space, features: 'kept back' });
  const networksFacts = fitted.map(({ epochs, chosen }) => ({ epochs: epochs.length, chosen, auc: epochs[chosen - 1].auc }));
  const model = await onValidation(config, val, onnx, { temperature, networks: networksFacts }, options.threads);
  return { ...model, seconds: fitted.map(({ seconds }) => seconds) };
}

/** What the pictures of validation alone say of a graph: its thresholds and limits. */
export async function onValidation(
  config: TrainingConfig,
  pictures: readonly Picture[],
  onnx: Uint8Array,
  fitted: FittedFacts,
  threads: number,
): Promise<TrainedModel> {
  const val = await scored(onnx, pictures, config, threads);
  return {
    onnx,
    sha256: createHash('sha256').update(onnx).digest('hex'),
    fitted,
    thresholds: thresholds(config, val),
    inputDistanceLimit: quantile(
      val.map(({ scores }) => scores['input_distance'][0]),
      LIKE_TRAINING,
    ),
    val,
  };
}

/** Trains one network of a model, as trainModel does it among others; the watcher is given it as its last checkpoint. */
export async function trainMember(config: TrainingConfig, data: TrainingData, member: number, options: RunOptions): Promise<void> {
  const { train, val, network, insights } = preparedRun(config, data);
  const form = fitForm(config, network, insights, member, options);
  await fit(train, val, form, options.watcher(member), options.resume(member));
}

/** @throws DatasetBroken */
function preparedRun(config: TrainingConfig, data: TrainingData) {
  checkPart(data.train, 'train', config.card.classes.length);
  checkPart(data.val, 'val', config.card.classes.length);
  checkBatch(data.train, config.fit.batch);
  checkApart(data.train, data.val, 'train and val');
  checkTeaching(data.train, config.teaching);
  const insights = insightsOf(config, data.train);
  return {
    train: data.train.map((one) => pictureOf(one, config.preparation)),
    val: data.val.map((one) => pictureOf(one, config.preparation)),
    insights,
    network: networkForm(config, insights?.values ?? []),
  };
}

type Insights = FitForm['insights'];

/** The values of the attribute that the insights are taught, as they occur in training. */
function insightsOf({ teaching: { insights: attribute } }: TrainingConfig, train: readonly LabelledImage[]): Insights {
  if (attribute === undefined) return undefined;
  const values = new Set(train.flatMap(({ attributes }) => attributes[attribute] ?? []));
  return { attribute, values: [...values].sort() };
}

function fitForm(
  config: TrainingConfig,
  network: NetworkForm,
  insights: Insights,
  member: number,
  { threads, pretrained }: RunOptions,
): FitForm {
  const augmentation = { ...DEFAULT_AUGMENTATION, ...config.fit.augmentation };
  return {
    settings: { ...config.fit, augmentation },
    network,
    teaching: config.teaching.of,
    ...(insights && { insights }),
    preparation: config.preparation,
    seed: config.seed + member,
    threads,
    ...(pretrained !== undefined && { pretrained }),
  };
}

const OUTPUTS = ['logits', 'probabilities', 'uncertainty', 'input_distance', 'features'];

/** What a model makes of pictures. */
export async function scored(
  onnx: Uint8Array,
  pictures: readonly Picture[],
  { preparation }: TrainingConfig,
  threads: number,
): Promise<Scored[]> {
  const scorer = await Scorer.of(onnx, preparation, threads);
  const scores = await scorer.score(pictures, OUTPUTS);
  await scorer.close();
  return scores.map((own, i) => ({ label: pictures[i].label, scores: own }));
}

export const outcomesOf = (cases: readonly Scored[], pictures: readonly Picture[]): Outcome[] =>
  cases.map((one, i) => ({
    label: one.label,
    file: pictures[i].source.file,
    attributes: pictures[i].source.attributes,
    probabilities: probabilitiesOf(one),
  }));

const logitsOf = (cases: readonly Scored[]): number[][] => cases.map(({ scores }) => Array.from(scores['logits']));

/** Of two classes, by the sensitivity asked for; of more, a class is called where it is likelier than all others together. */
function thresholds({ sensitivity, card }: TrainingConfig, val: readonly Scored[]): TrainedModel['thresholds'] {
  if (card.classes.length !== 2)
    return card.classes.map(() => ({ operatingThreshold: LIKELIER_THAN_NOT, referralThreshold: LIKELIER_THAN_NOT / 2 }));
  const probabilities = val.map((one) => probabilitiesOf(one)[1]);
  const labels = val.map(({ label }) => label);
  const operating = roundDown(thresholdFor(sensitivity.operating, probabilities, labels));
  const referral = Math.min(roundDown(thresholdFor(sensitivity.referral, probabilities, labels)), operating, LIKELIER_THAN_NOT);
  const absence = roundDown(1 - operating);
  return [
    { operatingThreshold: absence, referralThreshold: absence },
    { operatingThreshold: operating, referralThreshold: referral },
  ];
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}
