import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Models } from '../../inference/models.js';
import { cardDigest, type LoadedModel } from '../../inference/registry.js';
import type { ModelUnderTest } from '../studies/protocol.js';
import { ModelSwapped, NoSuchFinding } from './faults.js';

/** The model that a protocol names, as this server has it. */
export interface FoundModel {
  readonly model: LoadedModel;
  /** Of the protocol's finding among the classes of the card. */
  readonly finding: number;
}

/**
 * The model under test, by its bytes: what is loaded and what lies on disk have the protocol's hashes, graph and card alike.
 *
 * What runs cannot be another than what is loaded: each engine process hashes the very bytes that it makes its session from, and takes
 * none but the card's. The files are read again all the same: one that was changed while the server runs is no longer what an auditor would
 * find, and the next process would not start with it.
 * @throws ModelSwapped, NoSuchFinding
 */
export async function modelUnderTest(models: Pick<Models, 'find'>, expected: ModelUnderTest): Promise<FoundModel> {
  const model = models.find(expected.name, expected.version);
  if (model === undefined) throw new ModelSwapped('gone');
  if (model.sha256 !== expected.onnxSha256) throw new ModelSwapped('graph');
  if (model.cardSha256 !== expected.cardSha256) throw new ModelSwapped('card');
  if ((await fileSha256(model.path)) !== expected.onnxSha256) throw new ModelSwapped('graph-file');
  if ((await cardFileSha256(model.path)) !== expected.cardSha256) throw new ModelSwapped('card-file');
  const finding = model.card.classes.findIndex(({ label, kind }) => label === expected.finding && kind === 'finding');
  if (finding < 0) throw new NoSuchFinding();
  return { model, finding };
}

/** Undefined where it cannot be read. */
async function fileSha256(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash); // a model may be a gigabyte
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}

/** NAME/VERSION/model.onnx lies beside NAME/card.json (registry.ts). Undefined where it is no card. */
async function cardFileSha256(graph: string): Promise<string | undefined> {
  try {
    return cardDigest(await readFile(join(dirname(dirname(graph)), 'card.json'), 'utf8'));
  } catch {
    return undefined;
  }
}
