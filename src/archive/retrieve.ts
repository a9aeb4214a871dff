import type { Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import type { AccessLog } from '../ledger/access-log.js';
import { NotInArchive } from './faults.js';
import {
  frameInstanceAt,
  instancesAt,
  levelOf,
  metadataAt,
  pixelInstanceAt,
  stateAt,
  type ArchivePath,
  type ArchiveState,
  type FrameInstanceRow,
  type PixelInstanceRow,
  type StoredInstanceRow,
} from './retrieve.sql.js';
import { hasFrame, readFrame, readRange, type FrameBytes } from './frame-bytes.js';
import { StoredBytes, type ObjectReader, type Segment } from './stored-bytes.js';

const METADATA_PAGE = 500;

/** What a look was at, for its record. */
export interface Seen {
  readonly studyRow: number;
  readonly what: 'instances' | 'frames' | 'metadata' | 'pixels' | 'bulk data';
  readonly instances?: readonly number[];
}

/** Gives back what was stored (WADO-RS, PS3.18 10.4): bytes as received, metadata as parsed once. */
export class Retrieve {
  constructor(
    private readonly database: Database,
    private readonly storage: ObjectReader,
    private readonly accessLog: AccessLog,
  ) {}

  /** The instances of a study, series or instance. What is then given of them goes through `bytes`. Throws NotInArchive. */
  async instances(path: ArchivePath): Promise<StoredInstanceRow[]> {
    const found = await this.database.statement((tx) => instancesAt(tx, path));
    if (found.length === 0) throw new NotInArchive(levelOf(path));
    return found;
  }

  /** The bytes of an answer, given out once the look at them is on record. */
  bytes(caller: Caller, seen: Seen, segments: readonly Segment[]): StoredBytes {
    return new StoredBytes(this.storage, segments, this.look(caller, seen));
  }

  /** What a study, series or instance stands at, for a validator of answers about it. Throws NotInArchive. */
  async state(path: ArchivePath): Promise<ArchiveState> {
    const state = await this.database.statement((tx) => stateAt(tx, path));
    if (!state) throw new NotInArchive(levelOf(path));
    return state;
  }

  /** Stored DICOM JSON texts of all instances of a path, page by page; on record before the first. Throws NotInArchive. */
  async metadata(caller: Caller, path: ArchivePath, { studyRow, row }: ArchiveState): Promise<AsyncIterable<readonly MetadataText[]>> {
    const recorded = this.look(caller, { studyRow, what: 'metadata', ...(path.instance === undefined ? {} : { instances: [row] }) });
    const [first] = await Promise.all([this.database.statement((tx) => metadataAt(tx, path, 0, METADATA_PAGE)), recorded]);
    if (first.length === 0) throw new NotInArchive(levelOf(path));
    return this.metadataPages(path, first);
  }

  /** One instance with where the frames asked for lie. What is then given of them goes through `bytes`. Throws NotInArchive. */
  async frameInstance(path: Required<ArchivePath>, frames: readonly number[]): Promise<FrameInstanceRow> {
    const instance = await this.database.statement((tx) => frameInstanceAt(tx, path, frames));
    if (!instance) throw new NotInArchive('instance');
    return instance;
  }

  /** One instance with what its pixels need; on record. Throws NotInArchive. */
  async pixelInstance(caller: Caller, path: Required<ArchivePath>): Promise<PixelInstanceRow> {
    const instance = await this.database.statement((tx) => pixelInstanceAt(tx, path));
    if (!instance) throw new NotInArchive('instance');
    await this.look(caller, { studyRow: instance.studyRow, what: 'pixels', instances: [instance.id] });
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

  /** The next page is on its way while one is used. */
  private async *metadataPages(path: ArchivePath, first: MetadataText[]): AsyncIterable<readonly MetadataText[]> {
    for (let page = first; page.length > 0;) {
      const last = page.length === METADATA_PAGE ? page[page.length - 1].id : undefined;
      const next = last === undefined ? [] : this.database.statement((tx) => metadataAt(tx, path, last, METADATA_PAGE));
      if (next instanceof Promise) next.catch(() => undefined); // heard below
      yield page;
      page = await next;
    }
  }

  private look(caller: Caller, { studyRow, what, instances }: Seen): Promise<undefined> {
    return this.accessLog.record({ caller, entity: { type: 'study', id: String(studyRow) }, what, ...(instances ? { instances } : {}) });
  }
}

export interface MetadataText {
  readonly id: number;
  readonly metadata: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
}
