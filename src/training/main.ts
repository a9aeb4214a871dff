import { existsSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Fault } from '../faults.js';
import { checkApart } from './check-data.js';
import { checkOtherSets, readOtherPictures } from './datasets/other-pictures.js';
import { readSet } from './datasets/read-set.js';
import { evaluateModel } from './evaluate-model.js';
import type { FitWatcher } from './fit/fit.js';
import { pictureOf } from './fit/pictures.js';
import { MemberFailed, trainSideBySide, wallClock, type MemberOrder } from './member-processes.js';
import { addManifest, madeFrom, manifestReference, writeManifest } from './made-from.js';
import { cardOf, readModel, writeModel } from './model-folder.js';
import { Progress } from './progress.js';
import { formOf, readRun, type TrainingRun } from './read-run.js';
import { testEvaluations } from './test-evaluations.js';
import { onValidation, trainModel, type TrainedModel } from './train-model.js';
import type { TrainingConfig } from './training-config.js';

const USAGE = `npm run train -- CONFIG [--data FOLDER] [--models FOLDER] [--checkpoints FOLDER] [--processes N] [--threads N] [--no-test | --evaluate] [--again]
  or:          npm run train -- manifest CONFIG [--data FOLDER] [--models FOLDER]
  CONFIG         a model's name (its models/NAME/training.json) or the path of such a file
  --data         what the configuration's folders of data are within (default ../shared/data)
  --models       where to write NAME/card.json and NAME/VERSION/model.onnx (default models)
  --checkpoints  where a run that is stopped is kept, and taken up again (default checkpoints)
  --processes    networks of an ensemble that are trained at once (default: the machine's cores)
  --threads      of one network (default 1: the bytes of the result depend on it, and not on the machine's cores)
  --no-test      trains and tells what validation says; the test cases are not looked at and nothing is written
  --evaluate     trains nothing: measures the model that lies there on validation and test again, and writes its card anew
  manifest       trains nothing: writes NAME/VERSION/training-manifest.ndjson of the model that lies there, and its hash into the card
  --again        evaluates the test cases once more for this version, which the card will say`;

const { values, positionals } = options();
const counts = [values.processes, values.threads];
if (!counts.every((count) => /^[1-9]\d{0,2}$/.test(count))) usage();
const [first, ...rest] = positionals;
const describes = first === 'manifest' && rest.length === 1;
const path = describes ? configPath(rest[0]) : rest.length === 0 && first !== undefined ? configPath(first) : undefined;
if (path === undefined) usage();
try {
  await (describes ? describe(path) : run(path));
} catch (error) {
  if (!(error instanceof Fault || error instanceof MemberFailed)) throw error;
  if (error instanceof Fault) console.error(`${error.code}: ${error.message}`);
  process.exit(1);
}

function options() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        data: { type: 'string', default: '../shared/data' },
        models: { type: 'string', default: 'models' },
        checkpoints: { type: 'string', default: 'checkpoints' },
        processes: { type: 'string', default: String(availableParallelism()) },
        threads: { type: 'string', default: '1' },
        'no-test': { type: 'boolean', default: false },
        evaluate: { type: 'boolean', default: false },
        again: { type: 'boolean', default: false },
      },
    });
  } catch {
    return usage();
  }
}

function usage(): never {
  console.error(USAGE);
  process.exit(2);
}

function configPath(given: string): string | undefined {
  return [join(values.models, given, 'training.json'), join('models', given, 'training.json'), given].find(
    (one) => existsSync(one) && one.endsWith('.json'),
  );
}

async function run(configuration: string): Promise<void> {
  const order = { configuration, data: values.data, checkpoints: values.checkpoints, threads: Number(values.threads) };
  const given = await readRun(order);
  const { config, data } = given;
  checkOtherSets(values.data, config.evaluation.outOfDistribution);
  const { model, seconds, machine } = values.evaluate ? await finished(given) : await trained(given, order);
  console.log(`sha256 ${model.sha256}, ${model.onnx.length} bytes, temperature ${model.fitted.temperature.toFixed(3)}`);
  if (values['no-test']) return;
  const times = testEvaluations(
    [join(values.models, config.name), dirname(configuration)],
    config,
    model.sha256,
    values.again ? 'asked for' : 'not asked for',
  );
  const { images: test } = await readSet(config.data, values.data, 'test', formOf(config));
  checkApart([...data.train, ...data.val], test, 'training and test');
  const others = await readOtherPictures(values.data, config.evaluation.outOfDistribution);
  const evaluated = await evaluateModel(config, model, test, others, order.threads);
  const manifest = madeFrom(config, data, model.sha256);
  const facts = { seconds, machine, trainCases: data.train.length, valCases: data.val.length, manifest: manifestReference(manifest) };
  writeManifest(values.models, config, manifest);
  writeModel(values.models, cardOf(config, model, evaluated, facts, times), model.onnx);
  given.checkpoints.clear();
  console.log(JSON.stringify(evaluated, null, 2));
}

/** Of a model that was trained before there were manifests. */
async function describe(configuration: string): Promise<void> {
  const { config, data } = await readRun({ configuration, data: values.data, checkpoints: values.checkpoints, threads: 1 });
  console.log(JSON.stringify(addManifest(values.models, config, data), null, 2));
}

interface Made {
  readonly model: TrainedModel;
  /** Wall clock of training. */
  readonly seconds: number;
  readonly machine: string;
}

async function trained({ config, data, checkpoints, pretrained }: TrainingRun, order: Omit<MemberOrder, 'member'>): Promise<Made> {
  const { members } = config.network;
  const processes = Math.min(members, Number(values.processes));
  const progress = Array.from({ length: members }, (_, member) => new Progress(titleOf(config, member)));
  if (processes > 1) {
    const orders = progress.map((_, member) => ({ ...order, member }));
    await trainSideBySide(orders, processes, together(progress, new Progress(config.name)));
  }
  const model = await trainModel(config, data, {
    threads: order.threads,
    resume: (member) => checkpoints.load(member),
    watcher: (member) => ({
      step: (...step) => progress[member].step(...step),
      epoch: (report) => progress[member].epoch(report),
      save: (checkpoint) => checkpoints.save(member, checkpoint),
    }),
    ...(pretrained && { pretrained }),
  });
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${processes} networks at once, ${order.threads} threads each`;
  return { model, seconds: wallClock(model.seconds, processes), machine };
}

/** The model that lies in its folder, as it is. */
async function finished({ config, data }: TrainingRun): Promise<Made> {
  const { onnx, card } = await readModel(values.models, config);
  const { fitted, seconds = 0, machine = 'unknown' } = card.training;
  const val = data.val.map((one) => pictureOf(one, config.preparation));
  return { model: await onValidation(config, val, onnx, fitted, Number(values.threads)), seconds, machine };
}

function titleOf({ name, network: { members } }: TrainingConfig, member: number): string {
  return members > 1 ? `${name}, network ${member + 1} of ${members}` : name;
}

/** The epochs of each network, and one bar for them all. */
function together(each: readonly Progress[], all: Progress): (member: number) => Omit<FitWatcher, 'save'> {
  const done = each.map(() => 0);
  return (member) => ({
    epoch: (report) => each[member].epoch(report),
    step(step, total, epoch) {
      done[member] = step;
      all.step(
        done.reduce((sum, own) => sum + own, 0),
        total * each.length,
        epoch,
      );
    },
  });
}
