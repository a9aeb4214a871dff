import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ModelPreparation } from '../../inference/model-card.js';
import { finish, type Picture } from './pictures.js';

/** What a model gave for one picture: every float output of its graph, by name, without the batch's axis. */
export type Scores = Readonly<Record<string, Float32Array>>;

const BATCH = 16;

/** Runs a served graph over many pictures. */
export class Scorer {
  private constructor(
    private readonly session: InferenceSession,
    private readonly preparation: ModelPreparation,
  ) {}

  static async of(model: Uint8Array, preparation: ModelPreparation, threads: number): Promise<Scorer> {
    const session = await InferenceSession.create(model, { executionProviders: ['cpu'], intraOpNumThreads: threads, interOpNumThreads: 1 });
    return new Scorer(session, preparation);
  }

  /** @param outputs  names; only these are computed */
  score(pictures: readonly Pick<Picture, 'planes'>[], outputs: readonly string[]): Promise<Scores[]> {
    return this.run(pictures.length, (i, into) => finish(pictures[i].planes, this.preparation, into), outputs);
  }

  /** As score, of pictures that are as the model takes them. */
  scoreFinished(planes: readonly Float32Array[], outputs: readonly string[]): Promise<Scores[]> {
    return this.run(planes.length, (i, into) => into.set(planes[i]), outputs);
  }

  /** A picture as the model takes it. */
  finished({ planes }: Pick<Picture, 'planes'>): Float32Array {
    const into = new Float32Array(planes.length);
    finish(planes, this.preparation, into);
    return into;
  }

  private async run(count: number, write: (i: number, into: Float32Array) => void, outputs: readonly string[]): Promise<Scores[]> {
    const scores: Scores[] = [];
    const wanted = outputs.filter((name) => this.session.outputNames.includes(name));
    const { channels, rows, columns } = this.preparation;
    const length = channels * rows * columns;
    for (let from = 0; from < count; from += BATCH) {
      const part = Math.min(BATCH, count - from);
      const images = new Float32Array(part * length);
      for (let i = 0; i < part; i++) write(from + i, images.subarray(i * length, (i + 1) * length));
      const given = await this.session.run({ images: new Tensor('float32', images, [part, channels, rows, columns]) }, wanted);
      for (let i = 0; i < part; i++) scores.push(Object.fromEntries(wanted.map((name) => [name, own(given[name], i)])));
    }
    return scores;
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}

/** One picture's part of a batched output. */
function own({ dims, data }: Tensor, i: number): Float32Array {
  const length = dims.slice(1).reduce((product, dim) => product * dim, 1);
  return Float32Array.from((data as Float32Array).subarray(i * length, (i + 1) * length)); // `wanted` are float32
}
