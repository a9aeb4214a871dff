import type { OutputTensor } from '../derive-outputs.js';
import type { Verdict } from './engine-messages.js';

/** Of a value, relative above 1, absolute below: float32 sums in another order differ by far less, a wrong kernel by more. */
export const AGREEMENT_TOLERANCE = 1e-3;

type Outputs = Readonly<Record<string, OutputTensor>>;

/** Whether a provider computes what the CPU does: the same outputs and shapes, |a − b| ≤ 1e-3 · max(1, |b|) throughout. */
export function compareOutputs(provider: Outputs, cpu: Outputs): Verdict {
  for (const [name, expected] of Object.entries(cpu)) {
    const given = provider[name];
    if (given === undefined || given.dims.join() !== expected.dims.join())
      return { agrees: false, why: `disagrees with the CPU: the shape of ${name} is another` };
    const difference = greatestDifference(given.data, expected.data);
    if (!(difference <= AGREEMENT_TOLERANCE)) {
      const by = Number.isFinite(difference) ? difference.toPrecision(2) : 'a value that is no number';
      return { agrees: false, why: `disagrees with the CPU: ${name} by ${by}` };
    }
  }
  return { agrees: true };
}

/** In units of max(1, |expected|); NaN where a value is no finite number: such outputs can't be compared. */
function greatestDifference(given: ArrayLike<number | bigint>, expected: ArrayLike<number | bigint>): number {
  let greatest = 0;
  for (let i = 0; i < expected.length; i++) {
    const b = Number(expected[i]);
    const difference = Math.abs(Number(given[i]) - b) / Math.max(1, Math.abs(b));
    if (!Number.isFinite(difference)) return NaN;
    if (difference > greatest) greatest = difference;
  }
  return greatest;
}
