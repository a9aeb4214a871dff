import { PIXEL_DATA } from '../../dicom/bulk-data.js';
import type { BulkValue } from '../../dicom/data-set-writer.js';
import { dataSetPieces } from '../../dicom/data-set-writer.js';
import type { DicomJson, Tag } from '../../dicom/dicom-json.js';
import { firstNumber, items, tag } from '../../dicom/dicom-json.js';
import { encapsulation } from '../../dicom/encapsulation.js';
import { EXPLICIT_LITTLE_ENDIAN } from '../../dicom/encoding.js';
import { UnwritableValue } from '../../dicom/faults.js';
import { metadataWarnings } from '../../dicom/metadata-warnings.js';
import { inUtf8, part10Header } from '../../dicom/part10-writer.js';
import { transferSyntax } from '../../dicom/transfer-syntaxes.js';
import type { Fault } from '../../faults.js';
import type { BulkPart, BulkParts } from './bulk-parts.js';
import { pixelSyntax } from './pixel-syntax.js';
import type { BulkSpool, Spooled } from './bulk-spool.js';
import { BulkDataMissing, BulkDataNotNative, BulkDataTwice } from './store-faults.js';

const NUMBER_OF_FRAMES = tag(0x0028, 0x0008);
const AVAILABLE_TRANSFER_SYNTAX_UID = tag(0x0008, 0x3002);

/** A value that is elsewhere in the request. */
interface Reference {
  readonly at: Tag;
  /** Its BulkDataURI as parts are found by it. */
  readonly key: string;
  readonly isPixelData: boolean;
}

/** Bytes in the spool that stand for a value. */
interface SpooledValue extends BulkValue {
  readonly pieces: readonly (Uint8Array | Spooled)[];
}

/** An instance of which the metadata is here, until its bulk data is (PS3.18 10.5.1.4). */
export class AwaitedInstance {
  readonly references: readonly Reference[];

  constructor(
    private readonly dataset: DicomJson,
    private readonly bulk: BulkParts,
    /** Its share of the metadata, bytes: what it holds in memory. */
    readonly metadataBytes: number,
  ) {
    this.references = referencesOf(dataset, bulk, true);
  }

  /** True once every part that it can have is here. */
  get isComplete(): boolean {
    return this.references.every(({ key, isPixelData }) => {
      const parts = this.bulk.at(key);
      return parts.length > 0 && (!isPixelData || parts.length >= this.partsOfPixelData(parts));
    });
  }

  /** Codes of what is to be said of its metadata. */
  get warnings(): readonly string[] {
    return [...metadataWarnings(this.written)];
  }

  /**
   * The instance as a DICOM file (PS3.10). Its identifiers come first, so that whoever reads it can name what then fails.
   * @throws BulkDataMissing, BulkDataNotNative, BulkDataTwice, or what was wrong with a part
   * @throws DicomFault  a value that cannot be written
   */
  async *part10(spool: BulkSpool): AsyncGenerator<Uint8Array> {
    const pixels = this.references.find(({ isPixelData }) => isPixelData);
    const syntax = pixelSyntax(this.dataset, pixels === undefined ? [] : this.bulk.at(pixels.key));
    yield part10Header(this.dataset, syntax.uid);
    for (const { key, at } of this.references) requireParts(this.bulk.at(key), at);
    if (syntax.encapsulated && this.dataset[PIXEL_DATA]?.InlineBinary !== undefined)
      throw new UnwritableValue('compressed frames cannot be inline', PIXEL_DATA);
    const pieces = dataSetPieces<SpooledValue>(this.written, EXPLICIT_LITTLE_ENDIAN, (element, at) => {
      const parts = this.bulk.at(this.bulk.keyOf(element.BulkDataURI ?? ''));
      const encapsulated = syntax.encapsulated && element === this.dataset[PIXEL_DATA];
      if (parts.length > 1 && !encapsulated) throw new BulkDataTwice(at);
      return encapsulated ? fragments(parts) : { length: parts[0].spooled.length, pieces: [parts[0].spooled] };
    });
    yield* inOrder(pieces, spool);
  }

  private get written(): DicomJson {
    const { [AVAILABLE_TRANSFER_SYNTAX_UID]: _, ...dataset } = inUtf8(this.dataset); // of a stored copy, not of the instance
    return dataset;
  }

  /** Compressed frames come as a part each, a video and native pixels as one (PS3.18 8.7.3.3). */
  private partsOfPixelData(parts: readonly BulkPart[]): number {
    try {
      const { encapsulated, video } = pixelSyntax(this.dataset, parts);
      return encapsulated && !video ? (firstNumber(this.dataset, NUMBER_OF_FRAMES) ?? 1) : 1;
    } catch {
      return 1; // part10 will say what is wrong with it
    }
  }
}

function requireParts(parts: readonly BulkPart[], at: Tag): void {
  if (parts.length === 0) throw new BulkDataMissing(at);
  const fault: Fault | undefined = parts.find((part) => part.fault !== undefined)?.fault;
  if (fault !== undefined) throw fault;
  if (parts.some(isForeignToOctets)) throw new BulkDataNotNative(at);
}

/** Big endian or deflated: kept as it came, it would be other values. */
function isForeignToOctets({ transferSyntaxUID = '' }: BulkPart): boolean {
  const syntax = transferSyntax(transferSyntaxUID);
  return syntax !== undefined && (syntax.deflated || !syntax.littleEndian);
}

function referencesOf(dataset: DicomJson, bulk: BulkParts, isTop: boolean): Reference[] {
  return Object.entries(dataset).flatMap(([at, { BulkDataURI: uri, vr }]): Reference[] => {
    if (uri !== undefined) return [{ at: at as Tag, key: bulk.keyOf(uri), isPixelData: isTop && at === PIXEL_DATA }]; // DicomJson's keys are tags
    return vr === 'SQ' ? items(dataset, at as Tag).flatMap((item) => referencesOf(item, bulk, false)) : [];
  });
}

function fragments(parts: readonly BulkPart[]): SpooledValue {
  const pieces = encapsulation(parts.map(({ spooled }) => spooled.length)).map((piece) =>
    'frame' in piece ? { from: parts[piece.frame].spooled.from + piece.from, length: piece.length } : piece,
  );
  return { encapsulated: true, length: pieces.reduce((sum, { length }) => sum + length, 0), pieces };
}

/** The bytes between two spooled values as one piece. */
async function* inOrder(pieces: readonly (Uint8Array | SpooledValue)[], spool: BulkSpool): AsyncGenerator<Uint8Array> {
  let bytes: Uint8Array[] = [];
  for (const piece of pieces.flatMap((one) => ('pieces' in one ? one.pieces : [one]))) {
    if ('byteLength' in piece) bytes.push(piece);
    else {
      yield Buffer.concat(bytes);
      bytes = [];
      yield* spool.read(piece);
    }
  }
  yield Buffer.concat(bytes);
}
