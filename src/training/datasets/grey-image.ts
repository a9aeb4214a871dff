import sharp from 'sharp';
import type { StoredImage } from '../../inference/preparation/stored-image.js';

/** A JPEG or PNG as a grey frame of 8 or 16 bits without window; colour becomes luminance. */
export async function greyImage(file: Buffer): Promise<StoredImage> {
  const picture = sharp(file);
  const deep = (await picture.metadata()).depth === 'ushort';
  // sharp gives three channels for a grey file unless told otherwise; the values stay the file's.
  const { data, info } = await picture
    .removeAlpha()
    .toColourspace(deep ? 'grey16' : 'b-w')
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const samples = deep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : new Uint8Array(data);
  return { rows: info.height, columns: info.width, samplesPerPixel: 1, samples: samples.slice(), photometricInterpretation: 'MONOCHROME2' };
}
