import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, TensorProto_DataType as DataType, type NodeProto } from '../../../src/inference/onnx/onnx_pb.js';

/** A tensor in double precision. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float64Array;
}

type Operator = (inputs: readonly Tensor[], node: NodeProto) => Tensor;

/**
 * Runs an ONNX graph in double precision, written from the operators' definitions alone: what the runtime computes is
 * compared with it, and finite differences of it with the gradients. Slow; for small cases.
 */
export function runInDouble(model: Uint8Array, inputs: Readonly<Record<string, Tensor>>, wanted: string): Tensor {
  const graph = fromBinary(ModelProtoSchema, model).graph!;
  const values = new Map<string, Tensor>(Object.entries(inputs));
  for (const { name, dims, dataType, rawData } of graph.initializer) {
    const { buffer, byteOffset, length } = rawData;
    const bytes = buffer.slice(byteOffset, byteOffset + length);
    const data =
      dataType === DataType.INT64 ? Float64Array.from(new BigInt64Array(bytes), Number) : Float64Array.from(new Float32Array(bytes));
    values.set(name, { dims: dims.map(Number), data });
  }
  const makers = new Map(graph.node.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const valueOf = (name: string): Tensor => {
    const known = values.get(name);
    if (known !== undefined) return known;
    const node = makers.get(name)!;
    const made = OPERATORS[node.opType](node.input.map(valueOf), node);
    values.set(name, made);
    return made;
  };
  return valueOf(wanted);
}

const size = (dims: readonly number[]) => dims.reduce((product, dim) => product * dim, 1);
const ints = (node: NodeProto, name: string) => node.attribute.find((one) => one.name === name)?.ints.map(Number);
const int = (node: NodeProto, name: string, otherwise = 0) => Number(node.attribute.find((one) => one.name === name)?.i ?? otherwise);

/** Makes a tensor from a function of the place. */
function build(dims: readonly number[], of: (at: readonly number[]) => number): Tensor {
  const data = new Float64Array(size(dims));
  const at = dims.map(() => 0);
  for (let i = 0; i < data.length; i++) {
    data[i] = of(at);
    for (let axis = dims.length - 1; axis >= 0 && ++at[axis] === dims[axis]; axis--) at[axis] = 0;
  }
  return { dims, data };
}

/** The value at a place; a missing leading axis and an axis of length 1 repeat. */
function valueAt({ dims, data }: Tensor, at: readonly number[]): number {
  const lead = at.length - dims.length;
  return data[dims.reduce((index, dim, axis) => index * dim + (dim === 1 ? 0 : at[axis + lead]), 0)];
}

const each =
  (of: (x: number) => number): Operator =>
  ([x]) => ({ dims: x.dims, data: x.data.map(of) });

const both =
  (of: (a: number, b: number) => number): Operator =>
  ([a, b]) => {
    const rank = Math.max(a.dims.length, b.dims.length);
    const dims = Array.from({ length: rank }, (_, i) =>
      Math.max(a.dims[i - rank + a.dims.length] ?? 1, b.dims[i - rank + b.dims.length] ?? 1),
    );
    return build(dims, (at) => of(valueAt(a, at), valueAt(b, at)));
  };

function reduce(x: Tensor, axes: readonly number[], of: (values: readonly number[]) => number): Tensor {
  const dims = x.dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  return build(dims, (at) =>
    of(
      Array.from(
        build(
          x.dims.map((dim, axis) => (axes.includes(axis) ? dim : 1)),
          (within) =>
            valueAt(
              x,
              at.map((place, axis) => place + within[axis]),
            ),
        ).data,
      ),
    ),
  );
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Error function by its series: exact to double precision for the small arguments of these tests. */
function erf(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; n < 200; n++) {
    term *= (-x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

/** The places under a window around one of the output, with the place in the kernel; outside of the picture they are left out. */
function* under(
  x: Tensor,
  node: NodeProto,
  kernel: readonly number[],
  at: readonly number[],
): Generator<{ place: number[]; within: number[] }> {
  const [strides, pads] = [ints(node, 'strides')!, ints(node, 'pads')!];
  for (let i = 0; i < size(kernel); i++) {
    let left = i;
    const within = kernel.map(() => 0);
    for (let axis = kernel.length - 1; axis >= 0; axis--) {
      within[axis] = left % kernel[axis];
      left = Math.floor(left / kernel[axis]);
    }
    const place = within.map((step, axis) => at[axis] * strides[axis] - pads[axis] + step);
    if (place.every((value, axis) => value >= 0 && value < x.dims[axis + 2])) yield { place, within };
  }
}

function windows(x: Tensor, node: NodeProto, kernel: readonly number[], channels: number, of: (at: readonly number[]) => number): Tensor {
  const [strides, pads] = [ints(node, 'strides')!, ints(node, 'pads')!];
  const space = kernel.map((length, axis) => Math.floor((x.dims[axis + 2] + 2 * pads[axis] - length) / strides[axis]) + 1);
  return build([x.dims[0], channels, ...space], of);
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  Add: both((a, b) => a + b),
  Sub: both((a, b) => a - b),
  Mul: both((a, b) => a * b),
  Div: both((a, b) => a / b),
  Neg: each((x) => -x),
  Sqrt: each(Math.sqrt),
  Exp: each(Math.exp),
  Log: each(Math.log),
  Relu: each((x) => Math.max(0, x)),
  Softplus: each((x) => Math.log1p(Math.exp(x))),
  Sigmoid: each((x) => 1 / (1 + Math.exp(-x))),
  Erf: each(erf),
  Identity: ([x]) => x,
  ReduceSum: ([x, axes], node) => {
    const reduced = reduce(x, Array.from(axes.data), sum);
    return int(node, 'keepdims', 1) === 1 ? reduced : { dims: x.dims.filter((_, axis) => !axes.data.includes(axis)), data: reduced.data };
  },
  ReduceMean: ([x], node) => reduce(x, ints(node, 'axes')!, (values) => sum(values) / values.length),
  ReduceMax: ([x], node) => reduce(x, ints(node, 'axes')!, (values) => Math.max(...values)),
  Equal: both((a, b) => (a === b ? 1 : 0)),
  Cast: ([x]) => x,
  Expand: ([x, dims]) => build(Array.from(dims.data), (at) => valueAt(x, at)),
  Reshape: ([x, dims]) => {
    const known = dims.data.reduce((product, dim) => (dim === -1 ? product : product * dim), 1);
    return { dims: Array.from(dims.data, (dim) => (dim === -1 ? x.data.length / known : dim)), data: x.data };
  },
  Transpose: ([x], node) => {
    const order = ints(node, 'perm')!;
    return build(
      order.map((axis) => x.dims[axis]),
      (at) =>
        valueAt(
          x,
          order.map((_, axis) => at[order.indexOf(axis)]),
        ),
    );
  },
  Concat: (parts, node) => {
    const axis = int(node, 'axis');
    const dims = parts[0].dims.map((dim, i) => (i === axis ? sum(parts.map((part) => part.dims[axis])) : dim));
    return build(dims, (at) => {
      let left = at[axis];
      const part = parts.find((one) => left < one.dims[axis] || ((left -= one.dims[axis]), false))!;
      return part.data[part.dims.reduce((index, dim, i) => index * dim + (i === axis ? left : at[i]), 0)];
    });
  },
  Slice: ([x, starts, ends, axes]) => {
    const from = x.dims.map((_, axis) => starts.data[axes.data.indexOf(axis)] ?? 0);
    const dims = x.dims.map((dim, axis) => (axes.data.includes(axis) ? ends.data[axes.data.indexOf(axis)] - from[axis] : dim));
    return build(dims, (at) => x.data[x.dims.reduce((index, dim, axis) => index * dim + at[axis] + from[axis], 0)]);
  },
  Pad: ([x, pads]) => {
    const rank = x.dims.length;
    const dims = x.dims.map((dim, axis) => dim + pads.data[axis] + pads.data[axis + rank]);
    return build(dims, (at) => {
      const place = at.map((value, axis) => value - pads.data[axis]);
      return place.every((value, axis) => value >= 0 && value < x.dims[axis])
        ? x.data[x.dims.reduce((index, dim, axis) => index * dim + place[axis], 0)]
        : 0;
    });
  },
  MatMul: ([a, b]) => {
    const [rows, inner] = a.dims.slice(-2);
    const [columns] = b.dims.slice(-1);
    return build([...a.dims.slice(0, -2), rows, columns], (at) => {
      const lead = at.slice(0, -2);
      const [row, column] = at.slice(-2);
      let total = 0;
      for (let k = 0; k < inner; k++) total += valueAt(a, [...lead, row, k]) * valueAt(b, [...lead, k, column]);
      return total;
    });
  },
  Softmax: ([x]) => {
    const total = reduce({ dims: x.dims, data: x.data.map(Math.exp) }, [x.dims.length - 1], sum);
    return build(x.dims, (at) => Math.exp(valueAt(x, at)) / valueAt(total, at));
  },
  LogSoftmax: ([x]) => {
    const total = reduce({ dims: x.dims, data: x.data.map(Math.exp) }, [x.dims.length - 1], sum);
    return build(x.dims, (at) => valueAt(x, at) - Math.log(valueAt(total, at)));
  },
  Conv: ([x, weight, bias], node) => {
    const [out, channels, ...kernel] = weight.dims;
    return windows(x, node, kernel, out, ([n, o, ...at]) => {
      let total = bias === undefined ? 0 : bias.data[o];
      for (const { place, within } of under(x, node, kernel, at))
        for (let c = 0; c < channels; c++) total += valueAt({ ...x, dims: x.dims }, [n, c, ...place]) * valueAt(weight, [o, c, ...within]);
      return total;
    });
  },
  MaxPool: ([x], node) => {
    const kernel = ints(node, 'kernel_shape')!;
    return windows(x, node, kernel, x.dims[1], ([n, c, ...at]) =>
      Math.max(...Array.from(under(x, node, kernel, at), ({ place }) => valueAt(x, [n, c, ...place]))),
    );
  },
  AveragePool: ([x], node) => {
    const kernel = ints(node, 'kernel_shape')!;
    return windows(
      x,
      node,
      kernel,
      x.dims[1],
      ([n, c, ...at]) => sum(Array.from(under(x, node, kernel, at), ({ place }) => valueAt(x, [n, c, ...place]))) / size(kernel),
    );
  },
};
