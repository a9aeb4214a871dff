import { add, multiply } from '../autodiff/arithmetic.js';
import { convolve, type ConvolutionForm } from '../autodiff/convolution.js';
import { linear } from '../autodiff/matrix.js';
import { normaliseBatch, normaliseLayer } from '../autodiff/normalisation.js';
import type { Tape, Value } from '../autodiff/tape.js';
import type { Parameters, Start } from './parameters.js';

/** As torchvision's networks have it. */
const BATCH_NORM_EPSILON = 1e-5;

/** Batch statistics that a training step gives, by the names of the running ones they go into. */
export interface BatchStatistic {
  readonly meanName: string;
  readonly varianceName: string;
  readonly mean: Value;
  /** With n − 1 in the denominator, as torch keeps running ones. */
  readonly variance: Value;
}

/**
 * The layers of a network, written to a tape under torchvision's parameter names. A network is a function of these: the
 * same function declares its parameters, is trained, and becomes the model that is served.
 */
export class Layers {
  readonly statistics: BatchStatistic[] = [];

  constructor(
    readonly tape: Tape,
    private readonly parameters: Parameters,
    /** `training`: batch statistics and dropout; `serving`: running statistics, no dropout. */
    readonly use: 'training' | 'serving',
  ) {}

  parameter(name: string, dims: readonly number[], start: Start): Value {
    return this.parameters.trained(name, dims, start);
  }

  /** Convolution without bias, over as many spatial axes as x has; Kaiming normal, fan out (He et al. 2015). */
  convolution(name: string, x: Value, channels: number, kernel: number, form: ConvolutionForm = {}): Value {
    const space = x.dims.slice(2).map(() => kernel);
    const fanOut = channels * kernel ** space.length;
    const weight = this.parameter(`${name}.weight`, [channels, x.dims[1], ...space], { normal: Math.sqrt(2 / fanOut) });
    return convolve(this.tape, x, weight, undefined, form);
  }

  batchNorm(name: string, x: Value, gain: 'ones' | 'zeros' = 'ones'): Value {
    const dims = [x.dims[1]];
    const slope = this.parameter(`${name}.weight`, dims, gain);
    const offset = this.parameter(`${name}.bias`, dims, 'zeros');
    const [meanName, varianceName] = [`${name}.running_mean`, `${name}.running_var`];
    const runningMean = this.parameters.kept(meanName, dims, 'zeros');
    const runningVariance = this.parameters.kept(varianceName, dims, 'ones');
    if (this.use === 'serving')
      return this.tape.apply('BatchNormalization', [x, slope, offset, runningMean, runningVariance], x.dims, {
        attributes: { epsilon: { float: BATCH_NORM_EPSILON } },
      });
    const { y, mean, variance } = normaliseBatch(this.tape, x, slope, offset, BATCH_NORM_EPSILON);
    const count = x.dims.reduce((product, dim) => product * dim, 1) / x.dims[1];
    const unbiased = multiply(this.tape, variance, this.tape.scalar(count / Math.max(1, count - 1)));
    this.statistics.push({ meanName, varianceName, mean, variance: unbiased });
    return y;
  }

  layerNorm(name: string, x: Value, epsilon: number): Value {
    const dims = x.dims.slice(-1);
    return normaliseLayer(
      this.tape,
      x,
      this.parameter(`${name}.weight`, dims, 'ones'),
      this.parameter(`${name}.bias`, dims, 'zeros'),
      epsilon,
    );
  }

  /** x · weightᵀ + bias; starts as torch.nn.Linear. */
  linear(name: string, x: Value, outputs: number): Value {
    const [inputs] = x.dims.slice(-1);
    const bound = 1 / Math.sqrt(inputs);
    const weight = this.parameter(`${name}.weight`, [outputs, inputs], { uniform: bound });
    return linear(this.tape, x, weight, this.parameter(`${name}.bias`, [outputs], { uniform: bound }));
  }

  /** 1 × 1 convolution with bias. */
  pointwise(name: string, x: Value, channels: number): Value {
    const kernel = x.dims.slice(2).map(() => 1);
    const bound = 1 / Math.sqrt(x.dims[1]);
    const weight = this.parameter(`${name}.weight`, [channels, x.dims[1], ...kernel], { uniform: bound });
    return convolve(this.tape, x, weight, this.parameter(`${name}.bias`, [channels], { uniform: bound }), {});
  }

  /** Inverted dropout (Srivastava et al. 2014). The mask, 0 or 1 / (1 − rate), is drawn outside of the graph, seeded. */
  dropout(name: string, x: Value, rate: number): Value {
    if (this.use === 'serving' || rate === 0) return x;
    return multiply(this.tape, x, this.parameters.mask(name, x.dims, rate));
  }

  add(a: Value, b: Value): Value {
    return add(this.tape, a, b);
  }
}
