import type { Asking } from '../access/asking.js';
import type { Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import type { DicomJson } from '../dicom/dicom-json.js';
import type { AccessLog } from '../ledger/access-log.js';
import { ByteCache } from './byte-cache.js';
import { NotInArchive } from './faults.js';
import {
  frameInstanceAt,
  instancesAt,
  levelOf,
  metadataAt,
  pixelInstanceAt,
  pixelInstances,
  stateAt,
  type ArchivePath,
  type ArchiveState,
  type FoundInstanceRow,
  type FrameInstanceRow,
  type MetadataPage,
  type PixelInstanceRow,
  type StoredInstanceRow,
} from './retrieve.sql.js';
import { imagingStudyId } from './fhir/imaging-study.js';
import { hasFrame, readFrame, readRange, type FrameBytes } from './frame-bytes.js';
import { inPages } from './held-texts.js';
import { onwards } from './onwards.js';
import { patientIdOf, type Whose } from '../records/study-patient-id.js';
import { StoredBytes, type ObjectReader, type Segment } from './stored-bytes.js';

const METADATA_PAGE = 128;
const KEPT_METADATA_BYTES = 64 << 20;

/** Rows that one record of the ledger names at most. */
export const MOST_NAMED = 1_000;

/** What a look was at, for its record. */
export interface Seen {
  readonly studyRow: number;
  readonly whose: Whose;
  readonly what: 'instances' | 'frames' | 'metadata' | 'pixels' | 'bulk data' | 'pixel data';
  readonly instances?: readonly number[];
}

/** What is seen by metadata of a path. */
export const metadataSeen = ({ instance }: ArchivePath, { studyRow, whose, row }: ArchiveState): Seen => ({
  studyRow,
  whose,
  what: 'metadata',
  ...(instance === undefined ? {} : { instances: [row] }),
});

/** Gives back what was stored (WADO-RS, PS3.18 10.4): bytes as received, metadata as parsed once. */
export class Retrieve {
  /** What each request has looked at: a second look at the same study is the same access. */
  private readonly looks = new WeakMap<Asking, Map<number, Promise<undefined>>>();
  /** By path, revision of the study and address: what changes makes another key. */
  private readonly kept = new ByteCache<{ readonly text: Buffer; readonly bytes: number }>(KEPT_METADATA_BYTES);

  constructor(
    private readonly database: Database,
    private readonly storage: ObjectReader,
    private readonly accessLog: AccessLog,
  ) {}

  /** The instances of a study, series or instance. What is then given of them goes through `bytes`. Throws NotInArchive. */
  async instances(path: ArchivePath): Promise<FoundInstanceRow[]> {
    const found = await this.database.statement((tx) => instancesAt(tx, path));
    if (found.length === 0) throw new NotInArchive(levelOf(path));
    return found;
  }

  /** The bytes of an answer, given out once the look at them is on record; where none is given, none is. */
  bytes(caller: Caller, seen: Seen, segments: readonly Segment[]): StoredBytes {
    return new StoredBytes(this.storage, segments, () => this.look(caller, seen));
  }

  /** What a study, series or instance stands at, for a validator of answers about it. Throws NotInArchive. */
  async state(path: ArchivePath): Promise<ArchiveState> {
    const state = await this.database.statement((tx) => stateAt(tx, path));
    if (!state) throw new NotInArchive(levelOf(path));
    return state;
  }

  /**
   * The metadata of all instances of a path as one JSON array (PS3.18 10.4.1.1.2): known to their end where they are not many,
   * otherwise page by page; those whoever gives them puts on record (`looked`). Throws NotInArchive.
   * @param studies  address of the studies resource, for bulk data URIs
   */
  async metadata(caller: Caller, path: ArchivePath, state: ArchiveState, studies: string): Promise<StoredBytes | AsyncIterable<Buffer>> {
    const look = () => this.look(caller, metadataSeen(path, state));
    const key = `${levelOf(path)} ${state.studyRow} ${state.row} ${state.revision} ${studies}`; // a series may come back into another study's row
    const known = this.kept.get(key);
    if (known) return new StoredBytes(this.storage, [known.text], look);
    const pages = this.metadataPages(path, studies);
    const first: Buffer[] = [];
    for (let bytes = 0; bytes < KEPT_METADATA_BYTES / 4;) {
      const { value, done } = await pages.next();
      if (done) {
        const text = Buffer.concat(first);
        this.kept.set(key, { text, bytes: text.length });
        return new StoredBytes(this.storage, [text], look);
      }
      first.push(value);
      bytes += value.length;
    }
    return onwards(first, pages);
  }

  /** One instance with where the frames asked for lie. What is then given of them goes through `bytes`. Throws NotInArchive. */
  async frameInstance(path: Required<ArchivePath>, frames: readonly number[]): Promise<FrameInstanceRow> {
    const instance = await this.database.statement((tx) => frameInstanceAt(tx, path, frames));
    if (!instance) throw new NotInArchive('instance');
    return instance;
  }

  /** One instance with what its pixels need. Whoever gives of it what they make puts that on record (`looked`). Throws NotInArchive. */
  async pixelInstance(path: Required<ArchivePath>): Promise<PixelInstanceRow & FoundInstanceRow> {
    const instance = await this.database.statement((tx) => pixelInstanceAt(tx, path));
    if (!instance) throw new NotInArchive('instance');
    return instance;
  }

  /** The instances that were found at a path with what their pixels need, some at a time; to be put on record as `pixelInstance` says. */
  pixelInstancesOf(found: readonly FoundInstanceRow[]): AsyncIterable<PixelInstanceRow> {
    const rows = found.map(({ id }) => id);
    return inPages((some) => this.database.statement((tx) => pixelInstances(tx, some)), rows);
  }

  /** An instance that was found, with what its pixels need; of it the look is on record already. Throws NotInArchive. */
  async pixelInstanceOf({ id }: StoredInstanceRow): Promise<PixelInstanceRow> {
    const [instance] = await this.database.statement((tx) => pixelInstances(tx, [id]));
    if (!instance) throw new NotInArchive('instance');
    return instance;
  }

  /** Puts a look on record by itself, for what does not go through `bytes`: once it is known that something is given, before it is. */
  looked(caller: Caller, seen: Seen): Promise<undefined> {
    return this.look(caller, seen);
  }

  /** The bytes of an answer, of which the look is on record already. */
  bytesOnRecord(segments: readonly Segment[]): StoredBytes {
    return new StoredBytes(this.storage, segments, Promise.resolve());
  }

  /** Bytes of files, of which the look is on record already. */
  stream(segments: readonly Segment[]): AsyncIterable<Buffer> {
    return new StoredBytes(this.storage, segments, Promise.resolve()).pieces();
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
  private async *metadataPages(path: ArchivePath, studies: string): AsyncGenerator<Buffer, undefined> {
    const page = (after: number): Promise<MetadataPage> => {
      const asked = this.database.statement((tx) => metadataAt(tx, path, studies, after, METADATA_PAGE));
      asked.catch(() => undefined); // heard when its turn comes
      return asked;
    };
    let { more, lastRow, text } = await page(0);
    if (text === null) throw new NotInArchive(levelOf(path));
    for (let before = '['; text !== null; before = ',') {
      const next: Promise<MetadataPage> | undefined = more && lastRow !== null ? page(lastRow) : undefined;
      yield Buffer.from(next ? before + text : `${before + text}]`);
      if (!next) return;
      ({ more, lastRow, text } = await next);
    }
    yield Buffer.from(']');
  }

  /** The metadata of all instances of a path, one data set after the other; to be put on record as `metadata` says. */
  async *datasets(path: ArchivePath, studies: string): AsyncGenerator<DicomJson> {
    for (let after: number | null = 0; after !== null;) {
      const from: number = after;
      const { more, lastRow, text } = await this.database.statement((tx) => metadataAt(tx, path, studies, from, METADATA_PAGE));
      if (text !== null) yield* JSON.parse(`[${text}]`) as DicomJson[]; // the ingest wrote them
      after = more ? lastRow : null;
    }
  }

  private look(caller: Caller, seen: Seen): Promise<undefined> {
    const { asking } = caller;
    if (asking === undefined) return this.recorded(caller, seen);
    const looks = this.looks.get(asking) ?? new Map<number, Promise<undefined>>();
    this.looks.set(asking, looks);
    const look = looks.get(seen.studyRow) ?? this.recorded(caller, seen);
    looks.set(seen.studyRow, look);
    return look;
  }

  private recorded(caller: Caller, { studyRow, whose, what, instances }: Seen): Promise<undefined> {
    return this.accessLog.record({
      caller,
      entity: { type: 'study', id: String(studyRow) },
      what,
      ...(instances ? { instances } : {}),
      details: { imagingStudy: imagingStudyId(whose[2]) },
      patients: [patientIdOf(whose)],
    });
  }
}
