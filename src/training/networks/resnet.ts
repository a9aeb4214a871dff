import { relu } from '../autodiff/activation.js';
import { maxPool } from '../autodiff/pooling.js';
import type { Value } from '../autodiff/tape.js';
import type { Layers } from './layers.js';

export interface ResNetForm {
  readonly block: 'basic' | 'bottleneck';
  /** Blocks in each of the four stages. */
  readonly depths: readonly number[];
  /** Channels of the first stage; they double from stage to stage. 64 in the literature. */
  readonly width: number;
  /**
   * `literature`: 7 × 7 with stride 2, then max pooling. `compact`: two 3 × 3 with stride 2 each, the first of half the
   * width (after He et al. 2019, "Bag of tricks", model tweaks): as small pictures want it, and twice as fast to train.
   */
  readonly stem: 'literature' | 'compact';
  /** Pixels to a place of the last features: 32 in the literature; 16 leaves the last stage as fine as the one before. */
  readonly outputStride: 16 | 32;
}

/** Channels that a bottleneck block gives for each of its inner ones. */
const EXPANSION = { basic: 1, bottleneck: 4 };

export const resNetFeatures = ({ block, depths, width }: Omit<ResNetForm, 'stem' | 'outputStride'>): number =>
  width * 2 ** (depths.length - 1) * EXPANSION[block];

/**
 * Residual network (He et al. 2016; bottlenecks stride in their 3 × 3, as torchvision's), without its classifier.
 * Over two or three spatial axes, whichever the images have. Parameters are named as torchvision's.
 * @param images  [N, C, ...space]
 * @returns [N, features, ...space / outputStride]
 */
export function resNet(layers: Layers, images: Value, { block, depths, width, stem, outputStride }: ResNetForm): Value {
  let x = stem === 'literature' ? literatureStem(layers, images, width) : compactStem(layers, images, width);
  depths.forEach((depth, stage) => {
    for (let i = 0; i < depth; i++) {
      const isFiner = outputStride === 16 && stage === depths.length - 1;
      const stride = stage > 0 && i === 0 && !isFiner ? 2 : 1;
      const form = { name: `layer${stage + 1}.${i}`, channels: width * 2 ** stage, stride };
      x = block === 'basic' ? basicBlock(layers, x, form) : bottleneck(layers, x, form);
    }
  });
  return x;
}

function literatureStem(layers: Layers, images: Value, width: number): Value {
  const { tape } = layers;
  const first = layers.convolution('conv1', images, width, 7, { stride: 2, padding: 3 });
  return maxPool(tape, relu(tape, layers.batchNorm('bn1', first)), { kernel: 3, stride: 2, padding: 1 });
}

function compactStem(layers: Layers, images: Value, width: number): Value {
  const { tape } = layers;
  const first = layers.convolution('stem.conv1', images, width / 2, 3, { stride: 2, padding: 1 });
  const inner = relu(tape, layers.batchNorm('stem.bn1', first));
  return relu(tape, layers.batchNorm('stem.bn2', layers.convolution('stem.conv2', inner, width, 3, { stride: 2, padding: 1 })));
}

interface BlockForm {
  readonly name: string;
  readonly channels: number;
  readonly stride: number;
}

function basicBlock(layers: Layers, x: Value, { name, channels, stride }: BlockForm): Value {
  const first = layers.convolution(`${name}.conv1`, x, channels, 3, { stride, padding: 1 });
  const inner = relu(layers.tape, layers.batchNorm(`${name}.bn1`, first));
  const second = layers.batchNorm(`${name}.bn2`, layers.convolution(`${name}.conv2`, inner, channels, 3, { padding: 1 }));
  return relu(layers.tape, layers.add(second, shortcut(layers, x, { name, channels, stride })));
}

function bottleneck(layers: Layers, x: Value, { name, channels, stride }: BlockForm): Value {
  const { tape } = layers;
  const reduced = relu(tape, layers.batchNorm(`${name}.bn1`, layers.convolution(`${name}.conv1`, x, channels, 1)));
  const inner = layers.convolution(`${name}.conv2`, reduced, channels, 3, { stride, padding: 1 });
  const outer = layers.convolution(`${name}.conv3`, relu(tape, layers.batchNorm(`${name}.bn2`, inner)), channels * EXPANSION.bottleneck, 1);
  const straight = shortcut(layers, x, { name, channels: channels * EXPANSION.bottleneck, stride });
  return relu(tape, layers.add(layers.batchNorm(`${name}.bn3`, outer), straight));
}

/** The input itself, or brought to the block's shape by a 1 × 1 convolution. */
function shortcut(layers: Layers, x: Value, { name, channels, stride }: BlockForm): Value {
  if (stride === 1 && x.dims[1] === channels) return x;
  return layers.batchNorm(`${name}.downsample.1`, layers.convolution(`${name}.downsample.0`, x, channels, 1, { stride }));
}
