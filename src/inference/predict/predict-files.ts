import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asFault } from '../../faults.js';
import type { EngineImage } from '../engines/engine-messages.js';
import { judgeable } from '../engines/judgeable.js';
import type { LocalEngine } from '../engines/local-engine.js';
import { ImageUnpreparable } from '../preparation/faults.js';
import type { LoadedModel } from '../registry.js';
import { selectImage } from '../select-image.js';
import { openInstance } from './instance-file.js';
import { openPicture } from './picture-file.js';
import type { Prediction } from './prediction-line.js';

/** How PNG (ISO/IEC 15948 5.2) and JPEG files (SOI and the next marker) begin, whatever they are called. */
const PICTURES: readonly Buffer[] = [Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('ffd8ff', 'hex')];
const PICTURE_NAMES = /\.(png|jpe?g)$/i;
const FRAME = 1;

export interface PredictOptions {
  /** Files that are read at once. */
  readonly atOnce: number;
  /** Whether maps are made that cost many runs. */
  readonly explained: boolean;
}

/**
 * Reads files with one model, in their order, a few at once; one that can't be read leaves the others as they are.
 * DICOM files are chosen by the card's rules as the server does; a PNG or JPEG says nothing of itself, so its rules are not asked.
 */
export async function* predictFiles(
  engine: LocalEngine,
  model: LoadedModel,
  folder: string,
  files: readonly string[],
  { atOnce, explained }: PredictOptions,
): AsyncGenerator<Prediction> {
  const running: Promise<Prediction>[] = [];
  let decoding: Promise<unknown> = Promise.resolve();
  for (const file of files) {
    running.push(predict(file));
    if (running.length >= atOnce) yield (await running.shift()) as Prediction; // there is one
  }
  for (const one of running) yield await one;

  async function predict(file: string): Promise<Prediction> {
    try {
      const bytes = await readFile(join(folder, file)).catch(() => {
        throw new ImageUnpreparable('The file can’t be opened.');
      });
      const opened = await (isPicture(file, bytes) ? pictureFor(model, bytes) : alone(() => instanceFor(model, bytes)));
      if ('why' in opened) return { file, state: 'not-read', code: opened.why.code, reason: opened.why.text };
      const result = judgeable(await (explained ? engine.explain(model, opened) : engine.run(model, opened)));
      return { file, state: 'read', result };
    } catch (error) {
      const { code, message: reason } = asFault(error); // whatever it was, the other files are read
      return { file, state: 'failed', code, reason };
    }
  }

  /** Frames are decoded one after the other: codecs hold one call at a time. */
  function alone<T>(decode: () => Promise<T>): Promise<T> {
    const mine = decoding.then(decode);
    decoding = mine.catch(() => undefined);
    return mine;
  }
}

const isPicture = (file: string, bytes: Buffer): boolean =>
  PICTURE_NAMES.test(file) || PICTURES.some((magic) => bytes.subarray(0, magic.length).equals(magic));

async function pictureFor({ card }: LoadedModel, bytes: Buffer): Promise<EngineImage> {
  if (card.preparation.values !== undefined && card.preparation.values.from !== 'image')
    throw new ImageUnpreparable('The model takes calibrated values (Hounsfield units), which a PNG or JPEG does not hold.');
  return openPicture(bytes);
}

async function instanceFor({ card }: LoadedModel, bytes: Buffer) {
  const instance = await openInstance(bytes);
  const verdict = selectImage(card, instance.attributes, instance.dataset);
  return verdict.reads ? instance.frame(FRAME) : verdict;
}
