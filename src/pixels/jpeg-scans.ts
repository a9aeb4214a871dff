import { markerSegments } from './codestream-header.js';
import { CorruptFrame } from './faults.js';
import { EntropyReader, huffmanTable, type HuffmanTable } from './jpeg-entropy.js';

/** One component of a JPEG frame header (ITU-T T.81 B.2.2). */
export interface JpegComponent {
  readonly id: number;
  readonly horizontalSampling: number;
  readonly verticalSampling: number;
  readonly quantization: number;
}

/** One scan with the tables in force where it starts (T.81 B.2.3). */
export interface JpegScan {
  /** indices into the frame's components, with their Huffman tables */
  readonly components: readonly { readonly index: number; readonly dc?: HuffmanTable; readonly ac?: HuffmanTable }[];
  /** Ss, in lossless the predictor */
  readonly spectralStart: number;
  readonly spectralEnd: number;
  readonly approximationHigh: number;
  /** Al, in lossless the point transform */
  readonly approximationLow: number;
  /** MCUs between restart markers, 0 without */
  readonly restartInterval: number;
  readonly entropy: EntropyReader;
  /** 64 steps each, in zigzag order */
  readonly quantization: readonly (Uint16Array | undefined)[];
}

const MAX_SCANS = 256; // a progressive frame has about ten; each costs a pass over the whole frame

/**
 * Walks the scans of a JPEG codestream; the caller reads each scan's entropy-coded data before it takes the next.
 * @param decodeScan  called for every scan
 * @throws CorruptFrame
 */
export function readScans(bytes: Uint8Array, decodeScan: (scan: JpegScan, components: readonly JpegComponent[]) => void): void {
  const tables = { dc: [] as HuffmanTable[], ac: [] as HuffmanTable[], quantization: [] as Uint16Array[] };
  let components: JpegComponent[] = [];
  let restartInterval = 0;
  let scans = 0;
  for (let from = 0; from < bytes.length;) {
    let entropy: EntropyReader | undefined;
    for (const { marker, start, end } of markerSegments(bytes, from)) {
      const segment = bytes.subarray(start, end);
      if (marker === 0xd9) return;
      if (marker === 0xc4) readHuffman(segment, tables);
      else if (marker === 0xdb) readQuantization(segment, tables.quantization);
      else if (marker === 0xdd) restartInterval = (segment[0] << 8) | segment[1];
      else if (marker >= 0xc0 && marker <= 0xc3) {
        if (components.length > 0) throw new CorruptFrame('it has two JPEG frame headers');
        components = readComponents(segment);
      } else if (marker === 0xda) {
        if (++scans > MAX_SCANS) throw new CorruptFrame('it has too many JPEG scans');
        entropy = new EntropyReader(bytes, end);
        const header = readScanHeader(segment, components, tables);
        decodeScan({ ...header, restartInterval, entropy, quantization: tables.quantization }, components);
        break;
      }
    }
    if (entropy === undefined) return;
    from = nextMarker(bytes, entropy.at);
  }
}

/** The first marker at or after `at` that is neither stuffing nor a restart. */
function nextMarker(bytes: Uint8Array, at: number): number {
  while (at + 1 < bytes.length && (bytes[at] !== 0xff || bytes[at + 1] === 0 || (bytes[at + 1] & 0xf8) === 0xd0)) at++;
  return at;
}

function readHuffman(segment: Uint8Array, { dc, ac }: { dc: HuffmanTable[]; ac: HuffmanTable[] }): void {
  for (let at = 0; at + 17 <= segment.length;) {
    const destination = segment[at] & 0x0f;
    const counts = segment.subarray(at + 1, at + 17);
    const length = counts.reduce((sum, count) => sum + count, 0);
    if (destination > 3) throw new CorruptFrame('a Huffman table has no place to go');
    (segment[at] >> 4 === 0 ? dc : ac)[destination] = huffmanTable(counts, segment.subarray(at + 17, at + 17 + length));
    at += 17 + length;
  }
}

function readQuantization(segment: Uint8Array, quantization: Uint16Array[]): void {
  for (let at = 0; at < segment.length;) {
    const wide = segment[at] >> 4 !== 0;
    const end = at + 1 + (wide ? 128 : 64);
    if (end > segment.length) throw new CorruptFrame('a quantization table is cut off');
    quantization[segment[at] & 0x0f] = Uint16Array.from({ length: 64 }, (_, i) =>
      wide ? (segment[at + 1 + 2 * i] << 8) | segment[at + 2 + 2 * i] : segment[at + 1 + i],
    );
    at = end;
  }
}

function readComponents(segment: Uint8Array): JpegComponent[] {
  return Array.from({ length: segment[5] }, (_, i) => {
    const [id, sampling, quantization] = segment.subarray(6 + 3 * i, 9 + 3 * i);
    return { id, horizontalSampling: sampling >> 4, verticalSampling: sampling & 0x0f, quantization };
  });
}

function readScanHeader(segment: Uint8Array, frame: JpegComponent[], { dc, ac }: { dc: HuffmanTable[]; ac: HuffmanTable[] }) {
  const count = segment[0];
  if (!(count >= 1 && count <= 4) || segment.length < 4 + 2 * count) throw new CorruptFrame('a JPEG scan header is malformed');
  const components = Array.from({ length: count }, (_, i) => {
    const [id, selectors] = segment.subarray(1 + 2 * i, 3 + 2 * i);
    const index = frame.findIndex((component) => component.id === id);
    if (index < 0) throw new CorruptFrame('a JPEG scan names a component that the frame does not have');
    return { index, dc: dc[selectors >> 4], ac: ac[selectors & 0x0f] };
  });
  const [spectralStart, spectralEnd, approximation] = segment.subarray(1 + 2 * count);
  return {
    components,
    spectralStart,
    spectralEnd,
    approximationHigh: approximation >> 4,
    approximationLow: approximation & 0x0f,
  };
}
