import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Fault } from '../faults.js';
import { checkApart } from './check-data.js';
import { Checkpoints } from './checkpoints.js';
import type { LabelledImage } from './datasets/labelled-image.js';
import { readOtherPictures } from './datasets/other-pictures.js';
import { readSet, splitByPatient } from './datasets/read-set.js';
import { evaluateModel } from './evaluate-model.js';
import { cardOf, testEvaluations, writeModel } from './model-folder.js';
import { Progress } from './progress.js';
import { readConfig } from './read-config.js';
import { trainModel, type TrainingData } from './train-model.js';
import type { TrainingConfig } from './training-config.js';

const USAGE = `npm run train -- CONFIG [--data FOLDER] [--models FOLDER] [--checkpoints FOLDER] [--threads N] [--no-test] [--again]
  CONFIG         a model's name (its models/NAME/training.json) or the path of such a file
  --data         what the configuration's folders of data are within (default ../shared/data)
  --models       where to write NAME/card.json and NAME/VERSION/model.onnx (default models)
  --checkpoints  where a run that is stopped is kept, and taken up again (default checkpoints)
  --threads      of one step (default: the machine's cores)
  --no-test      trains and tells what validation says; the test cases are not looked at and nothing is written
  --again        evaluates the test cases once more for this version, which the card will say`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string', default: '../shared/data' },
    models: { type: 'string', default: 'models' },
    checkpoints: { type: 'string', default: 'checkpoints' },
    threads: { type: 'string', default: String(availableParallelism()) },
    'no-test': { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
  },
});
const path = positionals.length === 1 ? configPath(positionals[0]) : undefined;
if (path === undefined) {
  console.error(USAGE);
  process.exit(2);
}
try {
  await run(path);
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exit(1);
}

function configPath(given: string): string | undefined {
  return [join(values.models, given, 'training.json'), join('models', given, 'training.json'), given].find(
    (one) => existsSync(one) && one.endsWith('.json'),
  );
}

async function run(configuration: string): Promise<void> {
  const text = readFileSync(configuration, 'utf8');
  const config = readConfig(text);
  const data = await dataOf(config);
  const threads = Number(values.threads);
  const pretrained = config.network.pretrained && readFileSync(join(dirname(configuration), basename(config.network.pretrained)));
  const checkpoints = new Checkpoints(values.checkpoints, config.name, [text, values.threads, pretrained ?? '', ...contentsOf(data)]);
  const model = await trainModel(config, data, {
    threads,
    resume: (member) => checkpoints.load(member),
    watcher: (member) => {
      const progress = new Progress(
        config.network.members > 1 ? `${config.name}, network ${member + 1} of ${config.network.members}` : config.name,
      );
      return {
        step: (...step) => progress.step(...step),
        epoch: (report) => progress.epoch(report),
        save: (checkpoint) => checkpoints.save(member, checkpoint),
      };
    },
    ...(pretrained && { pretrained }),
  });
  console.log(`sha256 ${model.sha256}, ${model.onnx.length} bytes, temperature ${model.temperature.toFixed(3)}`);
  if (values['no-test']) return;
  const times = testEvaluations(values.models, config, model.sha256, values.again ? 'asked for' : 'not asked for');
  const { images: test } = await readSet(config.data, values.data, 'test', labelsOf(config));
  checkApart([...data.train, ...data.val], test, 'training and test');
  const others = await readOtherPictures(values.data, config.evaluation.outOfDistribution);
  const evaluated = await evaluateModel(config, model, test, others, threads);
  const facts = {
    machine: `${cpus()[0]?.model ?? 'unknown processor'}, ${threads} threads`,
    trainCases: data.train.length,
    valCases: data.val.length,
  };
  writeModel(values.models, cardOf(config, model, evaluated, facts, times), model.onnx);
  checkpoints.clear();
  console.log(JSON.stringify(evaluated, null, 2));
}

/** What of the pictures decides a training. */
function* contentsOf({ train, val }: TrainingData): Generator<string | Uint8Array> {
  for (const { file, label, image } of [...train, ...val]) {
    yield `${file} ${label} `;
    yield new Uint8Array(image.samples.buffer, image.samples.byteOffset, image.samples.byteLength);
  }
}

async function dataOf(config: TrainingConfig): Promise<TrainingData> {
  const read = async (split: 'train' | 'val'): Promise<readonly LabelledImage[]> =>
    (await readSet(config.data, values.data, split, labelsOf(config))).images;
  if (config.validationShare > 0) return splitByPatient(await read('train'), config.validationShare, config.seed);
  return { train: await read('train'), val: await read('val') };
}

function labelsOf({ card }: TrainingConfig): string[] {
  return card.classes.map(({ label }) => label);
}
