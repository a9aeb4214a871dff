import type { Attribute, OnnxGraph } from '../../inference/onnx/onnx-graph.js';
import { TensorProto_DataType as DataType } from '../../inference/onnx/onnx_pb.js';
import { GraphMalformed } from '../faults.js';

/** A float32 tensor of the graph; its shape is known when the graph is written. */
export interface Value {
  readonly name: string;
  readonly dims: readonly number[];
}

/** Gradient of the loss by one input of an operator, from the gradient by its output; undefined: there is none to pass on. */
export type GradientRule = (dy: Value) => Value;

interface Step {
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly rules: readonly (GradientRule | undefined)[];
}

/**
 * Writes an ONNX graph operator by operator and remembers how each passes a gradient back (reverse-mode automatic
 * differentiation: Griewank and Walther, Evaluating Derivatives, 2008, chapter 3). The gradient is itself operators of
 * the same graph, so that forward, loss, backward and update run as one.
 */
export class Tape {
  private readonly steps: Step[] = [];
  private readonly constants = new Map<string, string>();
  private count = 0;

  constructor(readonly graph: OnnxGraph) {}

  input(name: string, dims: readonly number[]): Value {
    this.graph.input(name, DataType.FLOAT, dims);
    return { name, dims };
  }

  /** Declares a value an output of the graph under a name of its own. */
  output(name: string, value: Value): void {
    this.graph.node('Identity', name, [value.name]);
    this.graph.output(name, DataType.FLOAT, value.dims);
  }

  constant(values: Float32Array, dims: readonly number[]): Value {
    if (values.length !== size(dims)) throw new GraphMalformed(`${values.length} values for [${dims.join(', ')}]`);
    return { name: this.graph.constant(this.fresh('constant'), values, dims), dims };
  }

  scalar(value: number): Value {
    return { name: this.shared(`scalar ${value}`, () => this.graph.constant(this.fresh('scalar'), Float32Array.of(value), [])), dims: [] };
  }

  /** An int64 list, as ONNX takes shapes and axes; the same list is written once. */
  whole(values: readonly number[]): string {
    const list = () => this.graph.constant(this.fresh('list'), BigInt64Array.from(values, BigInt), [values.length]);
    return this.shared(`list ${values.join()}`, list);
  }

  /**
   * Adds an operator.
   * @param inputs  float32 inputs in the operator's order, then the names of its further ones (shapes, axes)
   * @param rules   one for each float32 input; left out for an operator that only serves a gradient
   */
  apply(
    opType: string,
    inputs: readonly Value[],
    dims: readonly number[],
    {
      attributes = {},
      lists = [],
      rules = [],
    }: {
      readonly attributes?: Readonly<Record<string, Attribute>>;
      readonly lists?: readonly string[];
      readonly rules?: readonly (GradientRule | undefined)[];
    } = {},
  ): Value {
    const names = [...inputs.map(({ name }) => name), ...lists];
    const output = { name: this.graph.node(opType, this.fresh(opType), names, attributes), dims };
    if (rules.length > 0) this.steps.push({ inputs, output, rules });
    return output;
  }

  /** A function of several operators with a gradient of its own: what `inside` writes is not recorded, `rules` are. */
  compound(inputs: readonly Value[], inside: () => Value, rules: readonly (GradientRule | undefined)[]): Value {
    const before = this.steps.length;
    const output = inside();
    this.steps.length = before;
    this.steps.push({ inputs, output, rules });
    return output;
  }

  /**
   * Writes the gradient of a scalar by each of `of`.
   * @throws GraphMalformed  the loss is no scalar or does not depend on one of them
   */
  gradients(loss: Value, of: readonly Value[]): Value[] {
    if (size(loss.dims) !== 1) throw new GraphMalformed('a loss must be one number');
    const needed = this.dependants(of);
    const gradients = new Map<string, Value>([[loss.name, this.constant(Float32Array.of(1), loss.dims)]]);
    for (const { inputs, output, rules } of this.steps.slice().reverse()) {
      const dy = gradients.get(output.name);
      if (dy === undefined) continue;
      inputs.forEach(({ name, dims }, i) => {
        const rule = rules[i];
        if (rule === undefined || !needed.has(name)) return;
        const own = rule(dy);
        if (own.dims.join() !== dims.join()) throw new GraphMalformed(`a gradient [${own.dims.join()}] of a value [${dims.join()}]`);
        const other = gradients.get(name);
        gradients.set(name, other === undefined ? own : this.apply('Add', [other, own], dims));
      });
    }
    return of.map(({ name }) => {
      const gradient = gradients.get(name);
      if (gradient === undefined) throw new GraphMalformed(`the loss does not depend on ${name}`);
      return gradient;
    });
  }

  /** The values that depend on one of `of`: only through them a gradient need be passed. */
  private dependants(of: readonly Value[]): Set<string> {
    const names = new Set(of.map(({ name }) => name));
    for (const { inputs, output } of this.steps) if (inputs.some(({ name }) => names.has(name))) names.add(output.name);
    return names;
  }

  /** A name that the graph does not have yet. */
  fresh(kind: string): string {
    return `${kind}_${this.count++}`;
  }

  private shared(key: string, make: () => string): string {
    const known = this.constants.get(key) ?? make();
    this.constants.set(key, known);
    return known;
  }
}

export const size = (dims: readonly number[]): number => dims.reduce((product, dim) => product * dim, 1);
