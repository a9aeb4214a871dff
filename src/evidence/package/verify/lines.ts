const NEWLINE = 10;
/** Bytes. A record of the ledger that names a thousand patients has some 50,000. */
const LONGEST_LINE = 1 << 24;

/** A file whose lines cannot be read. */
export class NoLine extends Error {
  constructor(
    readonly number: number,
    words: string,
  ) {
    super(`its line ${number} ${words}`);
  }
}

/** Lines of a file, without their ends. Throws NoLine where the last has none, or one is too long. */
export async function* linesOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 1;
  for await (const piece of pieces) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      yield bytes.subarray(from, end);
      number += 1;
      from = end + 1;
    }
    rest = bytes.subarray(from);
    if (rest.length > LONGEST_LINE) throw new NoLine(number, 'is longer than any that was written');
  }
  if (rest.length > 0) throw new NoLine(number, 'is cut off');
}

/** A JSON object that a text is; undefined where it is none. */
export function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
