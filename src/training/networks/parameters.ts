import { multiply } from '../autodiff/arithmetic.js';
import { reshape, slice } from '../autodiff/shape.js';
import { size, type Tape, type Value } from '../autodiff/tape.js';
import { GraphMalformed } from '../faults.js';
import type { Random } from '../random.js';

/** What a parameter is before training: constant, normal with a deviation, or uniform within ± a bound. */
export type Start = 'zeros' | 'ones' | { readonly normal: number } | { readonly uniform: number };

export interface Parameter {
  readonly name: string;
  readonly dims: readonly number[];
  readonly start: Start;
  /** Where its values begin in the flat vector. */
  readonly offset: number;
}

export interface Mask {
  readonly name: string;
  readonly dims: readonly number[];
  /** Share that is dropped. */
  readonly rate: number;
}

/** Where a network's layers get their numbers from. */
export interface Parameters {
  /** One that training changes. */
  trained(name: string, dims: readonly number[], start: Start): Value;
  /** A running statistic. */
  kept(name: string, dims: readonly number[], start: Start): Value;
  mask(name: string, dims: readonly number[], rate: number): Value;
}

/** All numbers of a network of one kind as one vector: a training step then moves one tensor, not a hundred. */
export class ParameterLayout {
  readonly entries: Parameter[] = [];
  private readonly byName = new Map<string, Parameter>();
  length = 0;

  add(name: string, dims: readonly number[], start: Start): void {
    if (this.byName.has(name)) throw new GraphMalformed(`two parameters are called ${name}`);
    const entry = { name, dims, start, offset: this.length };
    this.entries.push(entry);
    this.byName.set(name, entry);
    this.length += size(dims);
  }

  find(name: string): Parameter {
    const entry = this.byName.get(name);
    if (entry === undefined) throw new GraphMalformed(`there is no parameter ${name}`);
    return entry;
  }

  /** The values before training. Each parameter draws from a generator of its own: one more layer leaves the others as they are. */
  initial(randomFor: (name: string) => Random): Float32Array {
    const values = new Float32Array(this.length);
    for (const { name, dims, start, offset } of this.entries) {
      const part = values.subarray(offset, offset + size(dims));
      if (start === 'ones') part.fill(1);
      if (typeof start === 'string') continue;
      const random = randomFor(name);
      for (let i = 0; i < part.length; i++)
        part[i] = 'normal' in start ? start.normal * random.normal() : start.uniform * (2 * random.uniform() - 1);
    }
    return values;
  }

  part(values: Float32Array, name: string): Float32Array {
    const { dims, offset } = this.find(name);
    return values.subarray(offset, offset + size(dims));
  }
}

/** What a network is made of: found by writing it once to a tape that nobody keeps. */
export class Declaration implements Parameters {
  readonly trainedLayout = new ParameterLayout();
  readonly keptLayout = new ParameterLayout();
  readonly masks: Mask[] = [];
  /** Shape of the network's attention map. */
  attention: readonly number[] = [];

  constructor(private readonly tape: Tape) {}

  trained(name: string, dims: readonly number[], start: Start): Value {
    this.trainedLayout.add(name, dims, start);
    return this.tape.input(name, dims);
  }

  kept(name: string, dims: readonly number[], start: Start): Value {
    this.keptLayout.add(name, dims, start);
    return this.tape.input(name, dims);
  }

  mask(name: string, dims: readonly number[], rate: number): Value {
    this.masks.push({ name, dims, rate });
    return this.tape.input(name, dims);
  }
}

/** Parameters as parts of the flat inputs `parameters` and `statistics` of a training graph. */
export class FlatInputs implements Parameters {
  /** In the order of the layout. */
  readonly values: Value[] = [];
  private readonly flat: Value;

  constructor(
    private readonly tape: Tape,
    private readonly declared: Declaration,
  ) {
    this.flat = tape.input('parameters', [declared.trainedLayout.length]);
  }

  get parameters(): Value {
    return this.flat;
  }

  trained(name: string): Value {
    const { dims, offset } = this.declared.trainedLayout.find(name);
    const value = reshape(this.tape, slice(this.tape, this.flat, [{ axis: 0, start: offset, length: size(dims) }]), dims);
    // A value of its own even where it is the whole vector: the gradient is asked for by it.
    const own = value.name === this.flat.name ? multiply(this.tape, value, this.tape.scalar(1)) : value;
    this.values.push(own);
    return own;
  }

  kept(name: string, dims: readonly number[]): Value {
    return { name, dims }; // no training graph reads a running statistic
  }

  mask(name: string, dims: readonly number[]): Value {
    return this.tape.input(name, dims);
  }
}

/** Parameters as constants of a graph that is served. */
export class Constants implements Parameters {
  constructor(
    private readonly tape: Tape,
    private readonly declared: Declaration,
    private readonly parameters: Float32Array,
    private readonly statistics: Float32Array,
  ) {}

  trained(name: string, dims: readonly number[]): Value {
    return this.tape.constant(this.declared.trainedLayout.part(this.parameters, name), dims);
  }

  kept(name: string, dims: readonly number[]): Value {
    return this.tape.constant(this.declared.keptLayout.part(this.statistics, name), dims);
  }

  mask(): Value {
    throw new GraphMalformed('a served network drops nothing');
  }
}
