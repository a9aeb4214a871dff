import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelCard } from '../inference/model-card.js';
import { readCard } from '../inference/read-card.js';
import { OPSET } from './networks/network.js';
import type { Evaluated } from './evaluate-model.js';
import { TestSplitUsed } from './faults.js';
import { round, roundUp } from './round.js';
import type { TrainedModel } from './train-model.js';
import type { TrainingConfig } from './training-config.js';

export interface RunFacts {
  /** Wall clock of training all networks. */
  readonly seconds: number;
  readonly machine: string;
  readonly trainCases: number;
  readonly valCases: number;
}

/**
 * How often the test cases have been evaluated for models of this name, this time included: whoever makes a new version
 * has seen what the last one did. The same model again is the same evaluation.
 * @param again  whether a further evaluation was asked for
 * @throws TestSplitUsed
 */
export function testEvaluations(
  folder: string,
  { name, version }: TrainingConfig,
  sha256: string,
  again: 'asked for' | 'not asked for',
): number {
  const path = join(folder, name, 'card.json');
  if (!existsSync(path)) return 1;
  const before = readCard(readFileSync(path, 'utf8'));
  const { testEvaluations: times = 1 } = before.training;
  if (before.sha256 === sha256) return times;
  if (before.version === version && again === 'not asked for') throw new TestSplitUsed();
  return times + 1;
}

export function cardOf(config: TrainingConfig, model: TrainedModel, evaluated: Evaluated, facts: RunFacts, times: number): ModelCard {
  const { card, network, fit, preparation } = config;
  const binary = card.classes.length === 2;
  return {
    name: config.name,
    version: config.version,
    title: card.title,
    manufacturer: card.manufacturer,
    licence: card.licence,
    sha256: model.sha256,
    opset: OPSET,
    intendedUse: card.intendedUse,
    limitations: [...card.limitations, ...said(evaluated, times)],
    notForClinicalUse: card.notForClinicalUse,
    input: card.input,
    preparation,
    inputDistanceLimit: roundUp(model.inputDistanceLimit),
    activation: 'softmax',
    classes: card.classes.map((one, k) => ({ ...one, ...model.thresholds[k] })),
    calibration:
      `Temperature ${round(model.temperature)} from ${facts.valCases} validation pictures, by which epochs, thresholds and limits were chosen too: probabilities hold for a share of classes between validation's and equal ones (classes were weighted alike). ` +
      (binary
        ? `Thresholds: the highest that find ${config.sensitivity.operating} (operating) and ${config.sensitivity.referral} (referral, 0.5 at the most) of the positives on validation.`
        : 'A report calls a class where its probability is 0.5 or more, none where no class has that; accuracy and confusion in `evaluation` are of the likeliest class.'),
    training: {
      ...card.training,
      cases: facts.trainCases,
      method: methodOf(config, model),
      seed: config.seed,
      seconds: Math.round(facts.seconds),
      machine: facts.machine,
      testEvaluations: times,
    },
    ...evaluated,
  };

  function methodOf({ name }: TrainingConfig, { members }: TrainedModel): string {
    const { backbone } = network;
    const wide = backbone.width === undefined ? '' : ` of width ${backbone.width}`;
    const kept = members.map(({ epochs, chosen, auc }) => `${chosen} of ${epochs} (AUC ${round(auc)})`).join(', ');
    return (
      `${network.members > 1 ? `${network.members} networks, the mean of their probabilities: ` : ''}${backbone.name}${wide} with spatial attention, from ` +
      `${network.pretrained ?? 'random numbers'}; class-weighted cross-entropy, AdamW ${fit.rate}, batch ${fit.batch}; epochs kept by AUC on validation: ${kept}. ` +
      `npm run train -- ${name} gives the same bytes on the same kind of processor, whatever its cores.`
    );
  }
}

/** What whoever reads the card must not miss in its figures. */
function said({ explanations }: Evaluated, times: number): string[] {
  const random = explanations.find(({ map }) => map === 'random');
  const idle = explanations.filter(({ map, insertion }) => map !== 'random' && random !== undefined && insertion <= random.insertion);
  return [
    'attention_map: what the network weighs its features by; class_activation_map: what each place adds to a logit. They show what moved the network, not where disease is.',
    'clinical_insights (64): a place among other cases, near those that look alike to the network; no measures of anything.',
    ...idle.map(
      ({ map }) =>
        `${map} does not explain: pictures that come out along it are recognised no sooner than along random places (explanations).`,
    ),
    ...(times > 1 ? [`The test cases have been evaluated ${times} times for models of this name: the figures may be optimistic.`] : []),
  ];
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
