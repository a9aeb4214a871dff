/** Part of a file, and ids of the Patients whom it is about. */
export interface Piece {
  readonly text: string;
  readonly patients: readonly string[];
}

/** Patients that one record names at most. */
const MOST_NAMED = 1_000;
/** Patients of a file that are not named again in its later records: some megabytes. Of more, some are named twice. */
const MOST_REMEMBERED = 50_000;

/**
 * The texts of a file, none before those whom it is about are on record: as many records as that takes, one where it is about nobody
 * or empty. Throws what `record` throws.
 * @param record  puts on record that data of these Patients are given; answers when it is
 */
export async function* namedPieces(
  pieces: AsyncIterable<Piece>,
  record: (patients: readonly string[]) => Promise<unknown>,
): AsyncGenerator<string, undefined> {
  const named = new Set<string>();
  let isOnRecord = false;
  for await (const { text, patients } of pieces) {
    if (text === '') continue;
    const others = [...new Set(patients)].filter((one) => !named.has(one));
    for (let at = 0; at < others.length || !isOnRecord; at += MOST_NAMED) {
      await record(others.slice(at, at + MOST_NAMED));
      isOnRecord = true;
    }
    if (named.size < MOST_REMEMBERED) for (const one of others) named.add(one);
    yield text;
  }
  if (!isOnRecord) await record([]);
}
