import { calibration } from '../../../../src/evidence/statistics/calibration/calibration.js';
import { calibrationSlope } from '../../../../src/evidence/statistics/calibration/logistic-recalibration.js';
import type { Adapter } from '../reference-cases.js';

interface Probabilities {
  readonly y: number[];
  readonly p: number[];
  readonly bins: number;
  readonly hl_groups: number;
  readonly eps: number;
  /** Only these are asked for: what does not exist is an error then, not a null in a report. */
  readonly fields?: readonly string[];
}

export const CALIBRATION: Readonly<Record<string, Adapter>> = {
  calibration: ({ y, p, bins, hl_groups: hlGroups, eps, fields }: Probabilities) => {
    if (fields === undefined) return calibration(y, p, { bins, hlGroups, eps });
    if (fields.join() !== 'calibration_slope') throw new Error(`No function for ${fields.join()} alone`);
    return { calibrationSlope: calibrationSlope(y, p, eps).slope };
  },
};
