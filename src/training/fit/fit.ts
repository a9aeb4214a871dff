import type { ModelPreparation } from '../../inference/model-card.js';
import type { AugmentationSettings } from '../augmentation/settings.js';
import { TrainingDiverged } from '../faults.js';
import { crossEntropy, expectedCalibrationError } from '../evaluation/calibration.js';
import { macroAuc } from '../evaluation/roc.js';
import type { NetworkForm } from '../networks/network.js';
import { servedGraph, type TrainedNetwork } from '../networks/served-graph.js';
import type { Teaching } from '../step/step-graph.js';
import { Trainer, type TrainingState } from '../step/trainer.js';
import { Batches } from './batches.js';
import type { Picture } from './pictures.js';
import { rateAt } from './schedule.js';
import { Scorer } from './scorer.js';
import { WeightAverage } from './weight-average.js';

export interface FitSettings {
  readonly batch: number;
  readonly epochs: number;
  /** Epochs without a better AUC on validation after which training ends. */
  readonly patience: number;
  readonly rate: number;
  readonly warmUpEpochs: number;
  readonly weightDecay: number;
  readonly gradientLimit: number;
  readonly labelSmoothing: number;
  /** Share of the weights' running mean that stays in a step (WeightAverage); 0 where left out: no mean. */
  readonly averaging?: number;
  readonly augmentation: AugmentationSettings;
}

export interface FitForm {
  readonly settings: FitSettings;
  readonly network: NetworkForm;
  readonly preparation: ModelPreparation;
  readonly seed: number;
  readonly threads: number;
  readonly teaching: Teaching;
  /** The attribute whose values the insights are to tell apart, and they; without it, the classes. */
  readonly insights?: { readonly attribute: string; readonly values: readonly string[] };
  /** A safetensors file that the backbone starts from, in place of random numbers. */
  readonly pretrained?: Uint8Array;
}

/** What is said of an epoch. */
export interface EpochReport {
  /** From 1. */
  readonly epoch: number;
  readonly loss: number;
  /** On the changed training pictures, as they were trained on. */
  readonly accuracy: number;
  readonly uncertainty: number;
  /** Of validation. */
  readonly auc: number;
  readonly crossEntropy: number;
  readonly calibrationError: number;
}

/** Where a run stands after an epoch: enough to go on from as if it had never stopped. */
export interface Checkpoint {
  readonly state: TrainingState;
  readonly epochs: readonly EpochReport[];
  readonly best: Best;
  /** Running mean of the weights. */
  readonly average: TrainedNetwork;
  /** Wall clock, over all runs that led here. */
  readonly seconds: number;
}

interface Best {
  readonly epoch: number;
  readonly auc: number;
  readonly crossEntropy: number;
  readonly network: TrainedNetwork;
}

export interface FitWatcher {
  /** After every step. */
  step(done: number, total: number, epoch: number): void;
  epoch(report: EpochReport): void;
  save(checkpoint: Checkpoint): void;
}

export interface Fitted {
  readonly network: TrainedNetwork;
  readonly epochs: readonly EpochReport[];
  /** The epoch whose network it is: that of the highest AUC on validation, of equals the one of the lowest cross-entropy. */
  readonly chosen: number;
  /** Wall clock, over all runs. */
  readonly seconds: number;
}

