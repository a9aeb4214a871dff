import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FittedFacts, ManifestReference, ModelCard } from '../inference/model-card.js';
import { readCard } from '../inference/read-card.js';
import { loadModels } from '../inference/registry.js';
import { ModelNotThere } from './faults.js';
import { OPSET } from './networks/network.js';
import type { Evaluated } from './evaluate-model.js';
import { LEAST_TEMPERATURE, MOST_TEMPERATURE } from './evaluation/calibration.js';
import { round, roundUp } from './round.js';
import type { TrainedModel } from './train-model.js';
import type { TrainingConfig } from './training-config.js';

/** What a card says of the run that made the model, beside what it made. */
export interface RunFacts {
  /** Wall clock of training all networks. */
  readonly seconds: number;
  readonly machine: string;
  readonly trainCases: number;
  readonly valCases: number;
  readonly manifest: ManifestReference;
}

export function cardOf(config: TrainingConfig, model: TrainedModel, evaluated: Evaluated, facts: RunFacts, times: number): ModelCard {
  const { card, network, fit, preparation } = config;
  return {
    name: config.name,
    version: config.version,
    title: card.title,
    manufacturer: card.manufacturer,
    licence: card.licence,
    sha256: model.sha256,
    opset: OPSET,
    intendedUse: card.intendedUse,
    limitations: [...card.limitations, ...cautions(evaluated, times)],
    notForClinicalUse: card.notForClinicalUse,
    input: card.input,
    preparation,
    inputDistanceLimit: roundUp(model.inputDistanceLimit),
    activation: 'softmax',
    classes: card.classes.map((one, k) => ({ ...one, ...model.thresholds[k] })),
    calibration: calibrationOf(config, model, facts),
    training: {
      ...card.training,
      cases: facts.trainCases,
      method: methodOf(config, model),
      seed: config.seed,
      seconds: Math.round(facts.seconds),
      machine: facts.machine,
      fitted: { temperature: model.fitted.temperature, networks: model.fitted.networks.map((one) => ({ ...one, auc: round(one.auc) })) },
      testEvaluations: times,
      manifest: facts.manifest,
    },
    ...evaluated,
  };

  function methodOf({ name }: TrainingConfig, { fitted: { networks } }: TrainedModel): string {
    const { backbone } = network;
    const wide = backbone.width === undefined ? '' : ` of width ${backbone.width}`;
    const kept = networks.map(({ epochs, chosen, auc }) => `${chosen} of ${epochs} (AUC ${round(auc)})`).join(', ');
    return (
      `${network.members > 1 ? `${network.members} networks, the mean of their probabilities: ` : ''}${backbone.name}${wide} with spatial attention, from ` +
      `${network.pretrained ?? 'random numbers'}; class-weighted cross-entropy, AdamW ${fit.rate}, batch ${fit.batch}; epochs kept by AUC on validation: ${kept}. ` +
      `npm run train -- ${name} gives the same bytes on the same kind of processor, whatever its cores.`
    );
  }
}

function calibrationOf({ sensitivity, card }: TrainingConfig, { fitted: { temperature } }: TrainedModel, { valCases }: RunFacts): string {
  const fitted =
    temperature === 1
      ? `Not calibrated: ${valCases} validation pictures leave no temperature between ${LEAST_TEMPERATURE} and ${MOST_TEMPERATURE}.`
      : `Temperature ${round(temperature)}, fitted on ${valCases} validation pictures, by which epochs, thresholds and limits were chosen too.`;
  const called =
    card.classes.length === 2
      ? `Thresholds: the highest that find ${sensitivity.operating} (operating) and ${sensitivity.referral} (referral, 0.5 at the most) of the positives on validation.`
      : 'A report calls a class where its probability is 0.5 or more, none where no class has that (byClass); accuracy and confusion are of the likeliest class.';
  return `${fitted} Training weighs all classes alike, and nothing corrects for how often they occur elsewhere; how well probabilities hold on new pictures is the calibrationError of each evaluation. ${called}`;
}

/** What whoever reads the card must not miss in its figures. */
export function cautions({ explanations, uncertainty }: Pick<Evaluated, 'explanations' | 'uncertainty'>, times: number): string[] {
  const { coverage, covered, threshold, meanSize } = uncertainty.predictionSets;
  const unmeasured = uncertainty.measures.every(({ outOfDistribution }) => outOfDistribution.length === 0);
  const passed = strangersPassed(uncertainty);
  const idle = explanations.filter(({ explains }) => !explains);
  return [
    'attention_map: what the network weighs its features by; class_activation_map: what each place adds to a logit of a network, before calibration. They show what moved the network, not where disease is.',
    'clinical_insights (64): a place among other cases, near those that look alike to the network; no measures of anything.',
    ...idle.map(
      ({ map }) =>
        `${map} is not shown to explain: along it pictures are not recognised clearly sooner, and lost clearly sooner, than along random places (explanations).`,
    ),
    ...(covered.interval[1] < coverage
      ? [
          `Prediction sets hold the true class in ${covered.value} of the test cases, fewer than the ${coverage} they were made for on validation.`,
        ]
      : []),
    ...(meanSize < 1 ? ['Some prediction sets are empty: no class is likely enough.'] : []),
    ...(threshold === 0 ? ['Validation is too small for prediction sets of this coverage: they hold all classes.'] : []),
    ...(unmeasured
      ? [
          'How well inputs of another kind are told from those of the training was not measured: there were none in the values that the model takes.',
        ]
      : []),
    ...(passed.length > 0
      ? [
          `The check for input of another kind (input_distance) is weak: many pictures of ${passed.join(', ')} pass it as if they were of the training's kind.`,
        ]
      : []),
    ...(times > 1 ? [`The test cases have been evaluated ${times} times for models of this name: the figures may be optimistic.`] : []),
  ];
}

/** From this AUC on pictures of another kind are told from those of the training. */
const TOLD_APART = 0.9;

/** Sets of other kinds that the distance from the training's pictures does not tell apart, each with its AUC. */
const strangersPassed = ({ measures }: Evaluated['uncertainty']): string[] =>
  measures
    .filter(({ measure }) => measure === 'input_distance')
    .flatMap(({ outOfDistribution }) => outOfDistribution)
    .filter(({ auc }) => auc < TOLD_APART)
    .map(({ dataset, auc }) => `${dataset} (AUC ${auc})`);

/** A model that was trained here, by its card's version. @throws ModelNotThere  there is none, or its card says too little */
export async function readModel(
  folder: string,
  { name, version }: TrainingConfig,
): Promise<{ onnx: Uint8Array; card: ModelCard & { training: { fitted: FittedFacts } } }> {
  const { loaded } = await loadModels(folder);
  const found = loaded.find(({ card }) => card.name === name && card.version === version);
  const fitted = found?.card.training.fitted;
  if (found === undefined || fitted === undefined) throw new ModelNotThere();
  return { onnx: readFileSync(found.path), card: { ...found.card, training: { ...found.card.training, fitted } } };
}

/** Writes NAME/card.json and NAME/VERSION/model.onnx. */
export function writeModel(folder: string, card: ModelCard, onnx: Uint8Array): void {
  const text = `${JSON.stringify(card, null, 2)}\n`;
  readCard(text); // a card that no server would take is not written over one that it takes
  const target = join(folder, card.name);
  mkdirSync(join(target, card.version), { recursive: true });
  writeFileSync(join(target, card.version, 'model.onnx'), onnx);
  writeFileSync(join(target, 'card.json'), text);
}
