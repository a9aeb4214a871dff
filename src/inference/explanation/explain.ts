import { deriveOutputs, type ModelOutputs, type OutputTensor } from '../derive-outputs.js';
import type { ModelCard } from '../model-card.js';
import type { AttentionMap } from '../reading.js';
import { occlusionMap } from './occlusion-map.js';

type Tensors = Readonly<Record<string, OutputTensor | undefined>>;

/** Maps of the predicted class that are made only on request; the first two only where the model gives them. */
export interface Explanation {
  /** What each place adds to the logit of a network, before calibration; of several networks their mean. */
  readonly class_activation_map?: AttentionMap;
  /** Grad-CAM, of a network 0..1 of its own greatest value; of several their mean. */
  readonly gradient_map?: AttentionMap;
  /** Loss of the probability where the place is hidden, 0..1. */
  readonly occlusion_map: AttentionMap;
}

/** One picture as it went into a model, and what came out. */
export interface Explained {
  readonly images: Float32Array;
  /** [1, channels, rows, columns] */
  readonly dims: readonly number[];
  readonly tensors: Tensors;
  readonly outputs: ModelOutputs;
}

/** @param run  the model on one picture, 65 times */
export async function explain(
  { images, dims, tensors, outputs }: Explained,
  card: Pick<ModelCard, 'activation' | 'classes'>,
  run: (images: Float32Array) => Promise<Tensors>,
): Promise<Explanation> {
  const [, channels, rows, columns] = dims;
  const { prediction } = outputs;
  const activation = planeOf(tensors['class_activation_map'], prediction);
  const gradient = planeOf(tensors['gradient_map'], 0);
  const occlusion = await occlusionMap(
    { planes: images, channels, rows, columns },
    async (hidden) => deriveOutputs(await run(hidden), card).probabilities[prediction],
  );
  return {
    ...(activation && { class_activation_map: activation }),
    ...(gradient && { gradient_map: gradient }),
    occlusion_map: occlusion,
  };
}

/** One plane of [1, planes, rows, columns]; undefined where the output is not of that shape. */
function planeOf(tensor: OutputTensor | undefined, plane: number): AttentionMap | undefined {
  if (tensor?.dims.length !== 4 || tensor.dims[1] <= plane) return undefined;
  const [, , rows, columns] = tensor.dims;
  const size = rows * columns;
  return { rows, columns, values: Float32Array.from({ length: size }, (_, i) => Number(tensor.data[plane * size + i])) };
}
