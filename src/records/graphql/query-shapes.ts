const LONGEST = 4_000;
const MOST_SHAPES = 1_000;
const TEXTS = /"(?:[^"\\\n\r]|\\.)*"/g;

/**
 * What is the same of queries that differ in their texts alone: each text is named by the place of its first like, as whether two
 * are the same decides whether fields can be merged; what they say decides nothing of a query's validity (the scalars take any).
 * Undefined where that can't be told at a glance.
 */
function shapeOf(query: string): string | undefined {
  if (query.length > LONGEST || query.includes('#') || query.includes('"""')) return undefined;
  const texts: string[] = [];
  return query.replace(TEXTS, (text) => {
    const place = texts.indexOf(text);
    return `"${place < 0 ? texts.push(text) - 1 : place}"`;
  });
}

/** The shapes of queries that were found valid: apps ask the same few over and over, with other ids. */
export class QueryShapes {
  private readonly valid = new Set<string>();

  /** Whether a query is known to be valid; if not, it is once `check` finds nothing wrong with it. */
  wrongs<Wrong>(schema: string, query: string, check: () => readonly Wrong[]): readonly Wrong[] {
    const shape = shapeOf(query);
    const key = shape === undefined ? undefined : `${schema} ${shape}`;
    if (key !== undefined && this.valid.has(key)) return [];
    const found = check();
    if (key !== undefined && found.length === 0) this.remember(key);
    return found;
  }

  /** The oldest makes room. */
  private remember(key: string): void {
    for (const oldest of this.valid) {
      if (this.valid.size < MOST_SHAPES) break;
      this.valid.delete(oldest);
    }
    this.valid.add(key);
  }
}
