import { existsSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { readTar } from '../../../src/training/datasets/tar.js';

const FOLDER = new URL('../../../../../shared/data/chest-xray/', import.meta.url);

/** Whether the chest pictures, which are not part of the project, are beside it. */
export const picturesAreHere = existsSync(new URL('test.tar', FOLDER));
if (!picturesAreHere) console.warn('shared/data is absent: the tests on its chest pictures are skipped');

export interface ChestPicture {
  readonly file: string;
  readonly patient: string;
  readonly jpeg: Buffer;
}

/** The pictures of a part, in the order of its index. */
export function chestPictures(part: 'test' | 'val' = 'test'): ChestPicture[] {
  const index = JSON.parse(readFileSync(new URL(`${part}.json`, FOLDER), 'utf8')) as {
    images: { file: string; patient: string; sha256: string }[];
  };
  const files = readTar(readFileSync(new URL(`${part}.tar`, FOLDER)));
  return index.images.map(({ file, patient, sha256 }) => {
    const jpeg = files.get(file);
    if (jpeg === undefined || createHash('sha256').update(jpeg).digest('hex') !== sha256) throw new Error('a picture has changed');
    return { file, patient, jpeg };
  });
}
