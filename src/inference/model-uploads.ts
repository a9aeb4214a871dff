import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Caller } from '../access/caller.js';
import { requireFirstTenant, requireOperation } from '../access/operations.js';
import type { Database } from '../database/database.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import { ModelExists, ModelsFolderFixed, ModelTooLarge, UploadAbsent, UploadGap, UploadsFull } from './faults.js';
import type { Models } from './models.js';
import type { ModelCard } from './model-card.js';
import { cardDigest, checkModel, type LoadedModel } from './registry.js';
import { readCard } from './read-card.js';

const MOST_BYTES = 1 << 30;
/** Uploads that are under way at once; one that nobody goes on with is forgotten after a day. */
const MOST_UPLOADS = 8;
const FORGOTTEN_AFTER_MS = 86_400_000;
const ID = /^[0-9a-f-]{36}$/;

/**
 * Models that administrators bring: checked like those that the server finds as it starts, then put into the folder of models as
 * a new version, whole or not at all.
 */
export class ModelUploads {
  /** @param folder  for files that are arriving. @param directory  of models; undefined where it is not the operator's own */
  constructor(
    private readonly database: Database,
    private readonly models: Models,
    private readonly folder: string,
    private readonly directory: string | undefined,
  ) {}

  /**
   * Takes a part of a file. A part may be sent again; it may not leave a gap.
   * @param id  undefined begins an upload
   * @throws OperationNotPermitted, UploadAbsent, UploadGap, UploadsFull, ModelTooLarge
   */
  async append(caller: Caller, id: string | undefined, offset: number, bytes: Uint8Array): Promise<{ id: string; received: number }> {
    requireOperation(caller, 'model.manage');
    requireFirstTenant(caller, 'model.manage'); // one model reads for all organisations
    const upload = id ?? (await this.begin());
    const path = this.pathOf(upload);
    const size = await sizeOf(path);
    if (offset < 0 || offset > size) throw new UploadGap(size);
    if (offset + bytes.length > MOST_BYTES) throw new ModelTooLarge();
    const file = await open(path, 'r+');
    try {
      await file.write(bytes, 0, bytes.length, offset);
      return { id: upload, received: Math.max(size, offset + bytes.length) };
    } finally {
      await file.close();
    }
  }

  /**
   * Checks a model and takes it up. `running`: this server reads with it from now on; otherwise from its next start.
   * @param source  the file itself, or the upload that it came by
   * @throws OperationNotPermitted, ModelsFolderFixed, InvalidModelCard, ModelHashMismatch, ModelUnsafe, ModelContradictsCard, ModelNotRunnable, ModelExists, UploadAbsent
   */
  async install(caller: Caller, cardText: string, source: Uint8Array | string): Promise<{ model: LoadedModel; running: boolean }> {
    requireOperation(caller, 'model.manage');
    requireFirstTenant(caller, 'model.manage'); // one model reads for all organisations
    const { directory } = this;
    if (directory === undefined) throw new ModelsFolderFixed();
    const card = readCard(cardText);
    if (existsSync(join(directory, card.name, card.version))) throw new ModelExists();
    const bytes = typeof source === 'string' ? await readFile(this.pathOf(source)).catch(absent) : source;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const cardSha256 = cardDigest(cardText);
    checkModel(card, bytes, sha256);
    const staged = await stage(directory, card, cardText, bytes);
    try {
      await this.models.engine.tryOut({ card, path: join(staged, card.version, 'model.onnx'), sha256, cardSha256 });
      await this.record(caller, card, sha256);
      await moveIn(directory, staged, card).catch(asExisting);
    } finally {
      await rm(staged, { recursive: true, force: true });
    }
    if (typeof source === 'string') await rm(this.pathOf(source), { force: true });
    const model = { card, path: resolve(directory, card.name, card.version, 'model.onnx'), sha256, cardSha256 };
    return { model, running: await this.models.take(model) };
  }

  private record(caller: Caller, { name, version }: ModelCard, sha256: string): Promise<void> {
    return this.database.transaction((tx) =>
      appendRecords(tx, [
        { actor: caller.id, action: 'model.uploaded', entity: { type: 'model', id: name }, changes: { version, sha256 }, reason: '' },
      ]),
    );
  }

  private async begin(): Promise<string> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const names = await readdir(this.folder);
    const ages = await Promise.all(names.map(async (name) => Date.now() - (await stat(join(this.folder, name))).mtimeMs));
    const old = names.filter((_, i) => ages[i] > FORGOTTEN_AFTER_MS);
    await Promise.all(old.map((name) => rm(join(this.folder, name), { force: true })));
    if (names.length - old.length >= MOST_UPLOADS) throw new UploadsFull();
    const id = randomUUID();
    await (await open(this.pathOf(id), 'wx', 0o600)).close();
    return id;
  }

  /** @throws UploadAbsent  an id that is none leads nowhere */
  private pathOf(id: string): string {
    if (!ID.test(id)) throw new UploadAbsent();
    return join(this.folder, id);
  }
}

const absent = (): never => {
  throw new UploadAbsent();
};
const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(absent)).size;

/** Writes a model beside its place, on stable storage: NAME's folder as it is to be. Hidden names are no models (registry.ts). */
async function stage(directory: string, { version }: ModelCard, cardText: string, bytes: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(directory, '.incoming-'));
  await mkdir(join(folder, version));
  await writeDurably(join(folder, version, 'model.onnx'), bytes);
  await writeDurably(join(folder, 'card.json'), Buffer.from(cardText));
  await syncFolder(folder);
  return folder;
}

/** Somebody else brought the same version meanwhile. */
function asExisting(error: NodeJS.ErrnoException): never {
  throw error.code === 'ENOTEMPTY' || error.code === 'EEXIST' ? new ModelExists() : error;
}

/** A new name appears as a whole. Of one that is there the version comes first: the card that names it is what counts. */
async function moveIn(directory: string, staged: string, { name, version }: ModelCard): Promise<void> {
  const place = join(directory, name);
  if (!existsSync(place)) await rename(staged, place);
  else {
    await rename(join(staged, version), join(place, version));
    await syncFolder(place);
    await rename(join(staged, 'card.json'), join(place, 'card.json'));
    await syncFolder(place);
  }
  await syncFolder(directory);
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(dirname(path));
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
