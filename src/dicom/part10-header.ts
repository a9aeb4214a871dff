import { ByteWindow, Pump } from './byte-window.js';
import type { Parser } from './byte-window.js';
import { DataSetParser } from './data-set-parser.js';
import type { DicomJson, Tag } from './dicom-json.js';
import { firstText, tag } from './dicom-json.js';
import { EXPLICIT_LITTLE_ENDIAN } from './encoding.js';
import { MissingTransferSyntax, MissingUid, NotPart10, NotStorable, UnsupportedTransferSyntax } from './faults.js';
import { InflatedDataSet } from './inflated-data-set.js';
import { frameTableOf } from './instance-frames.js';
import type { Part10Instance } from './part10-instance.js';
import type { ReaderLimits } from './reader-limits.js';
import { READER_LIMITS } from './reader-limits.js';
import { ReadingNotes } from './reading-notes.js';
import type { TransferSyntax } from './transfer-syntaxes.js';
import { transferSyntax } from './transfer-syntaxes.js';
import type { Uid } from './uid.js';
import { hasLeadingZero, isUid, seriesInstanceUID, sopClassUID, sopInstanceUID, studyInstanceUID, transferSyntaxUID } from './uid.js';

const META_GROUP_LENGTH = tag(0x0002, 0x0000);
const MEDIA_STORAGE_SOP_CLASS_UID = tag(0x0002, 0x0002);
const MEDIA_STORAGE_SOP_INSTANCE_UID = tag(0x0002, 0x0003);
const TRANSFER_SYNTAX_UID = tag(0x0002, 0x0010);
const SOP_CLASS_UID = tag(0x0008, 0x0016);
const SOP_INSTANCE_UID = tag(0x0008, 0x0018);
const STUDY_INSTANCE_UID = tag(0x0020, 0x000d);
const SERIES_INSTANCE_UID = tag(0x0020, 0x000e);
const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';
const PREAMBLE_BYTES = 128;

/**
 * Reads a DICOM file (PS3.10) as its bytes pass: `push` each chunk, `end` once. It holds the header only, never the file,
 * whatever lengths the file declares. A fault thrown by `push` or `end` is final.
 *
 * Accepted with a warning is what is wrong but has one meaning; where two readers could differ on a value, it is refused.
 */
export class Part10Reader {
  private readonly notes = new ReadingNotes();
  private readonly window = new ByteWindow();
  private readonly file: Pump<void>;
  private readonly limits: ReaderLimits;
  private fileMeta: DicomJson = {};
  private syntax: TransferSyntax | undefined;
  private dataSet: DataSetParser | undefined;
  private inflated: InflatedDataSet | undefined;
  private dataSetOffset = 0;
  private bytes = 0;

  constructor(limits: Partial<ReaderLimits> = {}) {
    this.limits = { ...READER_LIMITS, ...limits };
    this.file = new Pump(this.window, this.readFile());
  }

  /**
   * Takes the next bytes, which are not kept after the call (after the promise, for a deflated data set: await it).
   * @throws DicomFault  the bytes so far cannot be an instance to store
   */
  push(chunk: Uint8Array): void | Promise<void> {
    this.bytes += chunk.length;
    if (this.inflated !== undefined) return this.inflated.push(chunk);
    this.file.push(chunk);
    return this.pushRest();
  }

  /** @throws DicomFault  the file is incomplete, or lacks what every instance must have */
  async end(): Promise<Part10Instance> {
    this.file.end();
    await this.inflated?.end();
    const { syntax, dataSet } = this;
    if (syntax === undefined || dataSet === undefined) throw new NotPart10();
    return this.instance(syntax, dataSet);
  }

  /** What a failed instance may be named by in an answer: identifiers that have passed so far, where they are UIDs. */
  get known(): { readonly sopClassUID?: Uid; readonly sopInstanceUID?: Uid } {
    const known = (at: Tag, inMeta: Tag): string => firstText(this.dataSet?.dataset ?? {}, at) ?? firstText(this.fileMeta, inMeta) ?? '';
    const sopClass = known(SOP_CLASS_UID, MEDIA_STORAGE_SOP_CLASS_UID);
    const sopInstance = known(SOP_INSTANCE_UID, MEDIA_STORAGE_SOP_INSTANCE_UID);
    return {
      ...(isUid(sopClass) && { sopClassUID: sopClass }),
      ...(isUid(sopInstance) && { sopInstanceUID: sopInstance }),
    };
  }

