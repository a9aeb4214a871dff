import { InferenceSession, Tensor } from 'onnxruntime-node';
import { size } from '../autodiff/tape.js';
import type { NetworkForm } from '../networks/network.js';
import type { Declaration, ParameterLayout } from '../networks/parameters.js';
import { importWeights } from '../networks/safetensors.js';
import { Random } from '../random.js';
import type { AdamWForm } from './adamw.js';
import { declare, stepGraph, type Teaching } from './step-graph.js';

export interface TrainerForm {
  readonly network: NetworkForm;
  readonly optimiser: AdamWForm;
  /** Images of one step; compiled into the graph. */
  readonly batch: number;
  readonly seed: number;
  readonly threads: number;
  readonly teaching: Teaching;
}

/** Everything that a run goes on from. */
export interface TrainingState {
  readonly parameters: Float32Array;
  /** AdamW's running mean and mean square of the gradient. */
  readonly mean: Float32Array;
  readonly square: Float32Array;
  /** Running means and variances of batch normalisation. */
  readonly statistics: Float32Array;
  /** Steps taken. */
  readonly steps: number;
}

export interface Batch {
  /** [batch, ...image] */
  readonly images: Float32Array;
  /** [batch, K]; rows add up to 1 */
  readonly targets: Float32Array;
  /** [batch] */
  readonly weights: Float32Array;
  /** [batch, insight classes] */
  readonly insightTargets: Float32Array;
  /** Where regions are taught: [batch, 1, ...map] and, 0 where nothing is known, [batch]. */
  readonly regions?: { readonly shares: Float32Array; readonly weights: Float32Array };
}

export interface StepResult {
  readonly loss: number;
  /** [batch, K] */
  readonly probabilities: Float32Array;
  /** [batch] */
  readonly uncertainty: Float32Array;
  /** Length of the gradient before it was shortened. */
  readonly gradientNorm: number;
}

type StateName = 'parameters' | 'mean' | 'square' | 'statistics';

/** Runs training steps: one ONNX graph, run again and again; what one step gives, the next takes. */
export class Trainer {
  private tensors: Partial<Record<StateName, Tensor>> = {};
  private steps = 0;

  private constructor(
    private readonly session: InferenceSession,
    private readonly form: TrainerForm,
    readonly declaration: Declaration,
  ) {
    this.restore(this.start());
  }

  /** @throws GraphMalformed  a network that can't be put together */
  static async create(form: TrainerForm): Promise<Trainer> {
    const declaration = declare(form.network, form.batch);
    const bytes = stepGraph(form.network, declaration, form.batch, form.optimiser, form.teaching);
    const session = await InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      intraOpNumThreads: form.threads,
      interOpNumThreads: 1,
      // Where this is the process's first session, it sets the processor's flags for the whole thread: a number below
      // 1e-38 is 0 from here on, in JavaScript too. So no server trains, and a network is trained in its own process.
      // Threads that wait in a loop for the next operator would be lost to whatever else the machine does.
      extra: { session: { set_denormal_as_zero: '1', intra_op: { allow_spinning: '0' } } },
    });
    return new Trainer(session, form, declaration);
  }

  /** @param rate  learning rate of this step */
  async step(batch: Batch, rate: number): Promise<StepResult> {
    const { network, batch: count, seed } = this.form;
    this.steps++;
    const feeds: Record<string, Tensor> = {
      ...this.tensors,
      images: tensor(batch.images, [count, ...network.image]),
      targets: tensor(batch.targets, [count, network.classes]),
      weights: tensor(batch.weights, [count]),
      insight_targets: tensor(batch.insightTargets, [count, network.insightClasses]),
      pace: tensor(Float32Array.of(rate, 1 - 0.9 ** this.steps, 1 - 0.999 ** this.steps), [3]),
    };
    if (batch.regions !== undefined) {
      const { attention } = this.declaration;
      feeds['regions'] = tensor(batch.regions.shares, attention);
      feeds['region_weights'] = tensor(batch.regions.weights, [count, ...attention.slice(1).map(() => 1)]);
    }
    for (const { name, dims, rate: dropped } of this.declaration.masks)
      feeds[name] = tensor(maskOf(dims, dropped, Random.named(seed, `${name} ${this.steps}`)), dims);
    const given = await this.session.run(feeds);
    this.tensors = { parameters: given.parameters_next, mean: given.mean_next, square: given.square_next };
    if ('statistics_next' in given) this.tensors.statistics = given.statistics_next;
    return {
      loss: floats(given.loss)[0],
      probabilities: floats(given.probabilities),
      uncertainty: floats(given.uncertainty),
      gradientNorm: floats(given.gradient_norm)[0],
    };
  }

  get state(): TrainingState {
    const { parameters, mean, square, statistics } = this.tensors;
    const values = (one: Tensor | undefined) => (one === undefined ? new Float32Array(0) : floats(one));
    return {
      parameters: values(parameters),
      mean: values(mean),
      square: values(square),
      statistics: values(statistics),
      steps: this.steps,
    };
  }

  restore({ parameters, mean, square, statistics, steps }: TrainingState): void {
    this.tensors = { parameters: flat(parameters), mean: flat(mean), square: flat(square) };
    if (statistics.length > 0) this.tensors.statistics = flat(statistics);
    this.steps = steps;
  }

  /** Takes a backbone's weights and running statistics from a safetensors file. @throws WeightsUnfit */
  startFrom(safetensors: Uint8Array): void {
    const start = this.start();
    importWeights(safetensors, this.declaration.trainedLayout, start.parameters);
    if (start.statistics.length > 0) importWeights(safetensors, this.declaration.keptLayout, start.statistics);
    this.restore(start);
  }

  async close(): Promise<void> {
    await this.session.release();
  }

  private start(): TrainingState {
    const { trainedLayout, keptLayout } = this.declaration;
    const initial = (layout: ParameterLayout) => layout.initial((name) => Random.named(this.form.seed, name));
    const zeros = () => new Float32Array(trainedLayout.length);
    return { parameters: initial(trainedLayout), mean: zeros(), square: zeros(), statistics: initial(keptLayout), steps: 0 };
  }
}

/** 0 for what is dropped, else 1 / (1 − rate). */
function maskOf(dims: readonly number[], rate: number, random: Random): Float32Array {
  return Float32Array.from({ length: size(dims) }, () => (random.uniform() < rate ? 0 : 1 / (1 - rate)));
}

const tensor = (values: Float32Array, dims: readonly number[]): Tensor => new Tensor('float32', values, dims);
const flat = (values: Float32Array): Tensor => tensor(values, [values.length]);
/** The graph declares every output float32. */
const floats = (one: Tensor): Float32Array => one.data as Float32Array;
