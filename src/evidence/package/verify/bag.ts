/** A package's files, wherever they lie. */
export interface Bag {
  /** With slashes, in the order of their bytes. */
  readonly names: readonly string[];
  /** Bytes of a file; what of the place itself is wrong is found while they are read. */
  read(name: string): AsyncIterable<Buffer>;
  /** Where a file lies within its place, in words; empty where there is no more to say. */
  at(name: string): string;
}

/** A file as a text, undefined where it is not there or is no UTF-8. For files that are made to be read whole. */
export async function textIn(bag: Bag, name: string): Promise<string | undefined> {
  if (!bag.names.includes(name)) return undefined;
  const pieces: Buffer[] = [];
  for await (const piece of bag.read(name)) pieces.push(Buffer.from(piece));
  const bytes = Buffer.concat(pieces);
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? text : undefined;
}
