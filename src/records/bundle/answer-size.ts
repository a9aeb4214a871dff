import { AnswerTooLarge } from './faults.js';
import type { EntryRead } from './read-entry.js';

/** Characters of resources: two thousand pages would be more than a text can be long, and than memory holds. */
const MOST_CHARACTERS = 64 * 2 ** 20;

/** How large the answer to a Bundle has become by what its entries read. */
export class AnswerSize {
  private characters = 0;

  /** Adds what an entry gives. @throws AnswerTooLarge  instead, where it is too much */
  add(characters: number): void {
    if (this.characters + characters > MOST_CHARACTERS) throw new AnswerTooLarge();
    this.characters += characters;
  }
}

export function sizeOf(read: EntryRead): number {
  const rows = 'row' in read ? [read.row] : 'versions' in read ? read.versions : [...read.found.matches, ...read.found.included];
  return rows.reduce((sum, { content }) => sum + content.length, 0);
}