/** Trains one network; the same form, pictures and seed give the same numbers, also after a stop in between. */
export async function fit(
  train: readonly Picture[],
  val: readonly Picture[],
  form: FitForm,
  watcher: FitWatcher,
  from?: Checkpoint,
): Promise<Fitted> {
  const { settings, network, preparation, seed, threads } = form;
  const { weightDecay, gradientLimit, batch } = settings;
  const began = performance.now() - 1000 * (from?.seconds ?? 0);
  const seconds = (): number => (performance.now() - began) / 1000;
  const trainer = await Trainer.create({
    network,
    optimiser: { weightDecay, gradientLimit },
    batch,
    seed,
    threads,
    teaching: form.teaching,
  });
  const [mapRows, mapColumns] = trainer.declaration.attention.slice(-2);
  const batches = new Batches(train, {
    ...settings,
    preparation,
    classes: network.classes,
    size: batch,
    seed,
    insightAttribute: form.insights?.attribute,
    insightValues: form.insights?.values ?? [],
    taughtMap: form.teaching === 'regions' ? [mapRows, mapColumns] : undefined,
  });
  const epochs = [...(from?.epochs ?? [])];
  const average = new WeightAverage(settings.averaging ?? 0, from?.average);
  let best = from?.best;
  if (from !== undefined) trainer.restore(from.state);
  else if (form.pretrained !== undefined) trainer.startFrom(form.pretrained);
  const total = settings.epochs * batches.count;
  const schedule = { rate: settings.rate, steps: total, warmUp: settings.warmUpEpochs * batches.count };
  while (epochs.length < settings.epochs && epochs.length - (best?.epoch ?? epochs.length) < settings.patience) {
    const epoch = epochs.length + 1;
    const trained = await oneEpoch(
      trainer,
      batches,
      epoch,
      (step) => rateAt(step, schedule),
      (done) => {
        average.add(trainer.state, done);
        watcher.step(done, total, epoch);
      },
    );
    const now = average.network;
    const report = { epoch, ...trained, ...(await validate(val, form, trainer, now)) };
    epochs.push(report);
    if (best === undefined || isBetter(report, best)) best = { epoch, auc: report.auc, crossEntropy: report.crossEntropy, network: now };
    watcher.epoch(report);
    watcher.save({ state: trainer.state, epochs, best, average: now, seconds: seconds() });
  }
  await trainer.close();
  if (best === undefined) throw new RangeError('a fit of no epochs');
  return { network: best.network, epochs, chosen: best.epoch, seconds: from?.epochs.length === epochs.length ? from.seconds : seconds() };
}

const isBetter = (a: Pick<Best, 'auc' | 'crossEntropy'>, b: Pick<Best, 'auc' | 'crossEntropy'>): boolean =>
  a.auc > b.auc || (a.auc === b.auc && a.crossEntropy < b.crossEntropy);

type Trained = Pick<EpochReport, 'loss' | 'accuracy' | 'uncertainty'>;

async function oneEpoch(
  trainer: Trainer,
  batches: Batches,
  epoch: number,
  rate: (step: number) => number,
  tell: (done: number) => void,
): Promise<Trained> {
  let [loss, right, uncertainty, seen] = [0, 0, 0, 0];
  let step = (epoch - 1) * batches.count;
  for (const batch of batches.epoch(epoch)) {
    const result = await trainer.step(batch, rate(step++));
    if (!Number.isFinite(result.loss)) throw new TrainingDiverged(epoch);
    const classes = batch.targets.length / batch.labels.length;
    loss += result.loss * batch.labels.length;
    batch.labels.forEach((label, i) => {
      const own = result.probabilities.subarray(i * classes, (i + 1) * classes);
      if (own.indexOf(Math.max(...own)) === label) right++;
      uncertainty += result.uncertainty[i];
    });
    seen += batch.labels.length;
    tell(step);
  }
  return { loss: loss / seen, accuracy: right / seen, uncertainty: uncertainty / seen };
}

async function validate(
  val: readonly Picture[],
  { network, preparation, threads }: FitForm,
  { declaration }: Trainer,
  now: TrainedNetwork,
): Promise<Pick<EpochReport, 'auc' | 'crossEntropy' | 'calibrationError'>> {
  const model = servedGraph({ network, name: 'validation', version: 1, temperature: 1, features: 'kept back' }, declaration, [now]);
  const scorer = await Scorer.of(model, preparation, threads);
  const scores = await scorer.score(val, ['probabilities', 'logits']);
  await scorer.close();
  const probabilities = scores.map((one) => Array.from(one['probabilities']));
  const labels = val.map(({ label }) => label);
  const logits = scores.map((one) => Array.from(one['logits']));
  return {
    auc: macroAuc(probabilities, labels),
    crossEntropy: crossEntropy(logits, labels, 1),
    calibrationError: expectedCalibrationError(probabilities, labels),
  };
}
