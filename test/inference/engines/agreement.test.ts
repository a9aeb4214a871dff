import { describe, expect, it } from '@jest/globals';
import { compareOutputs } from '../../../src/inference/engines/agreement.js';

const logits = (...data: number[]) => ({ logits: { dims: [1, data.length], data } });

describe("A provider's outputs on the probe, beside the CPU's", () => {
  it.each([
    ['are equal', [1, -2], [1, -2]],
    ['differ by the order of float32 sums', [1.000001, -200.0001], [1, -200]],
    ['differ by a thousandth of a large value', [1000.9], [1000]],
  ])('agree where they %s', (_, given, expected) => {
    expect(compareOutputs(logits(...given), logits(...expected))).toEqual({ agrees: true });
  });

  it.each([
    ['more than a thousandth of a small value', [0.0012], [0], 'logits by 0.0012'],
    ['more than a thousandth of a large one', [1002], [1000], 'logits by 0.0020'],
    ['one value of many', [1, 2, 3.1], [1, 2, 3], 'logits by 0.033'],
    ['no number', [NaN], [0], 'a value that is no number'],
    ['infinity', [Infinity], [Infinity], 'a value that is no number'],
    ['shape', [1, 2], [1], 'the shape of logits is another'],
  ])('disagree by %s', (_, given, expected, why) => {
    const verdict = compareOutputs(logits(...given), logits(...expected));
    expect(verdict).toEqual({ agrees: false, why: expect.stringContaining(why) });
  });

  it('disagree where an output is missing or another class is predicted', () => {
    const cpu = { ...logits(1), prediction: { dims: [1], data: [1n] } };
    expect(compareOutputs(logits(1), cpu).agrees).toBe(false);
    expect(compareOutputs({ ...logits(1), prediction: { dims: [1], data: [0n] } }, cpu).agrees).toBe(false);
    expect(compareOutputs({ ...logits(1), prediction: { dims: [1], data: [1n] } }, cpu).agrees).toBe(true);
  });
});
