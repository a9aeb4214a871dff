import { size } from '../autodiff/tape.js';
import { WeightsUnfit } from '../faults.js';
import type { ParameterLayout } from './parameters.js';

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const MOST_HEADER = 100_000_000; // the format's own bound

/**
 * The tensors of a safetensors file (huggingface.co/docs/safetensors: 8 bytes length, JSON header, values little endian),
 * as float32. F32, F16, BF16 and F64 are read.
 * @throws WeightsUnfit  it is no such file
 */
export function readSafetensors(file: Uint8Array): Map<string, { readonly dims: readonly number[]; readonly values: Float32Array }> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = file.length < 8 ? 0 : Number(view.getBigUint64(0, true));
  if (length === 0 || length > MOST_HEADER || 8 + length > file.length) throw new WeightsUnfit('The file is no safetensors file.');
  const tensors = new Map<string, { dims: readonly number[]; values: Float32Array }>();
  for (const [name, entry] of Object.entries(headerOf(file.subarray(8, 8 + length)))) {
    if (name === '__metadata__') continue;
    if (!isEntry(entry)) throw new WeightsUnfit('The header of the safetensors file does not say where a tensor lies.');
    const [from, to] = entry.data_offsets;
    const width = WIDTHS[entry.dtype];
    if (width === undefined) continue; // counters and the like: no weights
    if (!(from >= 0 && to <= file.length - 8 - length && to - from === size(entry.shape) * width))
      throw new WeightsUnfit('A tensor lies outside of the file.');
    const part = new DataView(file.buffer, file.byteOffset + 8 + length + from, to - from);
    const values = Float32Array.from({ length: size(entry.shape) }, (_, i) => READERS[entry.dtype](part, i * width));
    tensors.set(name, { dims: entry.shape, values });
  }
  return tensors;
}

const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const areWhole = (values: unknown): boolean => Array.isArray(values) && values.every(isWhole);

function isEntry(given: unknown): given is Entry {
  const { dtype, shape, data_offsets: offsets } = (given ?? {}) as Partial<Record<keyof Entry, unknown>>;
  return typeof dtype === 'string' && areWhole(shape) && areWhole(offsets) && (offsets as unknown[]).length === 2;
}

function headerOf(bytes: Uint8Array): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof header !== 'object' || header === null) throw new SyntaxError('no object');
    return header as Record<string, unknown>; // an object's members
  } catch {
    throw new WeightsUnfit('The header of the safetensors file is no JSON object.');
  }
}

/** Parameters of the heads (heads.ts), which no outside file has. */
const HEADS = /^(?:attention|classifier|uncertainty|clinical)\./;

const WIDTHS: Readonly<Record<string, number>> = { F64: 8, F32: 4, F16: 2, BF16: 2 };
const READERS: Readonly<Record<string, (view: DataView, at: number) => number>> = {
  F64: (view, at) => view.getFloat64(at, true),
  F32: (view, at) => view.getFloat32(at, true),
  F16: (view, at) => view.getFloat16(at, true),
  BF16: (view, at) => {
    view4.setUint32(0, view.getUint16(at, true) << 16);
    return view4.getFloat32(0);
  },
};
const view4 = new DataView(new ArrayBuffer(4));

/**
 * Puts outside weights where a layout has parameters of the same names (torchvision's); heads and classifiers stay as they are.
 * @returns how many parameters were taken over: all of the backbone's
 * @throws WeightsUnfit  a shape differs, or one of the backbone's is not there
 */
export function importWeights(file: Uint8Array, layout: ParameterLayout, into: Float32Array): number {
  const tensors = readSafetensors(file);
  let taken = 0;
  for (const { name, dims, offset } of layout.entries) {
    if (HEADS.test(name)) continue; // DenseNet's own classifier has that name too
    const found = tensors.get(name);
    if (found === undefined)
      throw new WeightsUnfit(`${name} is not in the file: a network is started from all of its backbone or from none of it.`);
    if (found.dims.join() !== dims.join())
      throw new WeightsUnfit(`${name} is [${found.dims.join(', ')}] in the file and [${dims.join(', ')}] here.`);
    into.set(found.values, offset);
    taken++;
  }
  return taken;
}
