import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Fault } from '../faults.js';
import { InvalidModelCard, ModelContradictsCard, ModelHashMismatch, ModelUnreadable, NoModelsFolder } from './faults.js';
import { imagesDims } from './images-dims.js';
import type { ModelCard } from './model-card.js';
import { inspectModel, type InspectedModel } from './onnx/inspect-model.js';
import { readCard } from './read-card.js';

/** A model that may be run: its card is complete, its file is the card's, its graph is safe and keeps the contract. */
export interface LoadedModel {
  readonly card: ModelCard;
  /** Absolute path of model.onnx. */
  readonly path: string;
  /** Of the file, 64 lower-case hex digits; equals the card's. */
  readonly sha256: string;
}

export interface RefusedModel {
  /** The folder's name. */
  readonly name: string;
  readonly fault: Fault;
}

export interface ModelRegistry {
  readonly loaded: readonly LoadedModel[];
  readonly refused: readonly RefusedModel[];
}

/**
 * Reads a folder of models, NAME/card.json and NAME/VERSION/model.onnx each. A model that is refused leaves the others
 * as they are. Both lists are in the order of the names.
 * @throws NoModelsFolder  the folder itself can't be read
 */
export async function loadModels(directory: string): Promise<ModelRegistry> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => {
    throw new NoModelsFolder();
  });
  const names = entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('.')); // what is being brought
  const loaded: LoadedModel[] = [];
  const refused: RefusedModel[] = [];
  for (const name of names.sort()) {
    if (isNotTrainedYet(join(directory, name))) continue;
    // one after the other: a model may be a gigabyte
    try {
      loaded.push(await loadModel(directory, name));
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      refused.push({ name, fault });
    }
  }
  return { loaded, refused };
}

/** Where there is only a configuration to train by, there is no model that could be refused. */
const isNotTrainedYet = (folder: string): boolean => existsSync(join(folder, 'training.json')) && !existsSync(join(folder, 'card.json'));

async function loadModel(directory: string, name: string): Promise<LoadedModel> {
  const card = readCard((await read(join(directory, name), 'card.json')).toString('utf8'));
  if (card.name !== name) throw new InvalidModelCard('name', 'must equal the name of its folder');
  const folder = join(directory, name, card.version);
  const bytes = await read(folder, 'model.onnx');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  checkModel(card, bytes, sha256);
  return { card, path: resolve(folder, 'model.onnx'), sha256 };
}

/**
 * Whether a file is the one that its card describes, is safe, and keeps the contract.
 * @param sha256  of the file
 * @throws ModelHashMismatch, ModelUnsafe, ModelContradictsCard
 */
export function checkModel(card: ModelCard, bytes: Uint8Array, sha256: string): void {
  if (sha256 !== card.sha256) throw new ModelHashMismatch();
  checkContract(card, inspectModel(bytes));
}

async function read(folder: string, file: 'card.json' | 'model.onnx'): Promise<Buffer> {
  try {
    return await readFile(join(folder, file));
  } catch {
    throw new ModelUnreadable(file); // the system's words hold paths
  }
}

/** What the file tells of its shapes must be what the card says. A named dimension is known only at run time. */
function checkContract(card: ModelCard, model: InspectedModel): void {
  const { opset, classes } = card;
  if (model.opset !== opset) throw new ModelContradictsCard(`the graph's opset is ${model.opset}, the card's ${opset}`);
  const images = model.inputs[0].dims; // inspectModel: there is one input, `images`
  const prepared = imagesDims(card);
  if (images.length !== prepared.length || !images.every((dim, i) => typeof dim === 'string' || dim === prepared[i]))
    throw new ModelContradictsCard(`images is [${images.join(', ')}], the card prepares [${prepared.join(', ')}]`);
  const count = model.outputs.find(({ name }) => name === 'logits')?.dims[1] ?? '';
  if (typeof count === 'number' && count !== classes.length)
    throw new ModelContradictsCard(`logits has ${count} values, the card ${classes.length} classes`);
}
