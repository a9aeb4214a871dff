import { InferenceSession, Tensor } from 'onnxruntime-node';
import { PREPARATION } from './chest-features.js';
import { GraphDisagrees } from './faults.js';

const TOLERANCE = 1e-4;

/**
 * Runs the graph on prepared images, all in one batch, and compares its logits of pneumonia with the trainer's own.
 * @returns the greatest difference
 * @throws GraphDisagrees  above 1e-4
 */
export async function checkGraph(model: Uint8Array, images: readonly Float32Array[], expected: readonly number[]): Promise<number> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1 });
  const batch = new Float32Array(images.length * PREPARATION.rows * PREPARATION.columns);
  images.forEach((image, i) => batch.set(image, i * image.length));
  const { logits } = await session.run({
    images: new Tensor('float32', batch, [images.length, 1, PREPARATION.rows, PREPARATION.columns]),
  });
  const values = logits.data as Float32Array; // the graph declares them float32
  const differences = expected.map((logit, i) => Math.abs(values[2 * i + 1] - values[2 * i] - logit));
  await session.release();
  const greatest = Math.max(...differences);
  if (!(greatest <= TOLERANCE)) throw new GraphDisagrees('The ONNX graph and the trainer give different logits.');
  return greatest;
}
