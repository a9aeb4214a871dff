import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { DicomElement, DicomJson, DicomValue } from '../../src/dicom/dicom-json.js';
import { sharedBytes } from './corpus.js';

interface ReferenceElement extends DicomElement {
  readonly binaryLength?: number;
  readonly binarySha256?: string;
}
export interface Reference {
  readonly path: string;
  readonly oracle: string;
  readonly json: Readonly<Record<string, ReferenceElement>>;
  readonly disagree?: readonly string[];
  readonly pixelDataEncapsulated?: boolean;
}

/**
 * Where the reference is known to be wrong or to have made another choice that PS3.18 leaves open; docs/json-differences.md
 * tells of each, and of what is left out everywhere.
 */
export const KNOWN: Readonly<Record<string, string>> = {
  'synthetic/charset-absent-latin1-bytes.dcm 00100010': 'pydicom guesses Latin-1; here no guess is made',
  'synthetic/charset-unknown.dcm 00100010': 'dcm2json guesses Latin-1',
  'synthetic/odd-length-elements.dcm 00100020': 'dcm2json keeps the padding NUL',
  'synthetic/meta-group-length-wrong.dcm 00080008': 'dcm2json follows the wrong group length past the first element',
  'synthetic/trailing-garbage.dcm 02010403': 'pydicom takes the garbage for an element',
  'fo/GH1301.dcm 00100040': 'pydicom reads CS as Latin-1; the file has Chinese in it',
};
const PIXEL_DATA = '7FE00010';

/** NaN and Infinity, which the oracles wrote as they are, are text here. */
export const references = (): Reference[] =>
  gunzipSync(sharedBytes('refs/json.ndjson.gz'))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line.replace(/([[,:])\s*(NaN|-?Infinity)/g, '$1"$2"')) as Reference);

/** The bytes of a value that stands outside the data set, little endian; `at` is its place: tags and item numbers, by slashes. */
export type BulkBytes = (element: DicomElement, at: string) => Buffer;

/** One data set against its reference: how much was compared, and what differs. */
export class Comparison {
  attributes = 0;
  readonly differences: string[] = [];

  constructor(
    private readonly reference: Reference,
    dataset: DicomJson,
    private readonly bulkBytes: BulkBytes,
  ) {
    this.compare(dataset, reference.json, []);
  }

  private compare(mine: DicomJson, theirs: Reference['json'], path: readonly string[]): void {
    for (const tag of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
      const at = [...path, tag].join('/');
      if (this.isLeftOut(tag, mine[tag], theirs[tag])) continue;
      this.attributes++;
      const [x, y] = [mine[tag], theirs[tag]];
      const known = KNOWN[`${this.reference.path} ${at}`] !== undefined;
      if (known && x !== undefined && y !== undefined && x.vr === y.vr && this.sameValue(x, y, at)) this.differ(at, 'no difference', 'one');
      if (known) continue;
      if (x === undefined || y === undefined) this.differ(at, x, y);
      else if (x.vr !== y.vr) this.differ(at, x, y);
      else if (x.vr === 'SQ') this.compareItems(x, y, [...path, tag]);
      else if (!this.sameValue(x, y, at)) this.differ(at, x, y);
    }
  }

  private compareItems(mine: DicomElement, theirs: ReferenceElement, path: readonly string[]): void {
    const [items, expected] = [mine.Value ?? [], theirs.Value ?? []];
    if (items.length !== expected.length) return this.differ(path.join('/'), items.length, expected.length);
    items.forEach((item, i) => this.compare(item as DicomJson, expected[i] as Reference['json'], [...path, String(i + 1)]));
  }

  private isLeftOut(tag: string, mine?: DicomElement, theirs?: ReferenceElement): boolean {
    const { disagree = [], oracle, pixelDataEncapsulated } = this.reference;
    if (disagree.includes(tag)) return true;
    if (tag.endsWith('0000') || tag === 'FFFCFFFC') return true; // group lengths and padding are dropped
    if (tag === PIXEL_DATA && pixelDataEncapsulated === true) return true; // also that of icons
    const isPrivate = Number.parseInt(tag.slice(0, 4), 16) % 2 === 1;
    if (isPrivate && mine?.vr === 'UN' && theirs?.vr !== 'UN') return true; // the oracles know vendors' dictionaries
    return oracle.startsWith('pydicom') && tag === '00080005'; // pydicom keeps the file's own term
  }

  private sameValue(mine: DicomElement, theirs: ReferenceElement, at: string): boolean {
    if (theirs.InlineBinary !== undefined || theirs.binaryLength !== undefined) {
      const bytes = this.bytesOf(mine, at);
      if (theirs.InlineBinary !== undefined) return bytes.toString('base64') === theirs.InlineBinary;
      return bytes.length === theirs.binaryLength && createHash('sha256').update(bytes).digest('hex') === theirs.binarySha256;
    }
    if (mine.BulkDataURI !== undefined) return this.bytesOf(mine, at).toString('utf8').trimEnd() === theirs.Value?.join('\\'); // text of over 64 KiB
    const [x, y] = [mine.Value ?? [], (theirs.Value ?? []).map(trimmed)];
    if (x.length === 0) return y.every((value) => value === null);
    return x.length === y.length && x.every((value, i) => sameOne(value, y[i]));
  }

  private bytesOf(element: DicomElement, at: string): Buffer {
    return element.InlineBinary !== undefined ? Buffer.from(element.InlineBinary, 'base64') : this.bulkBytes(element, at);
  }

  private differ(at: string, mine: unknown, theirs: unknown): void {
    const shown = [mine, theirs].map((element) => JSON.stringify(element)?.slice(0, 200)).join(' instead of ');
    this.differences.push(`${this.reference.path} ${at}: ${shown}`);
  }
}

/** pydicom keeps padding between values, and writes an empty value as "". */
const trimmed = (value: DicomValue): DicomValue => (typeof value === 'string' ? value.replace(/^ +| +$/g, '') || null : value);

/** Equal; numbers also where one oracle printed fewer digits of a float, or as text beyond 2^53. */
function sameOne(mine: DicomValue, theirs: DicomValue): boolean {
  if (typeof mine === 'number' && typeof theirs === 'number') return mine === theirs || Math.abs(mine - theirs) <= 1e-6 * Math.abs(theirs);
  if (typeof mine === 'number' || typeof theirs === 'number') return String(mine) === String(theirs);
  return JSON.stringify(mine) === JSON.stringify(theirs);
}
