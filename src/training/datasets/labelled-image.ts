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
  /** Patient ID that the picture has, or would have, as a DICOM instance; absent where the set tells no patients. */
  readonly patientID?: string;
  /** What else the set says of it, for subgroups: device, finding, plane. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Where in the picture the finding lies, if the set says so. */
  readonly region?: Region;
  readonly image: StoredImage;
}

/** A rectangle in shares of the picture's width and height, 0..1. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface LabelledSet {
  readonly classes: readonly string[];
  readonly images: readonly LabelledImage[];
}
