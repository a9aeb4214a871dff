import PdfKit from 'pdfkit';
import type { StudyFile } from '../study-file.js';
import { plain, type Block } from './block.js';
import { drawSvg, sizeOf, wordsOf } from './pdf-drawing.js';
import { drawable, fontBytes } from './pdf-font.js';
import { tableOn } from './pdf-table.js';

type Document = PDFKit.PDFDocument;

const MARGIN = 48;
const SIZE = { body: 9.5, title: 20, 2: 15, 3: 11.5 } as const;
const INK = '#1a1a1a';
const NOTICE = '#8a4300';

/**
 * The report as PDF 1.7, its font embedded, tagged for screen readers; nothing compressed, dated with the study: the same study, the same
 * bytes. Links to cases are those of the HTML report, which stands beside it: here each endpoint names the page of its cases.
 */
export async function pdfReport(file: StudyFile, blocks: readonly Block[]): Promise<Uint8Array[]> {
  const date = new Date(`${file.date}T00:00:00.000Z`);
  const doc = new PdfKit({
    size: 'A4',
    margins: { top: MARGIN, bottom: MARGIN + 12, left: MARGIN, right: MARGIN },
    pdfVersion: '1.7',
    compress: false, // what zlib makes of the same bytes differs between its versions
    tagged: true,
    lang: 'en',
    displayTitle: true,
    bufferPages: true,
    autoFirstPage: true,
    info: {
      Title: file.title,
      Author: file.organisation,
      Subject: file.identifier,
      Creator: file.software,
      Producer: 'pdfkit',
      CreationDate: date,
      ModDate: date,
    },
  });
  const pieces: Uint8Array[] = [];
  doc.on('data', (piece: Uint8Array) => pieces.push(piece));
  const ended = new Promise<void>((resolve, reject) => doc.on('end', resolve).on('error', reject));
  for (const [name, bytes] of Object.entries(fontBytes())) doc.registerFont(name, bytes);
  said(doc, 'H1', file.title, 'bold', SIZE.title);
  for (const block of blocks) blockOn(doc, block);
  said(
    doc,
    'P',
    'A character that the font of this file lacks is written by its code point, [U+4E2D] say; index.html has it as it is. The cases behind each number: index.html, and from there.',
    'regular',
    SIZE.body,
  );
  numberPages(doc, file.identifier);
  doc.end();
  await ended;
  return pieces;
}

function said(doc: Document, tag: string, text: string, font: 'regular' | 'bold', size: number, color = INK): void {
  const words = drawable(text);
  doc.addStructure(
    doc.struct(tag, {}, () => {
      doc
        .font(font)
        .fontSize(size)
        .fillColor(color)
        .text(words, MARGIN, undefined, { width: widthOf(doc), lineGap: 1.5 });
    }),
  );
  doc.moveDown(0.4);
}

const widthOf = (doc: Document): number => doc.page.width - 2 * MARGIN;

/** Begins a page where less than this is left of it, points. */
function room(doc: Document, needed: number): void {
  if (doc.y + needed > doc.page.height - doc.page.margins.bottom) doc.addPage();
}

function blockOn(doc: Document, block: Block): void {
  switch (block.kind) {
    case 'heading':
      room(doc, 80);
      doc.moveDown(block.level === 2 ? 1 : 0.5);
      if (block.level === 2) doc.outline.addItem(drawable(block.text));
      return said(doc, `H${block.level}`, block.text, 'bold', SIZE[block.level]);
    case 'paragraph':
      return said(doc, 'P', plain(block.words), 'regular', SIZE.body);
    case 'notice':
      return said(doc, 'P', plain(block.words), 'bold', SIZE.body, NOTICE);
    case 'facts':
      return tableOn(doc, { caption: '', head: [], rows: block.rows.map(([name, words]) => [name, plain(words)]) });
    case 'list':
      for (const words of block.items) said(doc, 'P', `•  ${plain(words)}`, 'regular', SIZE.body);
      return;
    case 'table':
      return tableOn(doc, { caption: block.caption, head: block.head, rows: block.rows.map((row) => row.map(plain)) });
    case 'figure':
      return figureOn(doc, block.title, block.svg);
    case 'absent-figure':
      return said(doc, 'P', `${block.title}: not drawn. ${block.reason}`, 'bold', SIZE.body, NOTICE);
  }
}

function figureOn(doc: Document, title: string, svg: string): void {
  const { width, height } = sizeOf(svg);
  const scale = Math.min(widthOf(doc) / width, (doc.page.height - 2 * MARGIN - 60) / height, 0.8);
  room(doc, height * scale + 20);
  const top = doc.y;
  doc.addStructure(doc.struct('Figure', { alt: wordsOf(svg), title }, () => drawSvg(doc, svg, MARGIN, top, scale)));
  doc.x = MARGIN;
  doc.y = top + height * scale + 8;
}

/** The foot of each page, no part of what is read out. */
function numberPages(doc: Document, identifier: string): void {
  const { start, count } = doc.bufferedPageRange();
  for (let i = 0; i < count; i++) {
    doc.switchToPage(start + i);
    const { height, margins } = doc.page;
    margins.bottom = 0; // the foot stands below where text may
    doc.markContent('Artifact', { type: 'Pagination' });
    doc.font('regular').fontSize(8).fillColor(INK);
    doc.text(drawable(`${identifier} – page ${i + 1} of ${count}`), MARGIN, height - MARGIN + 6, {
      width: widthOf(doc),
      align: 'right',
      lineBreak: false,
    });
    doc.endMarkedContent();
  }
}
