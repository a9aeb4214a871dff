import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Checkpoints } from './checkpoints.js';
import type { SetForm } from './datasets/dicomweb-set.js';
import type { LabelledImage } from './datasets/labelled-image.js';
import { readSet, splitByPatient } from './datasets/read-set.js';
import { WeightsUnfit } from './faults.js';
import type { MemberOrder } from './member-processes.js';
import { readConfig } from './read-config.js';
import type { TrainingData } from './train-model.js';
import type { TrainingConfig } from './training-config.js';

/** All that a training starts from. */
export interface TrainingRun {
  readonly config: TrainingConfig;
  readonly data: TrainingData;
  readonly checkpoints: Checkpoints;
  /** Weights to start from. */
  readonly pretrained: Uint8Array | undefined;
}

/** @throws InvalidModelCard, DatasetBroken, WeightsUnfit */
export async function readRun({
  configuration,
  data: root,
  checkpoints,
  threads,
}: Pick<MemberOrder, 'configuration' | 'data' | 'checkpoints' | 'threads'>): Promise<TrainingRun> {
  const text = readFileSync(configuration, 'utf8');
  const config = readConfig(text);
  const data = await dataOf(config, root);
  const { pretrained } = config.network;
  const weights = pretrained === undefined ? undefined : weightsIn(join(dirname(configuration), basename(pretrained)));
  const decisive = [...compiledCode(), text, String(threads), weights ?? '', ...contentsOf(data)];
  return { config, data, checkpoints: new Checkpoints(checkpoints, config.name, decisive), pretrained: weights };
}

/** @throws WeightsUnfit */
function weightsIn(path: string): Uint8Array {
  if (!existsSync(path)) throw new WeightsUnfit(`${basename(path)} does not lie beside the configuration.`);
  return readFileSync(path);
}

/** The code that trains: what another version of it has begun is not gone on with. */
function compiledCode(): string[] {
  const source = fileURLToPath(new URL('..', import.meta.url));
  return ['training', 'inference/preparation', 'inference/onnx'].flatMap((folder) =>
    readdirSync(join(source, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.js'))
      .sort()
      .map((name) => readFileSync(join(source, folder, name), 'utf8')),
  );
}

/** What of the pictures decides a training: all of them, in which part they are, and what is known of them. */
function* contentsOf(data: TrainingData): Generator<string | Uint8Array> {
  for (const part of ['train', 'val'] as const) {
    yield part;
    for (const { image, ...known } of data[part]) {
      yield JSON.stringify(known);
      yield new Uint8Array(image.samples.buffer, image.samples.byteOffset, image.samples.byteLength);
    }
  }
}

async function dataOf(config: TrainingConfig, root: string): Promise<TrainingData> {
  const read = async (split: 'train' | 'val'): Promise<readonly LabelledImage[]> =>
    (await readSet(config.data, root, split, formOf(config))).images;
  if (config.validationShare > 0) return splitByPatient(await read('train'), config.validationShare, config.seed);
  return { train: await read('train'), val: await read('val') };
}

/** What the data are read for. */
export const formOf = ({ card, preparation }: TrainingConfig): SetForm => ({
  classes: card.classes.map(({ label }) => label),
  rules: { input: card.input, preparation },
});
