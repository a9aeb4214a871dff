import { GraphTooLarge } from './faults.js';

/** What one query may take of the server. */
const MOST = {
  /** Resources that it reads or finds. */
  resources: 10_000,
  /** Characters of their texts. */
  text: 64 * 2 ** 20,
  searches: 500,
  /** Elements that a FHIRPath is asked of. */
  evaluations: 10_000,
  /** Characters of the answer, roughly. */
  answer: 64 * 2 ** 20,
} as const;

const WORDS: Readonly<Record<keyof typeof MOST, string>> = {
  resources: `more than ${MOST.resources} resources`,
  text: 'more text than one query may read',
  searches: `more than ${MOST.searches} searches`,
  evaluations: `a FHIRPath of more than ${MOST.evaluations} elements`,
  answer: 'more than an answer can hold',
};

/** What a query has taken so far: lists within lists multiply, and nobody sees from their text by how much. */
export class Spending {
  private readonly spent: Record<keyof typeof MOST, number> = { resources: 0, text: 0, searches: 0, evaluations: 0, answer: 0 };

  /** @throws GraphTooLarge */
  add(kind: keyof typeof MOST, count: number): void {
    if ((this.spent[kind] += count) > MOST[kind]) throw new GraphTooLarge(WORDS[kind]);
  }
}
