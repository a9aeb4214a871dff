const BINS = 15;

/**
 * Expected calibration error (Naeini et al. 2015; Guo et al. 2017): |accuracy − confidence| of the predicted class in 15
 * bins of equal width, weighted by their cases. 0..1
 * @param probabilities  [cases][classes]
 */
export function expectedCalibrationError(probabilities: readonly (readonly number[])[], labels: readonly number[]): number {
  const bins = Array.from({ length: BINS }, () => ({ confidence: 0, right: 0 }));
  probabilities.forEach((own, i) => {
    const confidence = Math.max(...own);
    const bin = bins[Math.min(BINS - 1, Math.floor(confidence * BINS))];
    bin.confidence += confidence;
    if (own.indexOf(confidence) === labels[i]) bin.right++;
  });
  return bins.reduce((sum, { confidence, right }) => sum + Math.abs(right - confidence), 0) / labels.length;
}

/** Mean negative logarithm of the true class's probability. */
export function crossEntropy(logits: readonly (readonly number[])[], labels: readonly number[], temperature: number): number {
  const each = logits.map((own, i) => {
    const scaled = own.map((logit) => logit / temperature);
    const greatest = Math.max(...scaled);
    return greatest + Math.log(scaled.reduce((sum, logit) => sum + Math.exp(logit - greatest), 0)) - scaled[labels[i]];
  });
  return each.reduce((sum, value) => sum + value, 0) / labels.length;
}

/** Beyond these a network is not badly calibrated but hardly trained, or validation too small. */
export const LEAST_TEMPERATURE = 0.25;
export const MOST_TEMPERATURE = 10;

/** A search that ended at a bound is this near to it. */
const NEAR_BOUND = 1.001;

/**
 * The temperature by which logits must be divided to make validation likeliest (Guo et al. 2017): golden-section search
 * on its logarithm, in which the cross-entropy has one lowest point. 1 where that lies beyond the bounds: pictures that are all called
 * rightly, or by chance, say nothing of how sure a network may be.
 */
export function fitTemperature(logits: readonly (readonly number[])[], labels: readonly number[]): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  const at = (logarithm: number): number => crossEntropy(logits, labels, Math.exp(logarithm));
  let [low, high] = [Math.log(LEAST_TEMPERATURE), Math.log(MOST_TEMPERATURE)];
  for (let round = 0; round < 60; round++) {
    const left = high - golden * (high - low);
    const right = low + golden * (high - low);
    if (at(left) <= at(right)) high = right;
    else low = left;
  }
  const found = Math.exp((low + high) / 2);
  return found < LEAST_TEMPERATURE * NEAR_BOUND || found > MOST_TEMPERATURE / NEAR_BOUND ? 1 : found;
}

/**
 * Split-conformal threshold (Vovk et al. 2005; Sadinle et al. 2019): classes of at least this probability make a set
 * that holds the true class in a share `coverage` of cases like the calibration cases.
 */
export function conformalThreshold(probabilities: readonly (readonly number[])[], labels: readonly number[], coverage: number): number {
  const scores = labels.map((label, i) => 1 - probabilities[i][label]).sort((a, b) => a - b);
  const rank = Math.ceil((scores.length + 1) * coverage);
  return rank > scores.length ? 0 : 1 - scores[rank - 1];
}
