import { gelu, softmax } from '../autodiff/activation.js';
import { add, scale } from '../autodiff/arithmetic.js';
import { linear, multiplyMatrices } from '../autodiff/matrix.js';
import { pad, reshape, slice, transpose } from '../autodiff/shape.js';
import type { Value } from '../autodiff/tape.js';
import { GraphMalformed } from '../faults.js';
import type { Layers } from './layers.js';

export interface VisionTransformerForm {
  /** Pixels a side. */
  readonly patch: number;
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  readonly hidden: number;
}

const EPSILON = 1e-6;

/**
 * Vision transformer (Dosovitskiy et al. 2021), without its classifier. Parameters are named as torchvision's.
 * @param images  [N, C, rows, columns], both multiples of the patch
 * @returns all tokens after the last normalisation, the class token first: [N, 1 + patches, width]
 */
export function visionTransformer(layers: Layers, images: Value, form: VisionTransformerForm): Value {
  const { tape } = layers;
  const { width, depth } = form;
  const patches = embedPatches(layers, images, form);
  const [n, count] = patches.dims;
  const withPlace = pad(tape, patches, [{ axis: 1, before: 1, after: 0 }]); // the class token is the same in every picture: it is added with the positions
  const position = layers.parameter('encoder.pos_embedding', [1, count + 1, width], { normal: 0.02 });
  const classToken = layers.parameter('class_token', [1, 1, width], 'zeros');
  let x = add(tape, withPlace, add(tape, position, pad(tape, classToken, [{ axis: 1, before: 0, after: count }])));
  for (let i = 0; i < depth; i++) {
    const name = `encoder.layers.encoder_layer_${i}`;
    x = add(tape, x, attend(layers, `${name}.self_attention`, layers.layerNorm(`${name}.ln_1`, x, EPSILON), form));
    const hidden = gelu(tape, layers.linear(`${name}.mlp.0`, layers.layerNorm(`${name}.ln_2`, x, EPSILON), form.hidden));
    x = add(tape, x, layers.linear(`${name}.mlp.3`, hidden, width));
  }
  return reshape(tape, layers.layerNorm('encoder.ln', x, EPSILON), [n, count + 1, width]);
}

/** The patches' tokens as a picture of features: [N, width, rows / patch, columns / patch]. */
export function patchFeatures(layers: Layers, images: Value, form: VisionTransformerForm): Value {
  const { tape } = layers;
  const tokens = visionTransformer(layers, images, form);
  const [n, count, width] = tokens.dims;
  const [rows, columns] = images.dims.slice(2).map((length) => length / form.patch);
  const patches = slice(tape, tokens, [{ axis: 1, start: 1, length: count - 1 }]);
  return reshape(tape, transpose(tape, patches, [0, 2, 1]), [n, width, rows, columns]);
}

/** A convolution whose windows lie side by side, written as one matrix product over the patches. */
function embedPatches(layers: Layers, images: Value, { patch, width }: VisionTransformerForm): Value {
  const { tape } = layers;
  const [n, channels, rows, columns] = images.dims;
  const [down, across] = [rows / patch, columns / patch];
  if (!Number.isInteger(down) || !Number.isInteger(across)) throw new GraphMalformed('the patches do not fill the picture');
  const inputs = channels * patch * patch;
  const weight = layers.parameter('conv_proj.weight', [width, channels, patch, patch], { normal: Math.sqrt(1 / inputs) });
  const bias = layers.parameter('conv_proj.bias', [width], 'zeros');
  const apart = reshape(tape, images, [n, channels, down, patch, across, patch]);
  const patches = reshape(tape, transpose(tape, apart, [0, 2, 4, 1, 3, 5]), [n, down * across, inputs]);
  return linear(tape, patches, reshape(tape, weight, [width, inputs]), bias);
}

/** Multi-head self-attention (Vaswani et al. 2017). x [N, tokens, width] */
function attend(layers: Layers, name: string, x: Value, { width, heads }: VisionTransformerForm): Value {
  const { tape } = layers;
  const [n, tokens] = x.dims;
  const bound = Math.sqrt(6 / (4 * width)); // Xavier over the three stacked matrices, as torch.nn.MultiheadAttention
  const weight = layers.parameter(`${name}.in_proj_weight`, [3 * width, width], { uniform: bound });
  const all = linear(tape, x, weight, layers.parameter(`${name}.in_proj_bias`, [3 * width], 'zeros'));
  const share = width / heads;
  const [query, key, value] = [0, 1, 2].map((part) => {
    const own = slice(tape, all, [{ axis: 2, start: part * width, length: width }]);
    return transpose(tape, reshape(tape, own, [n, tokens, heads, share]), [0, 2, 1, 3]);
  });
  const likeness = scale(tape, multiplyMatrices(tape, query, transpose(tape, key, [0, 1, 3, 2])), 1 / Math.sqrt(share));
  const mixed = multiplyMatrices(tape, softmax(tape, likeness), value);
  return layers.linear(`${name}.out_proj`, reshape(tape, transpose(tape, mixed, [0, 2, 1, 3]), [n, tokens, width]), width);
}
