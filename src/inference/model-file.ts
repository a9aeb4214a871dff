import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { ModelHashMismatch, ModelUnreadable } from './faults.js';
import { inspectModel, type InspectedModel } from './onnx/inspect-model.js';
import type { LoadedModel } from './registry.js';

/** A model's file: its size, and what its graph says of itself. */
export interface ModelFile {
  /** Bytes. */
  readonly size: number;
  readonly graph: InspectedModel;
}

/** A graph is read once a model: its file may have a gigabyte. */
const graphs = new WeakMap<LoadedModel, Promise<InspectedModel>>();

/**
 * A loaded model's file as it is at this moment: every byte is read anew, a piece at a time.
 * @throws ModelUnreadable, ModelHashMismatch: it is not the file that was loaded; ModelUnsafe
 */
export async function modelFile(model: LoadedModel): Promise<ModelFile> {
  const { path, sha256 } = model;
  const { size } = await stat(path).catch(unreadable);
  if ((await sha256Of(path)) !== sha256) throw new ModelHashMismatch();
  let graph = graphs.get(model);
  if (graph === undefined) {
    graph = graphOf(model);
    graphs.set(model, graph);
    graph.catch(() => graphs.delete(model));
  }
  return { size, graph: await graph };
}

async function graphOf({ path, sha256 }: LoadedModel): Promise<InspectedModel> {
  const bytes = await readFile(path).catch(unreadable);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new ModelHashMismatch();
  return inspectModel(bytes);
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
  } catch {
    return unreadable();
  }
  return hash.digest('hex');
}

/** The system's words hold paths. */
function unreadable(): never {
  throw new ModelUnreadable('model.onnx');
}
