import type { Referral } from './referral.js';

/** What one model version found on one image: the value that inference hands to reporting. */
export interface ImageReading {
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
  readonly seriesInstanceUID: string;
  /** 1-based frame number that was read. */
  readonly frameNumber: number;
  readonly rows: number;
  readonly columns: number;
  /** One per class of the card, in its order. */
  readonly logits: readonly number[];
  /** 0..1, one per class of the card; undefined where the model gives none and none can be derived. */
  readonly probabilities: readonly number[] | undefined;
  /** 0..1 */
  readonly confidence: number | undefined;
  /** confidence > 0.8 */
  readonly highConfidence: boolean | undefined;
  /** 0..1 */
  readonly uncertainty: number | undefined;
  /** Entropy of the probabilities over its greatest value, 0..1; readings made before it was kept lack it. */
  readonly predictiveEntropy?: number | undefined;
  /** Whether the measure of doubt that the card names asks for a second look. */
  readonly referral?: Referral | undefined;
  /** Indices of the classes that can't be ruled out at the card's coverage. */
  readonly predictionSet?: readonly number[] | undefined;
  /** Index of the predicted class. */
  readonly prediction: number | undefined;
  /** 64 values; undefined where the model gives none. */
  readonly clinicalInsights: readonly number[] | undefined;
  readonly attentionMap: AttentionMap | undefined;
  readonly quality: ImageQuality;
  /** SHA-256 of the tensor that the model was given, float32 little endian, hex; readings made before it was kept lack it. */
  readonly inputSha256?: string;
  /** The execution provider that made it: cpu, cuda, tensorrt, webgpu, coreml, dml. */
  readonly provider: string;
  /** Where a model read frames together: the slices of its volumes or the frames of its clip, and what was noticed of them. */
  readonly stack?: FramesRead;
  /** Milliseconds of each step. */
  readonly timings: { readonly decode: number; readonly prepare: number; readonly run: number };
}

/** Reason code of an instance that was read, but as a part of another instance's reading: a slice of its volume. */
export const PART_OF_READING = 'read-with-series';

/** Frames that were read as one. */
export interface FramesRead {
  /** Slices of each volume, in the order of the card's sequences; frames of a clip. */
  readonly slices: readonly number[];
  /** Stable code, and words without PHI. */
  readonly warnings: readonly { readonly code: string; readonly text: string }[];
}

/** Row by row, 0..1; a rows × columns grid laid over the whole image. */
export interface AttentionMap {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/**
 * The four measures on the image as shown (values 0..1) and the score, 25 points for each that passes. What stands beside them
 * changes no score; a reading made before it was measured lacks it.
 */
export interface ImageQuality {
  /** std / (mean + 1e-8); passes above 0.3 */
  readonly contrast: number;
  /** variance of the Laplacian; passes above 0.1 */
  readonly sharpness: number;
  /** standard deviation of the 3×3 high-pass; passes below 0.1 */
  readonly noise: number;
  /** mean; passes in 0.2..0.8 */
  readonly brightness: number;
  readonly passes: {
    readonly contrast: boolean;
    readonly sharpness: boolean;
    readonly noise: boolean;
    readonly brightness: boolean;
  };
  /** 0, 25, 50, 75 or 100 */
  readonly score: number;
  /** Share of the picture's pixels that are black or white to the end, 0..1; padding is no picture. */
  readonly clippedShare?: number;
  /** Colour: mean saturation of HSV. Grey: share of pixels at the greatest value that Bits Stored can hold. 0..1 */
  readonly saturation?: number;
  /** Share of the area that looks like text burnt into the picture, 0..1. */
  readonly burntInTextShare?: number;
  /** How many standard deviations log sharpness lies above those of earlier images; absent while these are few. Passes from −3. */
  readonly sharpnessAgainstHistory?: number;
  /** The model's own distance of the image from those that it was trained on, 0 or more (its output `input_distance`). */
  readonly inputDistance?: number;
  /** Of the model's card: distances below it pass. */
  readonly inputDistanceLimit?: number;
}
