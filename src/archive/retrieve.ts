import type { Readable } from 'node:stream';
import type { Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import { fetched } from '../ledger/ledger-event.js';
import { appendRecords } from '../ledger/ledger.sql.js';
import { NotInArchive } from './faults.js';
import {
  instancesAt,
  metadataAt,
  pixelInstanceAt,
  type ArchivePath,
  type PixelInstanceRow,
  type StoredInstanceRow,
} from './retrieve.sql.js';
import { hasFrame, readFrame, readRange, type FrameBytes } from './frame-bytes.js';
import type { ObjectStorage } from './storage/object-storage.js';

const METADATA_PAGE = 200;

/** Gives back what was stored (WADO-RS, PS3.18 10.4): bytes as received, metadata as parsed once. */
export class Retrieve {
  constructor(
    private readonly database: Database,
    private readonly storage: ObjectStorage,
  ) {}

  /** The instances of a study, series or instance; on record before the first byte leaves. Throws NotInArchive. */
  async instances(caller: Caller, path: ArchivePath): Promise<StoredInstanceRow[]> {
    const found = await this.database.statement((tx) => instancesAt(tx, path));
    if (found.length === 0) throw new NotInArchive(levelOf(path));
    await this.recordFetch(caller, path, found[0], found.length, 'instances');
    return found;
  }

  /** The file's bytes, as received; open when this answers. Throws ObjectMissing, StorageAway. */
  file(instance: StoredInstanceRow): Promise<Readable> {
    return this.storage.read(instance.sha256);
  }

  /** Stored DICOM JSON texts of all instances of a path, page by page. Throws NotInArchive before the first. */
  async metadata(caller: Caller, path: ArchivePath): Promise<AsyncIterable<MetadataText>> {
    const first = await this.database.statement((tx) => metadataAt(tx, path, 0, METADATA_PAGE));
    if (first.length === 0) throw new NotInArchive(levelOf(path));
    await this.recordFetch(caller, path, first[0], first.length, 'metadata');
    return this.metadataPages(path, first);
  }

  /** One instance with what its pixels need. Throws NotInArchive. */
  async pixelInstance(caller: Caller, path: Required<ArchivePath>): Promise<PixelInstanceRow> {
    const instance = await this.database.statement((tx) => pixelInstanceAt(tx, path));
    if (!instance) throw new NotInArchive('instance');
    await this.recordFetch(caller, path, instance, 1, 'pixels');
    return instance;
  }

  /** The stored bytes of a frame, 1-based. Throws NotInArchive where the instance has no such frame. */
  frame(instance: PixelInstanceRow, frameNumber: number): Promise<FrameBytes> {
    return readFrame(this.storage, instance, frameNumber);
  }

  /** Throws NotInArchive where the instance has no such frame. */
  requireFrame(instance: PixelInstanceRow, frameNumber: number): void {
    if (!hasFrame(instance.frameTable, frameNumber)) throw new NotInArchive('frame');
  }

  /** A bulk value's bytes as they lie in the file. Throws NotInArchive. */
  async bulkData(instance: PixelInstanceRow, path: string): Promise<Uint8Array> {
    const place = instance.bulkData.find((one) => one.path === path);
    if (!place) throw new NotInArchive('bulk data');
    return readRange(this.storage, instance, [place.offset, place.length]);
  }

  private async *metadataPages(path: ArchivePath, first: MetadataText[]): AsyncIterable<MetadataText> {
    for (let page = first; page.length > 0;) {
      yield* page;
      if (page.length < METADATA_PAGE) return;
      const last = page[page.length - 1].id;
      page = await this.database.statement((tx) => metadataAt(tx, path, last, METADATA_PAGE));
    }
  }

  private recordFetch(caller: Caller, path: ArchivePath, first: { id: number }, count: number, what: string): Promise<void> {
    const entity = { type: levelOf(path), id: String(first.id) };
    return this.database.statement((tx) => appendRecords(tx, [fetched(caller, entity, { what, count })]));
  }
}

export interface MetadataText {
  readonly id: number;
  readonly metadata: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
}

const levelOf = (path: ArchivePath): 'study' | 'series' | 'instance' =>
  path.instance !== undefined ? 'instance' : path.series !== undefined ? 'series' : 'study';
