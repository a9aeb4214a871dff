/** A stream of which the first was taken already, to know that it can be given: from its beginning again. */
export async function* onwards<T>(taken: readonly T[], rest: AsyncIterable<T> | readonly T[]): AsyncGenerator<T, undefined> {
  yield* taken;
  yield* rest;
}
