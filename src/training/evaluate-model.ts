import type { ModelCard } from '../inference/model-card.js';
import { checkPart } from './check-data.js';
import type { LabelledImage } from './datasets/labelled-image.js';
import { evaluateMaps } from './evaluation/maps.js';
import { evaluate } from './evaluation/outcomes.js';
import { evaluateUncertainty } from './evaluation/uncertainty.js';
import { pictureOf, type Picture } from './fit/pictures.js';
import { Scorer } from './fit/scorer.js';
import { outcomesOf, scored, type TrainedModel } from './train-model.js';
import type { TrainingConfig } from './training-config.js';

/** Pictures of the test cases that maps are tried on: each costs 338 runs. */
const MAPPED = 60;

export interface OtherPictures {
  readonly dataset: string;
  readonly images: readonly LabelledImage[];
}

export type Evaluated = Required<Pick<ModelCard, 'evaluation' | 'uncertainty' | 'explanations'>>;

/** Measures a finished model on the test cases, once; nothing of the model changes by it. */
export async function evaluateModel(
  config: TrainingConfig,
  model: TrainedModel,
  test: readonly LabelledImage[],
  others: readonly OtherPictures[],
  threads: number,
): Promise<Evaluated> {
  const pictures = test.map((one) => pictureOf(one, config.preparation));
  const parts = partsOf(config, pictures);
  for (const { name, indices } of parts)
    checkPart(
      indices.map((i) => test[i]),
      name,
      config.card.classes.length,
    );
  const cases = await scored(model.onnx, pictures, config, threads);
  const threshold = model.thresholds[1].operatingThreshold;
  const labels = config.card.classes.map(({ label }) => label);
  const form = { dataset: config.card.training.dataset, operatingThreshold: threshold, subgroups: config.evaluation.subgroups, labels };
  const outcomes = outcomesOf(cases, pictures);
  const evaluation = parts.map(({ name, indices }) =>
    evaluate(
      indices.map((i) => outcomes[i]),
      { ...form, split: name },
    ),
  );
  const elsewhere = [];
  for (const { dataset, images } of others) {
    const strange = images.map((one) => pictureOf(one, config.preparation));
    elsewhere.push({ dataset, cases: await scored(model.onnx, strange, config, threads) });
  }
  return {
    evaluation,
    uncertainty: evaluateUncertainty(model.val, cases, elsewhere, threshold),
    explanations: await explained(config, model, everyNth(pictures, MAPPED), threads),
  };
}

/** The whole test, or its parts by an attribute. */
function partsOf({ evaluation: { parts } }: TrainingConfig, pictures: readonly Picture[]): { name: string; indices: number[] }[] {
  const all = pictures.map((_, i) => i);
  if (parts === undefined) return [{ name: 'test', indices: all }];
  const { attribute, values } = parts;
  const nameOf = (i: number) => values[pictures[i].source.attributes[attribute]] ?? 'others';
  return [...Map.groupBy(all, nameOf)].map(([name, indices]) => ({ name, indices }));
}

async function explained(
  config: TrainingConfig,
  { onnx }: TrainedModel,
  pictures: readonly Picture[],
  threads: number,
): Promise<Evaluated['explanations']> {
  const scorer = await Scorer.of(onnx, config.preparation, threads);
  const [first] = await scorer.score(pictures.slice(0, 1), ['attention_map']);
  const { rows, columns } = config.preparation;
  const cells = first['attention_map'].length;
  const across = Math.round(Math.sqrt((cells * columns) / rows)); // a map has the picture's shape
  const maps = await evaluateMaps(scorer, pictures, config.preparation, [cells / across, across]);
  await scorer.close();
  return maps;
}

const everyNth = <T>(all: readonly T[], count: number): T[] => {
  const step = Math.max(1, all.length / count);
  return Array.from({ length: Math.min(count, all.length) }, (_, i) => all[Math.floor(i * step)]);
};
