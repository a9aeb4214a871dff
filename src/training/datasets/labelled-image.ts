import type { StoredImage } from '../../inference/preparation/stored-image.js';

export type Split = 'train' | 'val' | 'test';

/** One labelled picture of a data set. */
export interface LabelledImage {
  /** Names it within its set. */
  readonly file: string;
  /** Index of its class. */
  readonly label: number;
  /** Whose it is, or the group it may not be parted from; the file itself where nothing is known. */
  readonly patient: string;
  /** What else the set says of it, for subgroups: device, finding, plane. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly image: StoredImage;
}

export interface LabelledSet {
  readonly classes: readonly string[];
  readonly images: readonly LabelledImage[];
}
