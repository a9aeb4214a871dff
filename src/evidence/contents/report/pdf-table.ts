import { drawable } from './pdf-font.js';

type Document = PDFKit.PDFDocument;

export interface PlainTable {
  readonly caption: string;
  /** Empty: rows of a name and what it is. */
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const SIZE = 8;
const PADDING = 3;
const LINE = '#999999';
const INK = '#1a1a1a';

interface Column {
  readonly left: number;
  readonly width: number;
}

/** A table over as many pages as it needs, its head on each. */
export function tableOn(doc: Document, { caption, head, rows }: PlainTable): void {
  const { left, right, bottom } = doc.page.margins;
  const words = rows.map((row) => row.map(drawable));
  const heads = head.map(drawable);
  const columns = columnsOf(doc, [...(heads.length === 0 ? [] : [heads]), ...words], left, doc.page.width - left - right);
  const end = doc.page.height - bottom;
  const table = doc.struct('Table');
  doc.addStructure(table);
  if (caption !== '') {
    if (doc.y + 40 > end) doc.addPage();
    table.add(
      doc.struct(
        'Caption',
        {},
        () =>
          void doc
            .font('bold')
            .fontSize(SIZE + 1)
            .fillColor(INK)
            .text(drawable(caption), left, doc.y),
      ),
    );
    doc.moveDown(0.3);
  }
  const rowOn = (cells: readonly string[], isHead: boolean): void => {
    const top = doc.y;
    const row = doc.struct('TR');
    table.add(row);
    let height = 0;
    cells.forEach((cell, i) => {
      const font = isHead || i === 0 ? 'bold' : 'regular';
      const { left: x, width } = columns[i];
      row.add(
        doc.struct(isHead || i === 0 ? 'TH' : 'TD', {}, () => {
          doc.font(font).fontSize(SIZE).fillColor(INK);
          doc.text(cell === '' ? ' ' : cell, x + PADDING, top + PADDING, { width: width - 2 * PADDING });
          height = Math.max(height, doc.y - top + PADDING);
        }),
      );
    });
    row.end();
    doc.markContent('Artifact', { type: 'Layout' });
    for (const { left: x, width } of columns) doc.lineWidth(0.5).rect(x, top, width, height).stroke(LINE);
    doc.endMarkedContent();
    doc.x = left;
    doc.y = top + height;
  };
  const heightOf = (cells: readonly string[]): number =>
    2 * PADDING +
    Math.max(
      ...cells.map((cell, i) =>
        doc
          .font('bold')
          .fontSize(SIZE)
          .heightOfString(cell || ' ', { width: columns[i].width - 2 * PADDING }),
      ),
    );
  const most = end - doc.page.margins.top - 60;
  for (const [i, row] of words.entries()) {
    const parts = split(doc, row, columns, most);
    for (const part of parts) {
      const isFirst = i === 0 && part === parts[0];
      const needed = heightOf(part) + (isFirst && heads.length > 0 ? heightOf(heads) : 0);
      const isNew = doc.y + needed > end;
      if (isNew) doc.addPage();
      if (heads.length > 0 && (isFirst || isNew)) rowOn(heads, true);
      rowOn(part, false);
    }
  }
  table.end();
  doc.moveDown(0.8);
}

/** A word longer than this may break, points: a hash, an address. */
const LONGEST_WORD = 84;

/** Widths by how long the columns' texts are: no column narrower than its longest word, where there is room. */
function columnsOf(doc: Document, rows: readonly (readonly string[])[], left: number, width: number): Column[] {
  doc.font('bold').fontSize(SIZE);
  const count = Math.max(...rows.map(({ length }) => length));
  const wished = Array.from({ length: count }, (_, i) => {
    const cells = rows.map((row) => row[i] ?? '');
    const mean = cells.reduce((sum, cell) => sum + cell.length, 0) / cells.length;
    const word = cells.flatMap((cell) => cell.split(' ')).reduce((one, other) => (other.length > one.length ? other : one), '');
    return { least: Math.min(LONGEST_WORD, doc.widthOfString(word) + 1) + 2 * PADDING, weight: Math.min(40, mean) };
  });
  const least = wished.reduce((sum, one) => sum + one.least, 0);
  const all = wished.reduce((sum, one) => sum + one.weight, 0) || 1;
  let x = left;
  return wished.map((one) => {
    const own = least >= width ? (one.least / least) * width : one.least + (one.weight / all) * (width - least);
    const column = { left: x, width: own };
    x += own;
    return column;
  });
}

/** A row that no page could hold, as rows that one can: each of its cells goes on in the next. */
function split(doc: Document, row: readonly string[], columns: readonly Column[], most: number): (readonly string[])[] {
  const height = (cell: string, i: number): number =>
    doc
      .font('bold')
      .fontSize(SIZE)
      .heightOfString(cell, { width: columns[i].width - 2 * PADDING });
  if (row.every((cell, i) => height(cell, i) <= most)) return [row];
  const halves = row.map((cell) => {
    const space = cell.indexOf(' ', cell.length >> 1);
    const at = cell.length < 200 ? cell.length : space < 0 ? cell.length >> 1 : space;
    return [cell.slice(0, at), cell.slice(at).trimStart()] as const;
  });
  if (halves.every(([, rest]) => rest === '')) return [row];
  return [halves.map(([first]) => first), halves.map(([, rest]) => rest)].flatMap((half) => split(doc, half, columns, most));
}
