/** What can be wrong with a package: it was changed, something is missing or cannot be read, a signature does not hold. */
export type Kind = 'changed' | 'missing' | 'signature';

export interface Finding {
  readonly kind: Kind;
  /** A file of the package, or a part of the ZIP. */
  readonly where: string;
  readonly words: string;
}

/** Exit codes, the graver first: what is changed says more than what is missing, and that more than who signed. */
const EXITS: readonly (readonly [Kind, number])[] = [
  ['changed', 1],
  ['missing', 2],
  ['signature', 3],
];

/** Gathers what is wrong, and what was checked. */
export class Findings {
  readonly all: Finding[] = [];
  /** In sentences. */
  readonly checked: string[] = [];
  private readonly places = new Set<string>();
  private readonly said = new Set<string>();

  /** What was found before, as a file is read more than once, is not found again. */
  add(kind: Kind, where: string, words: string): void {
    const once = `${where}\n${words}`;
    if (this.said.has(once)) return;
    this.said.add(once);
    this.places.add(where);
    this.all.push({ kind, where, words });
  }

  has(where: string): boolean {
    return this.places.has(where);
  }

  /** 0 where nothing is wrong. */
  get exit(): number {
    return EXITS.find(([kind]) => this.all.some((one) => one.kind === kind))?.[1] ?? 0;
  }
}

/** A name as it can be printed: what a hostile one could do to a terminal is spelt out. */
// oxlint-disable-next-line no-control-regex -- these are what is spelt out
export const printed = (name: string): string => name.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e]/g, spelt);

const spelt = (one: string): string => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
