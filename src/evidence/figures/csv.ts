/** What stands in a cell; null leaves it empty. */
export type Cell = string | number | null;

/**
 * Comma-separated values (RFC 4180): CRLF after each record, quotes where a field needs them. Numbers as ECMAScript writes
 * them: the shortest text that reads back as the same double.
 */
export function csvOf(header: readonly string[], rows: Iterable<readonly Cell[]>): string {
  const lines = [record(header)];
  for (const row of rows) lines.push(record(row));
  return `${lines.join('\r\n')}\r\n`;
}

const record = (cells: readonly Cell[]): string => cells.map(fieldOf).join(',');

function fieldOf(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = cell.toWellFormed(); // half a surrogate pair has no UTF-8
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
