/** A number from 0 up to, without, `below`. */
export type Random = (below: number) => number;

/** mulberry32: the same numbers for the same seed, so that a case is known by its number. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** Makes another body of one, or of two. */
type Mutator = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

const LENGTHS = [0, 1, 2, 7, 8, 0xff, 0x7fff, 0xfffe, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
const oneOf = <T>(all: readonly T[], random: Random): T => all[random(all.length)];

/** A place near the start more often than not: that is where headers are. */
const place = (bytes: Buffer, random: Random): number => random(random(3) === 0 ? bytes.length + 1 : Math.min(bytes.length, 512) + 1);

const flipBit: Mutator = (bytes, random) => {
  if (bytes.length > 0) bytes[random(bytes.length)] ^= 1 << random(8);
  return bytes;
};

const setByte: Mutator = (bytes, random) => {
  if (bytes.length > 0) bytes[random(bytes.length)] = oneOf([0, 1, 0x20, 0x5c, 0x7f, 0x80, 0xff, random(256)], random);
  return bytes;
};

/** A length that says something else: tiny, huge, undefined, or off by a little. */
const editLength: Mutator = (bytes, random) => {
  const at = place(bytes, random) & ~1;
  if (at + 4 > bytes.length) return bytes;
  if (random(3) === 0) bytes.writeUInt16LE(oneOf(LENGTHS, random) & 0xffff, at);
  else if (random(2) === 0) bytes.writeUInt32LE(oneOf(LENGTHS, random), at);
  else bytes.writeUInt32LE((bytes.readUInt32LE(at) + random(9) - 4) >>> 0, at);
  return bytes;
};

const truncate: Mutator = (bytes, random) => bytes.subarray(0, random(bytes.length + 1));

const remove: Mutator = (bytes, random) => {
  const at = place(bytes, random);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(64))]);
};

const insert =
  (what: Buffer): Mutator =>
  (bytes, random) => {
    const at = place(bytes, random);
    return Buffer.concat([bytes.subarray(0, at), what, bytes.subarray(at)]);
  };

/** A stretch of the same body or of another one, such as an element, at another place. */
const splice: Mutator = (bytes, random, other) => {
  const from = random(2) === 0 ? bytes : other;
  const start = place(from, random);
  return insert(from.subarray(start, start + 1 + random(200)))(bytes, random, other);
};

const repeat: Mutator = (bytes, random, other) => {
  const start = place(bytes, random);
  const stretch = bytes.subarray(start, start + 1 + random(48));
  return insert(Buffer.concat(Array.from({ length: 1 + random(100) }, () => stretch)))(bytes, random, other);
};

const ANY: readonly Mutator[] = [flipBit, flipBit, setByte, setByte, editLength, editLength, truncate, remove, splice, splice, repeat];

/** One to eight mutations; `tokens` are what the format is made of. */
export function mutated(seeds: readonly Buffer[], tokens: readonly Buffer[], random: Random): Buffer {
  let bytes: Buffer = Buffer.from(oneOf(seeds, random));
  for (let left = 1 + random(8); left > 0; left--) {
    const mutate = random(4) === 0 ? insert(oneOf(tokens, random)) : oneOf(ANY, random);
    bytes = Buffer.from(mutate(bytes, random, oneOf(seeds, random)));
  }
  return bytes.subarray(0, 512 * 1024);
}
