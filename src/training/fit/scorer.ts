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
  async score(pictures: readonly Pick<Picture, 'planes'>[], outputs: readonly string[]): Promise<Scores[]> {
    const scores: Scores[] = [];
    const wanted = outputs.filter((name) => this.session.outputNames.includes(name));
    for (let from = 0; from < pictures.length; from += BATCH) {
      const part = pictures.slice(from, from + BATCH);
      const { channels, rows, columns } = this.preparation;
      const length = channels * rows * columns;
      const images = new Float32Array(part.length * length);
      part.forEach(({ planes }, i) => finish(planes, this.preparation, images.subarray(i * length, (i + 1) * length)));
      const given = await this.session.run({ images: new Tensor('float32', images, [part.length, channels, rows, columns]) }, wanted);
      part.forEach((_, i) => scores.push(Object.fromEntries(wanted.map((name) => [name, own(given[name], i)]))));
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
