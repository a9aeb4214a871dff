import type { BulkData } from './bulk-data.js';
import { bulkDataUri, isPixelData, PIXEL_DATA } from './bulk-data.js';
import type { ByteWindow, Parser } from './byte-window.js';
import { characterSet, DEFAULT_CHARACTER_SET } from './character-sets.js';
import { keywordOf, vrOf } from './data-dictionary.js';
import type { ItemLevel, Level, SequenceLevel } from './data-set-levels.js';
import { pathOf } from './data-set-levels.js';
import type { DicomElement, DicomJson, Tag } from './dicom-json.js';
import { allTexts, firstNumber, tag } from './dicom-json.js';
import type { ElementHeader } from './element-header.js';
import { headerBytes, looksExplicit, looksImplicit, peekLength, peekTag, readElementHeader, UNDEFINED_LENGTH } from './element-header.js';
import { elementOf } from './element-values.js';
import type { Encoding } from './encoding.js';
import { EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from './encoding.js';
import { HeaderTooLarge, MalformedElement, SequenceTooDeep, Truncated } from './faults.js';
import type { Fragments } from './fragments.js';
import { readFragments } from './fragments.js';
import type { ReaderLimits } from './reader-limits.js';
import { ELEMENT_COST_BYTES, VALUE_COST_BYTES } from './reader-limits.js';
import type { ReadingNotes } from './reading-notes.js';
import { valueRepresentation } from './value-representations.js';

const META_GROUP_LENGTH = tag(0x0002, 0x0000);
const SPECIFIC_CHARACTER_SET = tag(0x0008, 0x0005);
const PIXEL_REPRESENTATION = tag(0x0028, 0x0103);
const EXTENDED_OFFSET_TABLE = tag(0x7fe0, 0x0001);
const TRAILING_PADDING = tag(0xfffc, 0xfffc);
const ITEM = tag(0xfffe, 0xe000);
const ITEM_DELIMITATION = tag(0xfffe, 0xe00d);
const SEQUENCE_DELIMITATION = tag(0xfffe, 0xe0dd);

/**
 * Reads a data set (PS3.5 section 7) from bytes as they come. Nothing is kept but what goes into DICOM JSON and where
 * the rest lies; the depth of sequences is on a stack of its own, so no input can exhaust the thread's.
 */
export class DataSetParser {
  readonly dataset: DicomJson = {};
  readonly bulkData: BulkData[] = [];
  /** The fragments of the instance's own Pixel Data, not of an icon's. */
  fragments: Fragments | undefined;
  /** (0008,0005) of the data set itself, as it stood there. */
  specificCharacterSet: readonly string[] = [];
  /** Where File Meta Information ends by its group length. */
  metaEnd: number | undefined;
  private readonly levels: Level[];
  private elements = 0;
  private headerBytes = 0;

  /** @param group  read only this group, as of File Meta Information, and stop before the next */
  constructor(
    private readonly window: ByteWindow,
    encoding: Encoding,
    private readonly limits: ReaderLimits,
    private readonly notes: ReadingNotes,
    private readonly group?: string,
  ) {
    this.levels = [
      {
        kind: 'item',
        dataset: this.dataset,
        end: Infinity,
        encoding,
        detectEncoding: true,
        characterSet: DEFAULT_CHARACTER_SET,
        pixelRepresentation: 0,
        lastTag: undefined,
      },
    ];
  }

  /** Reads until the end of the bytes (or of the group). */
  *parse(): Parser<void> {
    for (;;) {
      const level = this.levels[this.levels.length - 1];
      if (this.window.available >= 0) this.notes.byteOffset = this.window.offset; // else still the element whose value is skipped
      if (this.window.offset >= level.end) {
        if (this.window.offset > level.end) throw new MalformedElement('a value is longer than what it is in', this.notes.place);
        this.levels.pop();
        continue;
      }
      if (this.window.available < 8) {
        if (!(yield 8)) return this.atEnd();
        this.notes.byteOffset = this.window.offset; // the value that was skipped has passed
      }
      if (level.kind === 'sequence') this.readItem(level);
      else if (this.stopsBefore(level)) return;
      else {
        const needed = headerBytes(this.window);
        if (this.window.available < needed) yield needed; // at the end there may be fewer
        const rest = this.readElement(level);
        if (rest !== undefined) yield* rest;
      }
    }
  }

  /** The bytes have ended, fewer than eight are left: fine between two elements of the data set itself, nowhere else. */
  private atEnd(): void {
    const { available, buffer, position } = this.window;
    if (available >= 0) this.notes.byteOffset = this.window.offset;
    if (available < 0 || this.levels.length > 1) throw new Truncated(this.notes.place);
    if (available === 0) return;
    if (buffer.subarray(position).some((byte) => byte !== 0)) throw new Truncated(this.notes.place);
    this.notes.warn('trailing-garbage'); // a few zeros after the last element
    this.window.skip(available);
  }

  /** The end of the group; or bytes after Pixel Data that cannot be the data set's, as the next tag is lower and unknown. */
  private stopsBefore(level: ItemLevel): boolean {
    if (this.group !== undefined) return !peekTag(this.window, level.encoding).startsWith(this.group);
    const { lastTag } = level;
    if (this.levels.length > 1 || lastTag === undefined || lastTag < PIXEL_DATA) return false;
    const next = peekTag(this.window, level.encoding);
    if (next > PIXEL_DATA) return false;
    if (keywordOf(next) !== undefined)
      throw new MalformedElement('an element stands after Pixel Data that belongs before it', {
        ...this.notes.place,
        tag: next,
      });
    this.notes.warnOfFile('trailing-garbage');
    return true;
  }

  private readItem(level: SequenceLevel): void {
    const next = peekTag(this.window, level.encoding);
    const length = peekLength(this.window, level.encoding);
    this.window.skip(8);
    if (next === SEQUENCE_DELIMITATION && level.end === Infinity) {
      if (length !== 0) this.notes.warn('delimiter-with-length');
      this.levels.pop();
      return;
    }
    if (next !== ITEM) throw new MalformedElement('a sequence holds something other than items', this.notes.place);
    const dataset: DicomJson = {};
    (level.element.Value ??= []).push(dataset); // an empty sequence has no Value (PS3.18 F.2.5)
    this.countElement();
    const { characterSet: set, pixelRepresentation } = level.within;
    this.levels.push({
      kind: 'item',
      dataset,
      end: this.endOf(length, level),
      encoding: level.encoding,
      detectEncoding: level.detectEncoding,
      characterSet: set,
      pixelRepresentation,
      lastTag: undefined,
    });
  }

  /** Reads an element at once where its bytes are at hand, as they mostly are; else answers what waits for them. */
  private readElement(level: ItemLevel): Parser<void> | undefined {
    if (level.detectEncoding) this.detectEncoding(level);
    this.notes.tag = peekTag(this.window, level.encoding);
    if (this.notes.tag === ITEM_DELIMITATION) {
      this.closeItem(level);
      return undefined;
    }
    const header = readElementHeader(this.window, level.encoding, level.pixelRepresentation, this.notes);
    this.countElement();
    this.checkOrder(level, header.tag);
    level.lastTag = header.tag;
    if (header.length === UNDEFINED_LENGTH) return this.readUndefinedLength(level, header);
    const end = this.endOf(header.length, level);
    if (header.length % 2 === 1) this.notes.warn('odd-length');
    const vr = header.vr === 'UN' ? this.resolved(header.tag, level) : header.vr;
    if (vr !== 'SQ') return this.readValue(level, header.tag, vr, header.length);
    this.openSequence(level, header, end);
    return undefined;
  }

  /** Elements rise by tag, each once (PS3.5 7.1). Of a public one that stands there twice, two readers could differ. */
  private checkOrder({ dataset, lastTag }: ItemLevel, tag: Tag): void {
    if (tag in dataset) {
      if (keywordOf(tag) !== undefined) throw new MalformedElement('an element stands there twice', this.notes.place);
      this.notes.warn('duplicate-element'); // the first counts
    } else if (lastTag !== undefined && tag < lastTag) this.notes.warn('elements-out-of-order');
  }

  /** Writers of an announced implicit VR that write VRs, and the reverse, give themselves away in the first element. */
  private detectEncoding(level: ItemLevel): void {
    level.detectEncoding = false;
    const { explicit } = level.encoding;
    if (explicit ? !looksImplicit(this.window) : !looksExplicit(this.window)) return;
    if (peekTag(this.window, level.encoding) === ITEM_DELIMITATION) return;
    if (!level.encoding.littleEndian) return; // implicit VR has no big endian form
    level.encoding = explicit ? IMPLICIT_LITTLE_ENDIAN : EXPLICIT_LITTLE_ENDIAN;
    this.notes.warn('encoding-not-as-transfer-syntax');
  }

  private closeItem(level: ItemLevel): void {
    if (level.end !== Infinity || this.levels.length === 1)
      throw new MalformedElement('an item delimiter stands where no item ends', this.notes.place);
    if (peekLength(this.window, level.encoding) !== 0) this.notes.warn('delimiter-with-length');
    this.window.skip(8);
    this.levels.pop();
  }

  /** UN of a tag that the dictionary knows: the writer did not know it, or lost it on the way (PS3.5 6.2.2, CP-246). */
  private resolved(tag: Tag, level: ItemLevel): string {
    const vr = vrOf(tag, level.pixelRepresentation);
    if (vr !== 'UN') this.notes.warnOfFile('vr-un-resolved');
    return vr;
  }

  private *readUndefinedLength(level: ItemLevel, header: ElementHeader): Parser<void> {
    const vr = header.vr === 'UN' && vrOf(header.tag) !== 'UN' ? this.resolved(header.tag, level) : header.vr;
    if (vr === 'SQ' || vr === 'UN') return this.openSequence(level, header, Infinity);
    if (valueRepresentation(vr).kind !== 'binary')
      throw new MalformedElement('only a sequence or encapsulated Pixel Data has no length', this.notes.place);
    const fragments = yield* readFragments(this.window, this.notes);
    if (header.tag === PIXEL_DATA && this.levels.length === 1) this.fragments ??= fragments;
    this.keepAsBulk(level, header.tag, 'OB', fragments.offset, fragments.length);
  }

  private openSequence(level: ItemLevel, { tag, vr }: ElementHeader, end: number): void {
    if (this.levels.length >= this.limits.depth * 2) throw new SequenceTooDeep(this.notes.place);
    const element: DicomElement = { vr: 'SQ' };
    if (!(tag in level.dataset)) level.dataset[tag] = element;
    const unknown = vr === 'UN';
    const encoding = unknown ? IMPLICIT_LITTLE_ENDIAN : level.encoding;
    this.levels.push({ kind: 'sequence', tag, element, within: level, end, encoding, detectEncoding: unknown });
  }

  private readValue(level: ItemLevel, tag: Tag, vr: string, length: number): Parser<void> | undefined {
    const { window } = this;
    if (this.isBulk(tag, vr, length)) {
      this.keepAsBulk(level, tag, vr, window.offset, length);
      window.skip(length);
      return undefined;
    }
    this.charge(length);
    if (window.available < length) return this.awaitValue(level, tag, vr, length);
    this.takeValue(level, tag, vr, length);
    return undefined;
  }

  private *awaitValue(level: ItemLevel, tag: Tag, vr: string, length: number): Parser<void> {
    if (!(yield length)) throw new Truncated(this.notes.place);
    this.takeValue(level, tag, vr, length);
  }

  private takeValue(level: ItemLevel, tag: Tag, vr: string, length: number): void {
    const { window, notes } = this;
    const bytes = window.buffer.subarray(window.position, window.position + length);
    window.skip(length);
    if (tag === META_GROUP_LENGTH && length === 4) this.metaEnd = window.offset + bytes.readUInt32LE(0);
    if (tag.endsWith('0000') || tag === TRAILING_PADDING) return; // group lengths are retired, padding means nothing
    const { characterSet: set } = level;
    const { littleEndian } = level.encoding;
    if (tag in level.dataset) return;
    const element = elementOf(vr, bytes, { littleEndian, characterSet: set, notes });
    this.charge((element.Value?.length ?? 0) * VALUE_COST_BYTES);
    level.dataset[tag] = element;
    if (tag === SPECIFIC_CHARACTER_SET) this.setCharacterSet(level);
    if (tag === PIXEL_REPRESENTATION) level.pixelRepresentation = firstNumber(level.dataset, tag) ?? 0;
  }

  private isBulk(tag: Tag, vr: string, length: number): boolean {
    if (length === 0 || tag === TRAILING_PADDING) return length > this.limits.inlineBytes;
    if (this.levels.length === 1 && isPixelData(tag)) return true;
    if (tag === EXTENDED_OFFSET_TABLE) return length > this.limits.offsetTableBytes;
    const { kind } = valueRepresentation(vr);
    return length > (kind === 'binary' ? this.limits.bulkThresholdBytes : this.limits.inlineBytes);
  }

  /** DICOM JSON is UTF-8, so its Specific Character Set says that (PS3.18 F.2); what the file said is kept aside. */
  private setCharacterSet(level: ItemLevel): void {
    const element = level.dataset[SPECIFIC_CHARACTER_SET];
    const values = (element.Value ?? []).map((value) => (typeof value === 'string' ? value : ''));
    if (this.levels.length === 1) this.specificCharacterSet = allTexts(level.dataset, SPECIFIC_CHARACTER_SET);
    level.characterSet = characterSet(values, this.notes);
    if (values.length > 0) element.Value = ['ISO_IR 192'];
  }

  private keepAsBulk(level: ItemLevel, tag: Tag, vr: string, offset: number, length: number): void {
    if (tag === TRAILING_PADDING || tag in level.dataset) return;
    const path = pathOf(this.levels, tag);
    this.bulkData.push({ path, vr, offset, length });
    level.dataset[tag] = { vr, BulkDataURI: bulkDataUri(path) };
  }

  private endOf(length: number, level: Level): number {
    if (length === UNDEFINED_LENGTH) return Infinity;
    const end = this.window.offset + length;
    if (end > level.end) throw new MalformedElement('a value is longer than what it is in', this.notes.place);
    return end;
  }

  private countElement(): void {
    this.elements++;
    if (this.elements > this.limits.elements) throw new HeaderTooLarge(this.notes.place);
    this.charge(ELEMENT_COST_BYTES);
  }

  private charge(bytes: number): void {
    this.headerBytes += bytes;
    if (this.headerBytes > this.limits.headerBytes) throw new HeaderTooLarge(this.notes.place);
  }
}
