/** The words of a closed list as an enum has them, `detection-and-diagnosis` as DETECTION_AND_DIAGNOSIS; resolvers see the words. */
export function namesOf<Word extends string>(words: readonly Word[]) {
  const nameOf = (word: string): string => word.toUpperCase().replaceAll('-', '_');
  return {
    names: Object.fromEntries(words.map((word) => [nameOf(word), word])) as Readonly<Record<string, Word>>,
    /** What each is, for whoever reads the schema. */
    described: (describe: (word: Word) => string): Record<string, { description: string }> =>
      Object.fromEntries(words.map((word) => [nameOf(word), { description: describe(word) }])),
  };
}