  /** PS3.10 7.1: preamble, prefix, File Meta Information, data set. */
  private *readFile(): Parser<void> {
    const { window, notes } = this;
    if (window.available < PREAMBLE_BYTES + 4 && !(yield PREAMBLE_BYTES + 4)) throw new NotPart10();
    const prefix = window.position + PREAMBLE_BYTES;
    if (window.buffer.toString('latin1', prefix, prefix + 4) !== 'DICM') throw new NotPart10();
    window.skip(PREAMBLE_BYTES + 4);

    const meta = new DataSetParser(window, EXPLICIT_LITTLE_ENDIAN, this.limits, notes, '0002');
    this.fileMeta = meta.dataset;
    yield* meta.parse();
    if (meta.metaEnd === undefined) notes.warn('meta-group-length-missing', META_GROUP_LENGTH);
    else if (meta.metaEnd !== window.offset) notes.warn('meta-group-length-wrong', META_GROUP_LENGTH);
    this.syntax = syntaxOf(this.fileMeta);
    this.dataSetOffset = window.offset;

    if (!this.syntax.deflated) {
      this.dataSet = new DataSetParser(window, this.syntax.encoding, this.limits, notes);
      return yield* this.dataSet.parse();
    }
    const inflatedWindow = new ByteWindow();
    this.dataSet = new DataSetParser(inflatedWindow, this.syntax.encoding, this.limits, notes);
    this.inflated = new InflatedDataSet(new Pump(inflatedWindow, this.dataSet.parse()), this.limits);
  }

  /** Inflates what came in the same chunk as the end of the File Meta Information. */
  private pushRest(): void | Promise<void> {
    return this.inflated?.push(this.window.buffer.subarray(this.window.position));
  }

  private instance(syntax: TransferSyntax, { dataset, bulkData, fragments, specificCharacterSet }: DataSetParser): Part10Instance {
    const { notes, fileMeta } = this;
    const uids = {
      transferSyntaxUID: transferSyntaxUID(syntax.uid, TRANSFER_SYNTAX_UID),
      sopClassUID: sopClassUID(required(dataset, SOP_CLASS_UID), SOP_CLASS_UID),
      sopInstanceUID: sopInstanceUID(required(dataset, SOP_INSTANCE_UID), SOP_INSTANCE_UID),
      studyInstanceUID: studyInstanceUID(required(dataset, STUDY_INSTANCE_UID), STUDY_INSTANCE_UID),
      seriesInstanceUID: seriesInstanceUID(required(dataset, SERIES_INSTANCE_UID), SERIES_INSTANCE_UID),
    };
    notes.byteOffset = undefined;
    if (Object.values(uids).some(hasLeadingZero)) notes.warnOfFile('uid-leading-zero');
    if (differs(fileMeta, MEDIA_STORAGE_SOP_INSTANCE_UID, uids.sopInstanceUID)) notes.warn('meta-uid-differs', SOP_INSTANCE_UID);
    if (differs(fileMeta, MEDIA_STORAGE_SOP_CLASS_UID, uids.sopClassUID)) notes.warn('meta-uid-differs', SOP_CLASS_UID);
    const frameTable = frameTableOf(dataset, bulkData, fragments, syntax, notes);
    const { warnings } = notes;
    const { dataSetOffset, bytes } = this;
    return { fileMeta, dataset, specificCharacterSet, ...uids, frameTable, bulkData, warnings, dataSetOffset, bytes };
  }
}

function syntaxOf(fileMeta: DicomJson): TransferSyntax {
  if (firstText(fileMeta, MEDIA_STORAGE_SOP_CLASS_UID) === MEDIA_STORAGE_DIRECTORY) throw new NotStorable();
  const uid = firstText(fileMeta, TRANSFER_SYNTAX_UID);
  if (uid === undefined) throw new MissingTransferSyntax();
  const syntax = transferSyntax(uid);
  if (syntax === undefined) throw new UnsupportedTransferSyntax();
  return syntax;
}

function required(dataset: DicomJson, at: Tag): string {
  const text = firstText(dataset, at);
  if (text === undefined) throw new MissingUid(at);
  return text;
}

const differs = (fileMeta: DicomJson, at: Tag, uid: Uid): boolean => (firstText(fileMeta, at) ?? uid) !== uid;
