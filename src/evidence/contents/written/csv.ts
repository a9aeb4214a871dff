/** What stands in a cell; null leaves it empty. */
export type Cell = string | number | null;

/** What a spreadsheet would take for a formula (CWE-1236); a tab or a carriage return before it is dropped by some of them. */
// oxlint-disable-next-line no-control-regex -- NUL, tab and CR are what is looked for
const FORMULA = /^[\s\u0000]*[=+\-@\uFF0B\uFF0D\uFF1D\uFF20]|^[\t\r]/;

/**
 * Text as a spreadsheet takes it for text: an apostrophe before what begins as a formula does. For people's own words; keys and values that
 * are read back as data stand as they are, since a changed one would be another's.
 */
export const words = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** Comma-separated values (RFC 4180): CRLF after each record, a record at a time; numbers as ECMAScript writes them, so that they read back as the same double. */
export function* csvRecords(head: readonly string[], rows: Iterable<readonly Cell[]>): Generator<string, void> {
  yield record(head);
  for (const row of rows) yield record(row);
}

const record = (cells: readonly Cell[]): string => `${cells.map(fieldOf).join(',')}\r\n`;

function fieldOf(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
