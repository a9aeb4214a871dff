import { relu } from '../autodiff/activation.js';
import { averagePool, maxPool } from '../autodiff/pooling.js';
import { concatenate } from '../autodiff/shape.js';
import type { Value } from '../autodiff/tape.js';
import type { Layers } from './layers.js';

export interface DenseNetForm {
  /** Channels that each layer adds. */
  readonly growth: number;
  /** Layers in each block. */
  readonly depths: readonly number[];
  /** Channels after the first convolution. */
  readonly start: number;
}

/** A layer's 1 × 1 convolution gives this many times the growth. */
const BOTTLENECK = 4;

export const denseNetFeatures = ({ growth, depths, start }: DenseNetForm): number =>
  depths.reduce((channels, depth, i) => {
    const grown = channels + depth * growth;
    return i === depths.length - 1 ? grown : Math.floor(grown / 2);
  }, start);

/**
 * Densely connected network (Huang et al. 2017), without its classifier. Parameters are named as torchvision's.
 * @param images  [N, C, rows, columns], both sizes multiples of 32
 * @returns [N, features, rows / 32, columns / 32], after the last normalisation and ReLU
 */
export function denseNet(layers: Layers, images: Value, { growth, depths, start }: DenseNetForm): Value {
  const { tape } = layers;
  const activated = (name: string, x: Value): Value => relu(tape, layers.batchNorm(`features.${name}`, x));
  let x = activated('norm0', layers.convolution('features.conv0', images, start, 7, { stride: 2, padding: 3 }));
  x = maxPool(tape, x, { kernel: 3, stride: 2, padding: 1 });
  depths.forEach((depth, i) => {
    for (let layer = 1; layer <= depth; layer++) {
      const name = `denseblock${i + 1}.denselayer${layer}`;
      const reduced = layers.convolution(`features.${name}.conv1`, activated(`${name}.norm1`, x), BOTTLENECK * growth, 1);
      const added = layers.convolution(`features.${name}.conv2`, activated(`${name}.norm2`, reduced), growth, 3, { padding: 1 });
      x = concatenate(tape, [x, added], 1);
    }
    if (i === depths.length - 1) return;
    const name = `transition${i + 1}`;
    const halved = layers.convolution(`features.${name}.conv`, activated(`${name}.norm`, x), Math.floor(x.dims[1] / 2), 1);
    x = averagePool(tape, halved, 2);
  });
  return activated('norm5', x);
}
