import type { MetaCount } from './counted-introspection.js';
import './counted-introspection.js';
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
  /** Characters of the answer, roughly: the content of the largest Binary fits. */
  answer: 40 * 2 ** 20,
} as const;

/** What a member takes of an answer beside its own characters: its name, marks, the time that it takes. */
export const MEMBER_CHARACTERS = 40;

type Kind = keyof typeof MOST;

const WORDS: Readonly<Record<Kind, string>> = {
  resources: `more than ${MOST.resources} resources`,
  text: 'more text than one query may read',
  searches: `more than ${MOST.searches} searches`,
  evaluations: `a FHIRPath of more than ${MOST.evaluations} elements`,
  answer: 'more than an answer can hold',
};

/** What a query has taken so far: lists within lists multiply, and nobody sees from their text by how much. */
export class Spending implements MetaCount {
  /** That it was too much: nothing is given then. */
  over: GraphTooLarge | undefined;
  private readonly spent: Record<Kind, number> = { resources: 0, text: 0, searches: 0, evaluations: 0, answer: 0 };

  /** Whether so much more may be taken. Once it may not, nothing may: a million members must not each tell of it. */
  takes(kind: Kind, count: number): boolean {
    if ((this.spent[kind] += count) > MOST[kind]) this.over ??= new GraphTooLarge(WORDS[kind]);
    return this.over === undefined;
  }

  /** Of what the schema says of itself. */
  takesMeta(value: unknown): boolean {
    return this.takes('answer', MEMBER_CHARACTERS + (typeof value === 'string' ? value.length : 0));
  }

  /** @throws GraphTooLarge */
  add(kind: Kind, count: number): void {
    if (!this.takes(kind, count)) throw this.over;
  }
}
