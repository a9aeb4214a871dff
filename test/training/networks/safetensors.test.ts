import { describe, expect, it } from '@jest/globals';
import { WeightsUnfit } from '../../../src/training/faults.js';
import { ParameterLayout } from '../../../src/training/networks/parameters.js';
import { importWeights, readSafetensors } from '../../../src/training/networks/safetensors.js';

interface Tensor {
  readonly dtype: string;
  readonly shape: number[];
  readonly bytes: Uint8Array;
}

/** Written by the format's description alone. */
function aFile(tensors: Readonly<Record<string, Tensor>>): Uint8Array {
  let at = 0;
  const header = Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, shape, bytes }]) => {
      const from = at;
      at += bytes.length;
      return [name, { dtype, shape, data_offsets: [from, at] }];
    }),
  );
  const text = new TextEncoder().encode(JSON.stringify({ __metadata__: { format: 'pt' }, ...header }));
  const length = new Uint8Array(new BigUint64Array([BigInt(text.length)]).buffer);
  return Uint8Array.from([...length, ...text, ...Object.values(tensors).flatMap(({ bytes }) => [...bytes])]);
}

function withHeader(header: unknown): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  return Uint8Array.from([...new Uint8Array(new BigUint64Array([BigInt(text.length)]).buffer), ...text, ...new Uint8Array(8)]);
}

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const halves = (...values: number[]) => new Uint8Array(Uint16Array.from(values).buffer);

function aLayout(...more: string[]): ParameterLayout {
  const layout = new ParameterLayout();
  layout.add('conv1.weight', [2, 1, 1, 1], 'zeros');
  layout.add('classifier.weight', [2, 2], 'zeros');
  for (const name of more) layout.add(name, [2], 'zeros');
  return layout;
}

describe('Outside weights (safetensors)', () => {
  it('are read as float32, float16 and bfloat16', () => {
    const file = aFile({
      a: { dtype: 'F32', shape: [2], bytes: floats(1.5, -2) },
      b: { dtype: 'F16', shape: [2], bytes: halves(0x3e00, 0xc000) },
      c: { dtype: 'BF16', shape: [2], bytes: halves(0x3fc0, 0xc000) },
      count: { dtype: 'I64', shape: [], bytes: new Uint8Array(8) },
    });
    const tensors = readSafetensors(file);
    for (const name of ['a', 'b', 'c']) expect(Array.from(tensors.get(name)?.values ?? [])).toEqual([1.5, -2]);
    expect(tensors.has('count')).toBe(false);
  });

  it('go where a parameter has the same name; a classifier stays', () => {
    const into = new Float32Array(6).fill(9);
    const file = aFile({
      'conv1.weight': { dtype: 'F32', shape: [2, 1, 1, 1], bytes: floats(3, 4) },
      'classifier.weight': { dtype: 'F32', shape: [2, 2], bytes: floats(1, 1, 1, 1) },
    });
    expect(importWeights(file, aLayout(), into)).toBe(1);
    expect(Array.from(into)).toEqual([3, 4, 9, 9, 9, 9]);
  });

  it.each<[string, Uint8Array, ParameterLayout?]>([
    ['a file of another kind', new TextEncoder().encode('nothing of the kind, but long enough')],
    ['an empty file', new Uint8Array(0)],
    ['a tensor beyond the end', aFile({ 'conv1.weight': { dtype: 'F32', shape: [2, 1, 1, 1], bytes: floats(3) } })],
    ['another shape', aFile({ 'conv1.weight': { dtype: 'F32', shape: [2], bytes: floats(3, 4) } })],
    ['a tensor without a place', withHeader({ 'conv1.weight': { dtype: 'F32', shape: [2, 1, 1, 1] } })],
    ['a tensor that is null', withHeader({ 'conv1.weight': null })],
    ['a header that is a list', withHeader([1])],
    ['a header that is a number', withHeader(1)],
    [
      'a part of the backbone',
      aFile({ 'conv1.weight': { dtype: 'F32', shape: [2, 1, 1, 1], bytes: floats(3, 4) } }),
      aLayout('bn1.weight'),
    ],
    ['none of the names', aFile({ other: { dtype: 'F32', shape: [1], bytes: floats(3) } })],
  ])('are refused: %s', (_, file, layout = aLayout()) => {
    expect(() => importWeights(file, layout, new Float32Array(8))).toThrow(WeightsUnfit);
  });
});
