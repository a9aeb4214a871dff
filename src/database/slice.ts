/** A stretch of an ordered list, from a place or to one: from its beginning onwards, or `backwards` from its end. */
export interface Slice<Place> {
  readonly after?: Place;
  readonly before?: Place;
  readonly limit: number;
  readonly backwards: boolean;
}

/** Rows as the list has them: a stretch that was walked backwards comes the other way round. */
export const inOrder = <Row>(rows: readonly Row[], { backwards }: Pick<Slice<unknown>, 'backwards'>): Row[] =>
  backwards ? rows.toReversed() : [...rows];
