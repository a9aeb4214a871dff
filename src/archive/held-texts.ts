/**
 * How much stored text one answer of the database may hold, bytes: a header may have tens of megabytes, and many of them
 * together are more than a string or the process can. A page ends where it is reached; it has one row at least.
 */
export const HELD_TEXT_BYTES = 16 << 20;

/**
 * Of a query with the columns `place` and `held` (bytes), in the order of `place`: its rows up to HELD_TEXT_BYTES, and how many there
 * were in all. Lengths are known without unpacking a text.
 */
export const heldRows = (query: string): string =>
  `SELECT * FROM (SELECT q.*, sum(q.held) OVER (ORDER BY q.place) - q.held AS before, count(*) OVER ()::int AS found FROM (${query}) AS q) AS w
    WHERE before < ${HELD_TEXT_BYTES} ORDER BY place`;

/** Rows in groups of as much text as may be held, or moved by one statement; a group has one at least. */
export function heldGroups(rows: readonly { readonly id: number; readonly held: number }[]): number[][] {
  const groups: number[][] = [];
  let held = Infinity;
  for (const row of rows) {
    held += row.held;
    if (held > HELD_TEXT_BYTES) {
      groups.push([]);
      held = row.held;
    }
    groups[groups.length - 1].push(row.id);
  }
  return groups;
}

const ROWS_AT_ONCE = 32;

/** A question that answers the first of the rows it is asked for, in their order, as many as may be held. */
type Page<T> = (some: readonly number[]) => Promise<readonly T[]>;

/**
 * Pages of the rows that are there of these.
 * @param rows  ascending
 */
export async function* pagesOf<T extends { readonly id: number }>(page: Page<T>, rows: readonly number[]): AsyncGenerator<readonly T[]> {
  for (let from = 0; from < rows.length;) {
    const found = await page(rows.slice(from, from + ROWS_AT_ONCE));
    yield found;
    const last = found.at(-1);
    from = last === undefined ? from + ROWS_AT_ONCE : rows.indexOf(last.id, from) + 1; // of those behind it some may be gone
  }
}

/** The same, one after the other. */
export async function* inPages<T extends { readonly id: number }>(page: Page<T>, rows: readonly number[]): AsyncGenerator<T> {
  for await (const found of pagesOf(page, rows)) yield* found;
}
