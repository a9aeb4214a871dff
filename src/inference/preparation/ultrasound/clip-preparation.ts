import type { VolumeNormalisation } from '../volume/volume-preparation.js';
import type { FrameChoice } from './choose-frames.js';

/** A card's `input.clip`: the model takes the frames of one multi-frame instance, `images` [1, frames, channels, rows, columns]. */
export interface ClipPreparation extends FrameChoice {
  readonly rows: number;
  readonly columns: number;
  readonly channels: 1 | 3;
  readonly normalisation: VolumeNormalisation;
  /** `tissue`: what lies outside of the 2-D regions becomes 0, and an instance that names none is not read. */
  readonly regions: 'tissue' | 'ignored';
  /** mm between the model's rows, then its columns: an instance that does not say what its pixels measure is not read. Absent: the frame is stretched. */
  readonly spacing?: readonly [row: number, column: number];
}
