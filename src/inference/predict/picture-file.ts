import sharp from 'sharp';
import type { EngineImage } from '../engines/engine-messages.js';
import { ImageUnpreparable } from '../preparation/faults.js';

/** Formats that a picture outside of DICOM may have; others say too little of their values. */
const FORMATS = new Set(['png', 'jpeg']);

/**
 * A PNG or JPEG as a frame as the engine takes it, grey (colour becomes luminance) of 8 or 16 bits, without window: its
 * values are the file's.
 * @throws ImageUnpreparable  it is no such file
 */
export async function openPicture(file: Buffer): Promise<EngineImage> {
  const picture = sharp(file, { failOn: 'error' });
  const { format, depth } = await picture.metadata().catch(() => ({ format: undefined, depth: undefined }));
  if (format === undefined || !FORMATS.has(format)) throw new ImageUnpreparable('The file is neither PNG nor JPEG.');
  const deep = depth === 'ushort';
  const raw = picture
    .removeAlpha()
    .toColourspace(deep ? 'grey16' : 'b-w')
    .raw({ depth: deep ? 'ushort' : 'uchar' });
  const { data, info } = await raw.toBuffer({ resolveWithObject: true }).catch(() => {
    throw new ImageUnpreparable('The picture is damaged.');
  });
  const bits = deep ? 16 : 8;
  return {
    frame: {
      bytes: new Uint8Array(data),
      rows: info.height,
      columns: info.width,
      samplesPerPixel: 1,
      photometricInterpretation: 'MONOCHROME2',
      sampleForm: 'integer',
      bitsAllocated: bits,
      bitsStored: bits,
      highBit: bits - 1,
      pixelRepresentation: 0,
    },
    pixels: {
      modality: { kind: 'rescale', rescaleSlope: 1, rescaleIntercept: 0 },
      voi: { windows: [], tables: [], voiLutFunction: 'LINEAR' },
      presentationLutShape: 'IDENTITY',
    },
  };
}
