/** Code lengths and codes of a Huffman table, with the form a DHT segment gives it (ITU-T T.81 B.2.4.2, Annex C). */
export interface HuffmanCode {
  /** how many codes have 1 … 16 bits */
  readonly counts: Uint8Array;
  /** symbols by rising code length */
  readonly symbols: Uint8Array;
  /** by symbol */
  readonly lengths: Uint8Array;
  /** by symbol */
  readonly codes: Uint16Array;
}

const LONGEST_CODE = 16;

/**
 * The shortest code for symbols of these frequencies (ITU-T T.81 K.2): at most 16 bits, and no code of ones alone.
 * @param frequencies  by symbol; at least one above 0
 */
export function huffmanCode(frequencies: ArrayLike<number>): HuffmanCode {
  const counts = codeCounts(frequencies);
  const symbols = Uint8Array.from(
    Array.from(frequencies, (frequency, symbol) => ({ frequency, symbol }))
      .filter(({ frequency }) => frequency > 0)
      .sort((a, b) => b.frequency - a.frequency || a.symbol - b.symbol),
    ({ symbol }) => symbol,
  );
  const lengths = new Uint8Array(frequencies.length);
  const codes = new Uint16Array(frequencies.length);
  let next = 0;
  let code = 0;
  for (let length = 1; length <= LONGEST_CODE; length++, code <<= 1)
    for (let i = 0; i < counts[length - 1]; i++, next++, code++) {
      lengths[symbols[next]] = length;
      codes[symbols[next]] = code;
    }
  return { counts, symbols, lengths, codes };
}

/** How many codes of each length: Huffman's tree with one symbol more, which takes the code of ones, then K.3's shortening. */
function codeCounts(frequencies: ArrayLike<number>): Uint8Array {
  let trees = [...Array.from(frequencies).filter((frequency) => frequency > 0), 0.5].map((weight) => ({ weight, depths: [0] }));
  while (trees.length > 1) {
    trees = trees.sort((a, b) => a.weight - b.weight);
    const [least, second, ...rest] = trees;
    trees = [...rest, { weight: least.weight + second.weight, depths: [...least.depths, ...second.depths].map((depth) => depth + 1) }];
  }
  const byLength = new Array<number>(Math.max(LONGEST_CODE, ...trees[0].depths) + 1).fill(0);
  for (const depth of trees[0].depths) byLength[depth]++;
  for (let length = byLength.length - 1; length > LONGEST_CODE; length--)
    while (byLength[length] > 0) {
      let shorter = length - 2;
      while (byLength[shorter] === 0) shorter--;
      byLength[length] -= 2;
      byLength[length - 1]++;
      byLength[shorter + 1] += 2;
      byLength[shorter]--;
    }
  let longest = LONGEST_CODE;
  while (byLength[longest] === 0) longest--;
  byLength[longest]--; // the one symbol more
  return Uint8Array.from(byLength.slice(1, LONGEST_CODE + 1));
}
