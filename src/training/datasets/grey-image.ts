import { storedImage } from '../../inference/engines/decoded-image.js';
import { openPicture } from '../../inference/predict/picture-file.js';
import type { StoredImage } from '../../inference/preparation/stored-image.js';

/** A JPEG or PNG as a frame of 8 or 16 bits without window, as predict reads it. */
export const greyImage = async (file: Buffer): Promise<StoredImage> => storedImage(await openPicture(file));
