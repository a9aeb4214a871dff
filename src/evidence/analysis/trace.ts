/**
 * Which cases a number was computed from, by their keys: all of them, and the parts that its own numbers count, say the
 * true positives, or a subgroup's. So that a reader of the report gets from any number to its cases.
 */
export interface Trace {
  readonly cases: readonly string[];
  readonly parts: Readonly<Record<string, readonly string[]>>;
  /** Those that the model failed on: counted as the worst case, or left out, as the endpoint's rule says. */
  readonly failures: readonly string[];
}

/** Sorts keys into parts; a part that is named beforehand is there even if it stays empty. */
export function sortIntoParts(
  keys: readonly string[],
  partOf: (index: number) => string | null,
  named: readonly string[] = [],
): Record<string, readonly string[]> {
  const parts = new Map<string, string[]>(named.map((name) => [name, []]));
  for (const [i, key] of keys.entries()) {
    const part = partOf(i);
    if (part === null) continue;
    const known = parts.get(part);
    if (known === undefined) parts.set(part, [key]);
    else known.push(key);
  }
  return Object.fromEntries(parts);
}
