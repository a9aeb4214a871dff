/** How likely a change is for one picture, 0..1. */
interface Chance {
  readonly probability: number;
}

/** A number drawn evenly from least to most. */
interface Span extends Chance {
  readonly least: number;
  readonly most: number;
}

/** What training pictures are changed by, so that a network learns what does not matter. Pictures are in 0..1. */
export interface AugmentationSettings {
  /** Up to so many degrees either way. */
  readonly rotation: Chance & { readonly degrees: number };
  /** Left to right. */
  readonly flip: Chance;
  /** Factor of enlargement. */
  readonly zoom: Span;
  /** Factor by which the width grows against the height, the area staying; evenly on its logarithm. Above 0. */
  readonly stretch: Span;
  /** Up to this share of the picture's width and height, either way. */
  readonly shift: Chance & { readonly share: number };
  /**
   * Simard 2003: each pixel is taken from a place `alpha` × smoothed noise away; noise evenly in −1..1, smoothed by a Gaussian of
   * `sigma`. Both are for a picture of 512 and scaled so that a smaller one is deformed alike: `sigma` by its longer
   * side, `alpha` by the square of it, as smoothing over fewer pixels leaves more of the noise. The displacement's standard deviation,
   * alpha / sigma × 0.163, is 5.4 pixels of 512 by the values below, and 1.4 of 128.
   */
  readonly elastic: Chance & { readonly alpha: number; readonly sigma: number };
  /** Standard deviation of a Gaussian, in pixels. */
  readonly blur: Span;
  /** Exponent. */
  readonly gamma: Span;
  /** Factor of the differences from the picture's mean. */
  readonly contrast: Span;
  /** Factor. */
  readonly brightness: Span;
  /** Standard deviation of what is added to each pixel. */
  readonly noise: Span;
  /** One rectangle becomes the picture's mean: its share of the area; its sides are to each other as 1 to 3 at the most. */
  readonly erasing: Span;
}

export const DEFAULT_AUGMENTATION: AugmentationSettings = {
  rotation: { probability: 0.5, degrees: 15 },
  flip: { probability: 0 },
  zoom: { probability: 0, least: 0.85, most: 1.15 },
  stretch: { probability: 0, least: 0.8, most: 1.25 },
  shift: { probability: 0, share: 0.1 },
  elastic: { probability: 0.5, alpha: 1000, sigma: 30 },
  blur: { probability: 0, least: 0, most: 1.5 },
  gamma: { probability: 0, least: 0.7, most: 1.4 },
  contrast: { probability: 0, least: 0.7, most: 1.3 },
  brightness: { probability: 0.5, least: 0.8, most: 1.2 },
  noise: { probability: 0.5, least: 0.01, most: 0.05 },
  erasing: { probability: 0, least: 0.02, most: 0.1 },
};
