import { CorruptFrame } from './faults.js';

const FAST_BITS = 10;

/** A Huffman table made ready for decoding (ITU-T T.81 Annex C, F.2.2.3). */
export interface HuffmanTable {
  /** by the next ten bits: code length × 256 + value; 0 where the code is longer */
  readonly fast: Uint16Array;
  /** by length: greatest code, −1 where no code has it */
  readonly maxCode: Int32Array;
  /** by length: index of a code's value minus the code */
  readonly valueOffset: Int32Array;
  readonly values: Uint8Array;
}

/**
 * Builds a table from a DHT segment's sixteen counts and its values (T.81 C.2).
 * @throws CorruptFrame  the counts describe no prefix code
 */
export function huffmanTable(counts: Uint8Array, values: Uint8Array): HuffmanTable {
  const fast = new Uint16Array(1 << FAST_BITS);
  const maxCode = new Int32Array(17).fill(-1);
  const valueOffset = new Int32Array(17);
  let code = 0;
  let index = 0;
  for (let length = 1; length <= 16; length++, code <<= 1) {
    valueOffset[length] = index - code;
    for (let i = 0; i < counts[length - 1]; i++, code++, index++)
      if (length <= FAST_BITS) fast.fill((length << 8) | values[index], code << (FAST_BITS - length), (code + 1) << (FAST_BITS - length));
    if (counts[length - 1] > 0) maxCode[length] = code - 1;
    if (code > 1 << length || index > values.length) throw new CorruptFrame('a Huffman table is malformed');
  }
  return { fast, maxCode, valueOffset, values };
}

/** Reads the entropy-coded segments of one scan: bits, Huffman codes, restart markers (T.81 F.2.2). */
export class EntropyReader {
  private buffer = 0;
  private bits = 0;
  /** bits in the buffer that the codestream does not have: using one of them is an error */
  private missing = 0;

  /** @param at  first byte after the scan header */
  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
  ) {}

  private fill(): void {
    while (this.bits <= 24) {
      let byte = this.bytes[this.at];
      if (byte === undefined || (byte === 0xff && this.bytes[this.at + 1] !== 0)) {
        byte = 0; // a marker or the end: the last code may still be looked up in zeros
        this.missing += 8;
      } else this.at += byte === 0xff ? 2 : 1; // T.81 B.1.1.5: a zero is stuffed after FF
      this.buffer = (this.buffer << 8) | byte;
      this.bits += 8;
    }
  }

  private drop(count: number): void {
    this.bits -= count;
    if (this.bits < this.missing) throw new CorruptFrame('its JPEG scan is cut off');
  }

  /** The next `count` bits, 0 to 16, as an unsigned number. */
  read(count: number): number {
    if (count === 0) return 0;
    if (this.bits < count) this.fill();
    const value = (this.buffer >>> (this.bits - count)) & ((1 << count) - 1);
    this.drop(count);
    return value;
  }

  /** RECEIVE and EXTEND (T.81 F.2.2.1): a signed number of `category` bits. */
  signed(category: number): number {
    const value = this.read(category);
    return category === 0 || value >= 1 << (category - 1) ? value : value - (1 << category) + 1;
  }

  /** The value of the next Huffman code. */
  decode({ fast, maxCode, valueOffset, values }: HuffmanTable): number {
    if (this.bits < 16) this.fill();
    const entry = fast[(this.buffer >>> (this.bits - FAST_BITS)) & ((1 << FAST_BITS) - 1)];
    if (entry !== 0) {
      this.drop(entry >> 8);
      return entry & 0xff;
    }
    for (let length = FAST_BITS + 1; length <= 16; length++) {
      const code = (this.buffer >>> (this.bits - length)) & ((1 << length) - 1);
      if (code > maxCode[length]) continue;
      this.drop(length);
      return values[code + valueOffset[length]];
    }
    throw new CorruptFrame('a Huffman code is not in its table');
  }

  /** Passes the restart marker that must come next (T.81 E.2.4). */
  restart(): void {
    while (this.bytes[this.at] === 0xff && this.bytes[this.at + 1] === 0xff) this.at++; // fill bytes (T.81 B.1.1.2)
    if (this.bytes[this.at] !== 0xff || (this.bytes[this.at + 1] & 0xf8) !== 0xd0)
      throw new CorruptFrame('a JPEG restart marker is missing');
    this.at += 2;
    this.buffer = this.bits = this.missing = 0;
  }
}
