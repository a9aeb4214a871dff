/** Voxels that are held at a time, of all volumes of one reading: 512 slices of 512 × 512, 512 MiB as float32. */
export const MOST_VOXELS = 2 ** 27;

/** What is noticed of a series that is still read. */
export type SliceWarningCode =
  | 'localizer-set-aside'
  | 'gantry-tilt'
  | 'slices-shifted'
  | 'uneven-spacing'
  | 'spacing-unlike-header'
  | 'unimaged-between-slices'
  | 'frame-of-reference-absent'
  | 'hounsfield-implausible';

/** Why a series is not read as a volume. */
export type WhyNoVolume =
  | 'slice-geometry-absent'
  | 'slice-geometry-invalid'
  | 'only-localizers'
  | 'mixed-orientation'
  | 'mixed-frame-of-reference'
  | 'mixed-size'
  | 'mixed-pixel-spacing'
  | 'mixed-slice-spacing'
  | 'mixed-units'
  | 'duplicate-positions'
  | 'missing-slices'
  | 'too-few-slices'
  | 'too-many-slices'
  | 'volume-too-large'
  | 'not-hounsfield'
  | 'hounsfield-implausible';

/** `text` in words, numbers and units; never a value that a person or a machine typed. */
export interface SliceWarning {
  readonly code: SliceWarningCode;
  readonly text: string;
}

export interface NotRead {
  readonly reads: false;
  readonly why: { readonly code: WhyNoVolume; readonly text: string };
}

export const notRead = (code: WhyNoVolume, text: string): NotRead => ({ reads: false, why: { code, text } });

/** A length for the eye: 1/1000 mm is far below what any scanner places. */
export const mm = (length: number): string => `${Number(length.toFixed(3))} mm`;
