import { describe, expect, it } from '@jest/globals';
import {
  conformalThreshold,
  crossEntropy,
  expectedCalibrationError,
  fitTemperature,
} from '../../../src/training/evaluation/calibration.js';
import { proportion } from '../../../src/training/evaluation/proportion.js';
import { Random } from '../../../src/training/random.js';

const softmax = (logits: readonly number[]) => {
  const powers = logits.map(Math.exp);
  const total = powers.reduce((sum, value) => sum + value, 0);
  return powers.map((value) => value / total);
};

/** Cases whose labels are drawn from the probabilities of their logits: calibrated by making. */
function drawn(count: number): { logits: number[][]; labels: number[] } {
  const random = new Random(1);
  const logits = Array.from({ length: count }, () => [random.normal() * 2, random.normal() * 2, random.normal() * 2]);
  const labels = logits.map((own) => {
    const [first, second] = softmax(own);
    const at = random.uniform();
    return at < first ? 0 : at < first + second ? 1 : 2;
  });
  return { logits, labels };
}

describe('Calibration', () => {
  it('finds the factor by which logits are too large', () => {
    const { logits, labels } = drawn(4000);
    const inflated = logits.map((own) => own.map((value) => 3 * value));
    const temperature = fitTemperature(inflated, labels);
    expect(temperature).toBeGreaterThan(2.7);
    expect(temperature).toBeLessThan(3.3);
    const before = expectedCalibrationError(inflated.map(softmax), labels);
    const cooled = inflated.map((own) => softmax(own.map((value) => value / temperature)));
    const after = expectedCalibrationError(cooled, labels);
    expect(before).toBeGreaterThan(0.1);
    expect(after).toBeLessThan(0.03);
  });

  it('is the lowest cross-entropy: no temperature beside it is better', () => {
    const { logits, labels } = drawn(300);
    const best = fitTemperature(logits, labels);
    for (const factor of [0.9, 0.99, 1.01, 1.1])
      expect(crossEntropy(logits, labels, best * factor)).toBeGreaterThan(crossEntropy(logits, labels, best));
  });

  it('has no error where confidence is what comes true, and all of it where it never does', () => {
    const sure = Array.from({ length: 10 }, () => [0, 1]);
    expect(
      expectedCalibrationError(
        sure,
        Array.from({ length: 10 }, () => 1),
      ),
    ).toBe(0);
    expect(
      expectedCalibrationError(
        sure,
        Array.from({ length: 10 }, () => 0),
      ),
    ).toBe(1);
    const three = Array.from({ length: 4 }, () => [0.25, 0.75]);
    expect(expectedCalibrationError(three, [1, 1, 1, 0])).toBeCloseTo(0, 12);
  });
});

describe('Prediction sets', () => {
  it('hold the true class as often as they promise, on cases like those they were made by', () => {
    const { logits, labels } = drawn(6000);
    const probabilities = logits.map(softmax);
    const threshold = conformalThreshold(probabilities.slice(0, 3000), labels.slice(0, 3000), 0.9);
    const covered = probabilities.slice(3000).filter((own, i) => own[labels[3000 + i]] >= threshold).length / 3000;
    expect(covered).toBeGreaterThan(0.88);
    expect(covered).toBeLessThan(0.92);
  });

  it('hold every class where there are too few cases to rule one out', () => {
    expect(conformalThreshold([[0.1, 0.9]], [1], 0.95)).toBe(0);
  });
});

describe('The interval of a proportion (Wilson 1927)', () => {
  it('is as in the literature: 81 of 263 (Newcombe 1998, Table I)', () => {
    const share = proportion(81, 263);
    expect(share?.interval[0]).toBeCloseTo(0.2553, 4);
    expect(share?.interval[1]).toBeCloseTo(0.3662, 4);
  });

  it('stays within 0..1 at the ends, and is none of no cases', () => {
    expect(proportion(0, 20)?.interval[0]).toBe(0);
    expect(proportion(0, 20)?.interval[1]).toBeCloseTo(0.1611, 4); // Newcombe 1998
    expect(proportion(20, 20)?.interval[1]).toBe(1);
    expect(proportion(0, 0)).toBeUndefined();
  });
});
