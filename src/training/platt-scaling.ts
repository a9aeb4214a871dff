import { sigmoid } from './logistic-regression.js';

/** probability = sigmoid(slope · score + offset) */
export interface Calibration {
  readonly slope: number;
  readonly offset: number;
}

/**
 * Platt scaling with his softened targets (Platt 1999; numerics of Lin, Lin and Weng 2007): Newton's method on two
 * parameters. To be fitted on cases that the classifier was not trained on.
 */
export function plattScaling(scores: Float64Array, labels: readonly number[]): Calibration {
  const positives = labels.filter((label) => label === 1).length;
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (labels.length - positives + 2);
  const loss = (slope: number, offset: number): number =>
    scores.reduce((sum, score, i) => {
      const logit = slope * score + offset;
      const target = labels[i] === 1 ? high : low;
      return sum + Math.max(logit, 0) - target * logit + Math.log1p(Math.exp(-Math.abs(logit)));
    }, 0);
  let slope = 1;
  let offset = 0;
  for (let round = 0; round < 100; round++) {
    let [bySlope, byOffset, slopeSlope, slopeOffset, offsetOffset] = [0, 0, 1e-12, 0, 1e-12];
    scores.forEach((score, i) => {
      const probability = sigmoid(slope * score + offset);
      const residual = probability - (labels[i] === 1 ? high : low);
      const curvature = probability * (1 - probability);
      bySlope += residual * score;
      byOffset += residual;
      slopeSlope += curvature * score * score;
      slopeOffset += curvature * score;
      offsetOffset += curvature;
    });
    if (Math.hypot(bySlope, byOffset) < 1e-9) break;
    const determinant = slopeSlope * offsetOffset - slopeOffset * slopeOffset;
    const slopeStep = (offsetOffset * bySlope - slopeOffset * byOffset) / determinant;
    const offsetStep = (slopeSlope * byOffset - slopeOffset * bySlope) / determinant;
    const before = loss(slope, offset);
    let part = 1;
    while (part > 1e-10 && loss(slope - part * slopeStep, offset - part * offsetStep) > before) part /= 2;
    slope -= part * slopeStep;
    offset -= part * offsetStep;
  }
  return { slope, offset };
}
