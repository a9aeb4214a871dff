import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { drawable } from './pdf-font.js';

type Document = PDFKit.PDFDocument;
type Attributes = Readonly<Record<string, string>>;

/** Elements whose text is no part of the drawing. */
const WORDS = new Set(['title', 'desc']);

/** How large a drawing of ours is, in its own units. */
export function sizeOf(svg: string): { readonly width: number; readonly height: number } {
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
  return { width: Number(width), height: Number(height) };
}

/** What a drawing says of itself, for who cannot see it. */
export function wordsOf(svg: string): string {
  let [words, isInside] = ['', false];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name }) => (isInside = name === 'desc'));
  parser.on('text', (text) => {
    if (isInside) words += text;
  });
  parser.on('closetag', () => (isInside = false));
  parser.write(svg).close();
  return words;
}

/**
 * A figure of evidence/figures on a page of PDF, as lines and text: of SVG 1.1 only what those figures have (lines, rectangles, paths,
 * polygons, text, groups; what is inherited is inherited). @param scale  points a unit
 */
export function drawSvg(doc: Document, svg: string, left: number, top: number, scale: number): void {
  const inherited: Attributes[] = [{ fill: '#000000', stroke: 'none' }];
  const parser = new SaxesParser();
  let text: string | null = null;
  let words = 0;
  doc.save().translate(left, top).scale(scale);
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    const { transform, ...own } = attributes;
    const all = { ...inherited.at(-1), ...own };
    inherited.push(all);
    if (WORDS.has(name)) words++;
    doc.save();
    if (transform !== undefined) transformed(doc, transform);
    if (name === 'text') text = '';
    else drawShape(doc, name, all);
  });
  parser.on('text', (piece) => {
    if (text !== null && words === 0) text += piece;
  });
  parser.on('closetag', ({ name }) => {
    const all = inherited.pop()!;
    if (WORDS.has(name)) words--;
    if (name === 'text' && text !== null) {
      drawText(doc, text, all);
      text = null;
    }
    doc.restore();
  });
  parser.write(svg).close();
  doc.restore();
}

function transformed(doc: Document, transform: string): void {
  for (const [, name, numbers] of transform.matchAll(/(\w+)\(([^)]*)\)/g)) {
    const [a, b = 0, c = 0] = numbers.split(/[\s,]+/).map(Number);
    if (name === 'translate') doc.translate(a, b);
    if (name === 'rotate') doc.rotate(a, { origin: [b, c] });
  }
}

const numberOf = (attributes: Attributes, name: string, otherwise = 0): number => Number(attributes[name] ?? otherwise);

function drawShape(doc: Document, name: string, all: Attributes): void {
  const n = (key: string): number => numberOf(all, key);
  if (name === 'line') doc.moveTo(n('x1'), n('y1')).lineTo(n('x2'), n('y2'));
  else if (name === 'rect') doc.rect(n('x'), n('y'), n('width'), n('height'));
  else if (name === 'path') doc.path(all['d']);
  else if (name === 'polygon') doc.polygon(...pointsOf(all['points']));
  else return;
  painted(doc, name === 'line' ? { ...all, fill: 'none' } : all);
}

const pointsOf = (points: string): [number, number][] =>
  points
    .trim()
    .split(/\s+/)
    .map((pair) => {
      const [x, y] = pair.split(',').map(Number);
      return [x, y];
    });

function painted(doc: Document, all: Attributes): void {
  const [isFilled, isStroked] = [all['fill'] !== 'none', all['stroke'] !== 'none'];
  doc.fillOpacity(numberOf(all, 'fill-opacity', 1)).strokeOpacity(numberOf(all, 'stroke-opacity', 1));
  if (isStroked) {
    doc.lineWidth(numberOf(all, 'stroke-width', 1)).lineJoin(all['stroke-linejoin'] === 'round' ? 'round' : 'miter');
    const dashes = (all['stroke-dasharray'] ?? '')
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(Number);
    if (dashes.length > 0) doc.dash(dashes[0], { space: dashes[1] ?? dashes[0] });
    else doc.undash();
  }
  if (isFilled && isStroked) doc.fillAndStroke(all['fill'], all['stroke']);
  else if (isFilled) doc.fill(all['fill']);
  else if (isStroked) doc.stroke(all['stroke']);
  else doc.rect(0, 0, 0, 0).clip(); // a path that is painted with nothing
}

/** Text stands on its base line, at the side that its anchor says. A halo is not drawn: on paper the lines below are thin enough. */
function drawText(doc: Document, text: string, all: Attributes): void {
  const words = drawable(text);
  doc.font(all['font-weight'] === 'bold' ? 'bold' : 'regular').fontSize(numberOf(all, 'font-size', 12));
  const width = doc.widthOfString(words);
  const anchor = all['text-anchor'] ?? 'start';
  const x = numberOf(all, 'x') - (anchor === 'middle' ? width / 2 : anchor === 'end' ? width : 0);
  doc.fillOpacity(1).fillColor(all['fill']).text(words, x, numberOf(all, 'y'), { lineBreak: false, baseline: 'alphabetic' });
}
