import type { MrSequence } from './sequence-words.js';

/** How the values of many frames are scaled as one (normalisation.ts). */
export type VolumeNormalisation = 'none' | 'z_score' | 'min_max' | 'histogram_equalization';

/**
 * A card's `input.volume`: the model takes a series, `images` [1, channels, slices, rows, columns]. Its channels are the
 * card's `input.sequences` where it names some, else one for each window, else one.
 */
export interface VolumePreparation {
  /** Slices that a series must have, 2 at least. */
  readonly minimumSlices: number;
  readonly size: readonly [slices: number, rows: number, columns: number];
  /**
   * mm between slices, rows, columns: the volume is resampled to it, then cropped or padded about its centre to `size`.
   * Absent: the volume's whole extent is stretched over `size`.
   */
  readonly spacing?: readonly [slice: number, row: number, column: number];
  /**
   * `as-acquired`: slices, rows and columns are the series' own. Else the volume is resampled along the patient's axes in that plane
   * (PATIENT_AXES), however it was acquired: a model sees the head where it was trained to see it.
   */
  readonly orientation: 'as-acquired' | 'axial' | 'coronal' | 'sagittal';
  /** `HU`: a series that is not in Hounsfield units is not read. */
  readonly unit: 'HU' | 'any';
  /** Each makes one channel: clipped to centre ± width / 2 and scaled to 0..1; in the unit of the values after the Modality LUT. */
  readonly windows: readonly VolumeWindow[];
  /** Over all voxels of a channel that lie inside the volume, after its window. */
  readonly normalisation: VolumeNormalisation;
  /** Value after the Modality LUT of what lies outside of the volume, where there are windows or no normalisation; else it is as dark as the darkest inside. */
  readonly outside: number;
  /** Of several sequences, whose grid all are resampled onto: the card's first, or the one of smallest pixels. */
  readonly grid: 'first' | 'finest';
}

export interface VolumeWindow {
  readonly windowCenter: number;
  readonly windowWidth: number;
}

/** A card's `input.sequences`, in the order of the channels. */
export interface SequenceChannel {
  readonly name: MrSequence;
}

/** Channels of `images`. */
export const volumeChannels = ({ windows }: Pick<VolumePreparation, 'windows'>, sequences: readonly SequenceChannel[] = []): number =>
  Math.max(1, windows.length, sequences.length);
