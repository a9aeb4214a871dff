import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PixelDescriptions } from '../../../src/archive/pixel-descriptions.js';
import { DiskStorage } from '../../../src/archive/storage/disk.js';
import { Transcode } from '../../../src/archive/transcode.js';
import { pictureAsChestRadiograph } from '../../../src/demo/picture.js';
import { PictureHasher } from '../../../src/evidence/datasets/picture-hasher.js';
import { pictureHashes, storedImageHashes, type PictureHashes } from '../../../src/evidence/datasets/picture-hashes.js';
import { pixelSha256 } from '../../../src/evidence/datasets/pixel-hash.js';
import { openInstance } from '../../../src/inference/predict/instance-file.js';
import { PixelPool } from '../../../src/pixels/pixel-pool.js';
import { greyImage } from '../../../src/training/datasets/grey-image.js';
import { aStoredFile, retrieveOf } from '../../archive/a-stored-file.js';
import { corpusFile, corpusIsHere } from '../../pixels/corpus.js';
import { chestPictures, picturesAreHere } from './chest-pictures.js';

describe('The hash of pixels', () => {
  it('is of the label, four numbers and the samples, as docs/evidence.md has it', () => {
    const head = Buffer.alloc(16);
    [1, 3, 1, 12].forEach((value, i) => head.writeUInt32LE(value, 4 * i));
    const expected = createHash('sha256')
      .update('wetread-pixels-v1\0')
      .update(head)
      .update(Buffer.from([1, 0, 0xff, 0x0f, 0xfe, 0xff]))
      .digest('hex');
    const form = { rows: 1, columns: 3, samplesPerPixel: 1, bitsStored: 12 };
    for (const Samples of [Int16Array, Int32Array]) expect(pixelSha256({ ...form, samples: Samples.of(1, 4095, -2) })).toBe(expected);
    expect(pixelSha256({ ...form, rows: 3, columns: 1, samples: Int16Array.of(1, 4095, -2) })).not.toBe(expected);
    expect(pixelSha256({ ...form, samples: Int16Array.of(1, 4095, -3) })).not.toBe(expected);
  });
});

const hashesOf = async (file: Buffer): Promise<PictureHashes> => {
  const { frame, pixels } = await (await openInstance(file)).frame(1);
  return pictureHashes(frame, pixels);
};

(corpusIsHere ? describe : describe.skip)('The hashes of a picture in another transfer syntax', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wetread-hashes-'));
  const storage = new DiskStorage(folder, 0);
  let pool: PixelPool;
  let transcode: Transcode;
  beforeAll(() => {
    pool = new PixelPool({ threads: 1, queueLimit: 10, timeLimitMilliseconds: 20_000 });
    transcode = new Transcode(storage, pool, new PixelDescriptions(retrieveOf(storage)));
  });
  afterAll(async () => {
    await pool.close();
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['16 bits, signed', 'demo/ct-chest/ct20.dcm'],
    ['big endian', 'pydicom/MR_small_bigendian.dcm'],
    ['RGB by plane', 'pydicom/examples_rgb_color.dcm'],
  ])('are the same: %s', async (_, path) => {
    const file = corpusFile(path);
    const hashes = await hashesOf(file);
    for (const syntax of [
      '1.2.840.10008.1.2',
      '1.2.840.10008.1.2.4.70',
      '1.2.840.10008.1.2.4.80',
      '1.2.840.10008.1.2.4.90',
      '1.2.840.10008.1.2.5',
    ]) {
      const bytes: Uint8Array[] = [];
      for await (const piece of (await transcode.file(await aStoredFile(storage, file), syntax)).bytes) bytes.push(piece);
      expect(await hashesOf(Buffer.concat(bytes))).toEqual(hashes);
    }
  });

  it('are made on a thread as they are made here, one after the other', async () => {
    const hasher = new PictureHasher();
    const files = ['demo/ct-chest/ct20.dcm', 'pydicom/examples_rgb_color.dcm', 'demo/ct-chest/ct20.dcm'].map(corpusFile);
    const asked = files.map(async (file) => {
      const { frame, pixels } = await (await openInstance(file)).frame(1);
      return hasher.hashes(frame, pixels as Parameters<typeof pictureHashes>[1]);
    });
    expect(await Promise.all(asked)).toEqual(await Promise.all(files.map(hashesOf)));
    const { frame, pixels } = await (await openInstance(files[0])).frame(1);
    const cut = { ...frame, bytes: frame.bytes.slice(0, 100) };
    await expect(hasher.hashes(cut, pixels as Parameters<typeof pictureHashes>[1])).rejects.toMatchObject({ code: 'corrupt-frame' });
    await hasher.close();
  });
});

(picturesAreHere ? describe : describe.skip)('A picture that a model was trained on', () => {
  it('has the same hashes as the chest radiograph that the demo makes of it', async () => {
    for (const { jpeg } of chestPictures().slice(0, 12))
      expect(await hashesOf(await pictureAsChestRadiograph(jpeg))).toEqual(storedImageHashes(await greyImage(jpeg)));
  });
});
