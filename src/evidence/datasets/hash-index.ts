import { bitCount, hashWords, type HashWords } from './hash-distance.js';
import { NOTHING_SHOWN } from './perceptual-hash.js';

/** Hears of a hash that is near, by its place among those of the index. */
type Hear = (place: number, distance: number) => void;

interface Band {
  readonly word: 'high' | 'low';
  readonly shift: number;
  readonly mask: number;
  /** where the places of each value begin, and where the last one's end */
  readonly starts: Uint32Array;
  /** by value, those of one value ascending */
  readonly places: Uint32Array;
}

/**
 * Finds hashes that differ in at most `most` of 64 bits from one, all of them, without comparing with each: hashes are cut into more than
 * `most` bands, so that two that differ in `most` bits agree in a whole band at least (multi-index hashing: M. Norouzi, A. Punjani, D. J.
 * Fleet, Fast Search in Hamming Space with Multi-Index Hashing, CVPR 2012). A negative is near too (`pictureDistance`); a picture
 * that shows nothing is near none.
 */
export class HashIndex {
  private readonly words: HashWords;
  private readonly bands: readonly Band[];

  /**
   * @param hashes  16 hex digits each
   * @param most  0 to 15 bits
   */
  constructor(
    hashes: readonly string[],
    private readonly most: number,
  ) {
    this.words = hashWords(hashes);
    const shown = Uint32Array.from(hashes.keys()).filter((place) => hashes[place] !== NOTHING_SHOWN);
    const perWord = Math.max(2, Math.ceil((most + 1) / 2)); // 32 bits are cut, so that no band lies over both words
    this.bands = (['high', 'low'] as const).flatMap((word) =>
      Array.from({ length: perWord }, (_, k) => {
        const from = Math.floor((32 * k) / perWord);
        return bandOf(this.words[word], word, from, Math.floor((32 * (k + 1)) / perWord) - from, shown);
      }),
    );
  }

  /**
   * Tells of every hash that is near, once, in an order that is always the same.
   * @param below  only of places below this one
   */
  near(hash: string, hear: Hear, below = Infinity): void {
    if (hash === NOTHING_SHOWN) return;
    const { high, low } = hashWords([hash]);
    this.visit(high[0], low[0], below, hear);
    this.visit(~high[0], ~low[0], below, hear); // no hash is within 15 bits of both
  }

  private visit(high: number, low: number, below: number, hear: Hear): void {
    const { words, most, bands } = this;
    for (const [k, { word, shift, mask, starts, places }] of bands.entries()) {
      const value = ((word === 'high' ? high : low) >>> shift) & mask;
      for (let at = starts[value]; at < starts[value + 1]; at++) {
        const place = places[at];
        if (place >= below) break;
        const differHigh = words.high[place] ^ high;
        const differLow = words.low[place] ^ low;
        const distance = bitCount(differHigh) + bitCount(differLow);
        if (distance <= most && !agreesBefore(bands, k, differHigh, differLow)) hear(place, distance);
      }
    }
  }
}

/** Whether two hashes agree in a band before the k-th, where they were found already. */
function agreesBefore(bands: readonly Band[], k: number, differHigh: number, differLow: number): boolean {
  for (let i = 0; i < k; i++) {
    const { word, shift, mask } = bands[i];
    if ((((word === 'high' ? differHigh : differLow) >>> shift) & mask) === 0) return true;
  }
  return false;
}

function bandOf(words: Uint32Array, word: Band['word'], shift: number, bits: number, shown: Uint32Array): Band {
  const mask = 2 ** bits - 1;
  const starts = new Uint32Array(mask + 2);
  for (const place of shown) starts[((words[place] >>> shift) & mask) + 1]++;
  for (let value = 0; value <= mask; value++) starts[value + 1] += starts[value];
  const next = starts.slice();
  const places = new Uint32Array(shown.length);
  for (const place of shown) places[next[(words[place] >>> shift) & mask]++] = place;
  return { word, shift, mask, starts, places };
}
