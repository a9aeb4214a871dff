import sharp from 'sharp';
import type { EngineImage } from '../engines/engine-messages.js';
import { ImageUnpreparable } from '../preparation/faults.js';

/** Formats that a picture outside of DICOM may have; others say too little of their values. */
const FORMATS = new Set(['png', 'jpeg']);

/**
 * A PNG or JPEG as a frame as the engine takes it, grey or RGB of 8 or 16 bits, without window: its values are the file's,
 * whatever colour profile it names; colour is prepared as that of DICOM is.
 * @throws ImageUnpreparable  it is no such file
 */
export async function openPicture(file: Buffer): Promise<EngineImage> {
  if (file.length === 0) throw new ImageUnpreparable('The file is empty.'); // sharp would throw another thing
  const picture = sharp(file, { failOn: 'error', ignoreIcc: true });
  const { format, depth, space } = await picture.metadata().catch(() => ({ format: undefined, depth: undefined, space: undefined }));
  if (format === undefined || !FORMATS.has(format)) throw new ImageUnpreparable('The file is neither PNG nor JPEG.');
  const deep = depth === 'ushort';
  const raw = picture
    .removeAlpha()
    .toColourspace(isGrey(space) ? (deep ? 'grey16' : 'b-w') : deep ? 'rgb16' : 'srgb')
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
      ...(info.channels === 1
        ? { samplesPerPixel: 1, photometricInterpretation: 'MONOCHROME2' }
        : { samplesPerPixel: 3, photometricInterpretation: 'RGB' }),
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

const isGrey = (space: string | undefined): boolean => space === 'b-w' || space === 'grey16';
