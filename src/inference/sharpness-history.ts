/** Which earlier images a sharpness may be compared with: those that one model read of one modality from one station. */
export interface SharpnessSource {
  readonly modelSha256: string;
  readonly modality: string;
  /** Station Name (0008,1010), or empty. */
  readonly station: string;
}

/** The natural logarithms of sharpness of earlier images, summed up: M2 is the sum of squared differences from the mean. */
export interface SharpnessHistory {
  readonly images: number;
  readonly mean: number;
  readonly m2: number;
}

/** Fewer earlier images say too little of what is usual. */
const LEAST_IMAGES = 30;

/**
 * How many standard deviations the logarithm of an image's sharpness lies above the earlier ones' mean: far below 0, it moved
 * or is out of focus by this site's own measure. Logarithms, since sharpness varies by factors.
 * @param sharpness  variance of the Laplacian
 * @returns undefined below 30 earlier images, where these are all alike, and for an image without any detail
 */
export function sharpnessAgainst({ images, mean, m2 }: SharpnessHistory, sharpness: number): number | undefined {
  if (images < LEAST_IMAGES || !(m2 > 0) || !(sharpness > 0)) return undefined;
  return (Math.log(sharpness) - mean) / Math.sqrt(m2 / (images - 1));
}

/** Sums images up; those without any detail have no logarithm and are left out. */
export function sharpnessHistoryOf(sharpnesses: readonly number[]): SharpnessHistory {
  const logs = sharpnesses.filter((one) => one > 0).map(Math.log);
  if (logs.length === 0) return { images: 0, mean: 0, m2: 0 };
  const mean = logs.reduce((sum, one) => sum + one, 0) / logs.length;
  return { images: logs.length, mean, m2: logs.reduce((sum, one) => sum + (one - mean) ** 2, 0) };
}
