import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { storedImage } from '../../../src/inference/engines/decoded-image.js';
import { openPicture } from '../../../src/inference/predict/picture-file.js';
import { ImageUnpreparable } from '../../../src/inference/preparation/faults.js';
import { prepareImage } from '../../../src/inference/preparation/prepare-image.js';

const PIXELS = Buffer.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 90, 90, 90]);
const raw = { width: 2, height: 2, channels: 3 as const };
const preparation = { rows: 2, columns: 2, channels: 1, normalisation: 'none', resize: 'bilinear', aspect: 'stretch' } as const;

describe('A picture outside of DICOM', () => {
  it('in colour is prepared as the same pixels in DICOM are: luminance by BT.601', async () => {
    const opened = await openPicture(await sharp(PIXELS, { raw }).png().toBuffer());
    expect(opened.frame).toMatchObject({ samplesPerPixel: 3, photometricInterpretation: 'RGB', bitsStored: 8 });
    expect(Array.from(opened.frame.bytes)).toEqual([...PIXELS]);
    const [red, green, blue, grey] = prepareImage(storedImage(opened), preparation).images;
    const [least, greatest] = [0.114 * 255, 0.587 * 255];
    const unit = (luminance: number) => expect.closeTo((luminance - least) / (greatest - least), 5);
    expect([red, green, blue, grey]).toEqual([unit(0.299 * 255), unit(greatest), unit(least), unit(90)]);
  });

  it('keeps its values whatever colour profile it names', async () => {
    const profiled = await sharp(PIXELS, { raw }).withIccProfile('p3').png().toBuffer();
    const plain = await sharp(profiled, { ignoreIcc: true }).raw().toBuffer();
    expect(Buffer.from((await openPicture(profiled)).frame.bytes)).toEqual(plain);
  });

  it.each([8, 16])('in grey keeps its %d bits', async (bits) => {
    const values = bits === 8 ? Uint8Array.of(0, 7, 200, 255) : Uint16Array.of(0, 7, 40_000, 65_535);
    const given = sharp(Buffer.from(values.buffer), { raw: { width: 2, height: 2, channels: 1 } });
    const file =
      bits === 8
        ? await given.toColourspace('b-w').png().toBuffer()
        : await sharp(values, { raw: { width: 2, height: 2, channels: 1 } })
            .toColourspace('grey16')
            .png()
            .toBuffer();
    const { frame } = await openPicture(file);
    expect(frame).toMatchObject({ samplesPerPixel: 1, photometricInterpretation: 'MONOCHROME2', bitsStored: bits });
    const bytes = Uint8Array.from(frame.bytes);
    expect(Array.from(bits === 8 ? bytes : new Uint16Array(bytes.buffer))).toEqual(Array.from(values));
  });

  it.each([
    ['is empty', Buffer.alloc(0)],
    ['is of another kind', Buffer.from('GIF89a, or something of the kind')],
    ['breaks off', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
  ])('that %s is refused in words', async (_, file) => {
    await expect(openPicture(file)).rejects.toThrow(ImageUnpreparable);
  });
});
