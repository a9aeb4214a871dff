import { describe, expect, it } from '@jest/globals';
import { textWidth } from '../../../src/evidence/figures/drawing/text-width.js';
import { readerScatterFigure } from '../../../src/evidence/figures/reader-scatter.js';
import { subgroupForestFigure } from '../../../src/evidence/figures/subgroup-forest.js';
import { aForest, aReaderScatter } from './a-figure.js';
import { allOf, described, firstOf, marksOf, plotOf, readCsv, readSvg, texts } from './read-svg.js';

const refusing = (code: string) => expect.objectContaining({ name: 'FigureError', code });

interface Lettered {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Where horizontal texts lie, as wide as the widest common font has them. */
const letteredIn = (svg: string): Lettered[] =>
  allOf(svg, 'text')
    .filter(({ attributes }) => attributes['transform'] === undefined)
    .map(({ text, attributes }) => {
      const [x, y, size] = ['x', 'y', 'font-size'].map((name) => Number(attributes[name]));
      const width = textWidth(text, { size });
      const left = { start: x, middle: x - width / 2, end: x - width }[attributes['text-anchor'] ?? 'start'] ?? NaN;
      return { text, left, right: left + width, top: y - 0.76 * size, bottom: y };
    });

function overlapping(all: readonly Lettered[]): string[] {
  return all.flatMap((one, i) =>
    all
      .slice(i + 1)
      .filter(({ left, right, top, bottom }) => one.left < right && left < one.right && one.top < bottom && top < one.bottom)
      .map(({ text }) => `${one.text} × ${text}`),
  );
}

const LONG = 'a name so long that no column holds it, with MANY WIDE LETTERS in it';

describe('Subgroup forest', () => {
  it('draws estimates, intervals and the pooled line on one scale', () => {
    const rows = [0.5, 0.75].map((estimate, i) => ({ variable: 'Sex', level: 'FM'[i], n: 10, estimate, interval: [0, 1] as const }));
    const { svg } = subgroupForestFigure(aForest(2, { subgroups: rows, pooled: { n: 20, estimate: 0.625, interval: null } }));
    const squares = marksOf(svg, '#0072b2').map(([x]) => x);
    const [diamond] = marksOf(svg, '#d55e00')[0];
    const whisker = firstOf(svg, 'g', 'stroke-width', '1.5').inside[0].attributes;
    const [from, to] = [Number(whisker['x1']), Number(whisker['x2'])];
    expect(squares).toEqual([from + 0.5 * (to - from), from + 0.75 * (to - from)]);
    expect(diamond).toBe(from + 0.625 * (to - from));
    const pooled = firstOf(svg, 'line', 'stroke-dasharray', '6 4').attributes;
    expect([Number(pooled['x1']), Number(pooled['x2'])]).toEqual([diamond, diamond]);
  });

  it('has a table of exactly what it was given, empty where nothing exists', () => {
    const given = aForest();
    const [, ...rows] = readCsv(subgroupForestFigure(given).csv);
    expect(rows.slice(0, -1)).toEqual(
      given.subgroups.map(({ variable, level, n, estimate, interval }) => [
        'subgroup',
        variable,
        level,
        ...[n, estimate ?? '', ...(interval ?? ['', ''])].map(String),
      ]),
    );
    expect(rows.at(-1)).toEqual(['pooled', '', '', '29000', '0.912', '0.901', '0.923']);
  });

  it('says which subgroup is lowest and which cannot be estimated', () => {
    const { svg } = subgroupForestFigure(aForest());
    expect(described(svg)).toMatch(
      /^AUC of 12 subgroups with 95 % intervals\. All 29,000 cases together: 0\.912 \(95 % CI 0\.901 to 0\.923\)\. Lowest 0\.\d{3} \(/,
    );
    expect(described(svg)).toContain('Not estimable in 1 subgroup.');
    expect(texts(svg)).toContain('not estimable');
  });

  it.each([1, 12, 40])('lets no two labels of %i subgroups overlap, however long they are', (count) => {
    const subgroups = aForest(count).subgroups.map((row) => ({ ...row, variable: `${row.variable} ${LONG}`, level: LONG, n: 29_000_000 }));
    const { svg } = subgroupForestFigure(aForest(count, { subgroups, metric: LONG }));
    const width = Number(readSvg(svg).attributes['width']);
    const lettered = letteredIn(svg);
    expect(overlapping(lettered)).toEqual([]);
    expect(lettered.filter(({ left, right }) => left < 0 || right > width)).toEqual([]);
  });

  it('draws when nothing can be estimated, and one value only', () => {
    const nothing = { n: 3, estimate: null, interval: null };
    expect(
      marksOf(subgroupForestFigure(aForest(1, { subgroups: [{ variable: 'v', level: 'l', ...nothing }], pooled: nothing })).svg, '#0072b2'),
    ).toEqual([]);
    const same = { n: 3, estimate: 1, interval: [1, 1] as const };
    expect(() => subgroupForestFigure(aForest(1, { subgroups: [{ variable: 'v', level: 'l', ...same }], pooled: same }))).not.toThrow();
  });

  it.each([
    ['E_EMPTY', { subgroups: [] }],
    ['E_NON_FINITE', { pooled: { n: 1, estimate: NaN, interval: null } }],
    ['E_NON_FINITE', { pooled: { n: 1, estimate: 1, interval: [0, Infinity] as const } }],
    ['E_DOMAIN', { pooled: { n: -1, estimate: 1, interval: null } }],
    ['E_DOMAIN', { pooled: { n: 1, estimate: 1.1e300, interval: null } }],
    ['E_DOMAIN', { conf: 0 }],
  ])('answers %s to what it cannot draw', (code, given) => {
    expect(() => subgroupForestFigure(aForest(2, given))).toThrow(refusing(code));
  });
});

describe('Reader scatter', () => {
  it('draws both points of a reader where they are, joined', () => {
    const reader = { reader: 'R1', unaided: { sensitivity: 0.5, specificity: 0.75 }, aided: { sensitivity: 0.75, specificity: 0.75 } };
    const { svg } = readerScatterFigure(aReaderScatter(1, { readers: [reader], operatingPoint: null }));
    const { left, right, top, bottom } = plotOf(svg);
    const x = left + 0.25 * (right - left);
    const [unaided, aided] = [(top + bottom) / 2, top + (bottom - top) / 4];
    expect(marksOf(svg, '#ffffff')[0]).toEqual([x, unaided]);
    expect(marksOf(svg, '#d55e00')[0]).toEqual([x, aided]);
    const lines = allOf(svg, 'line').map(({ attributes }) => ['x1', 'y1', 'x2', 'y2'].map((name) => Number(attributes[name])));
    expect(lines).toContainEqual([x, unaided, x, aided]);
  });

  it('has a table of exactly what it was given', () => {
    const given = aReaderScatter(2, { curve: { fpr: [0, 1], tpr: [0, 1] } });
    const [, ...rows] = readCsv(readerScatterFigure(given).csv);
    expect(rows).toEqual([
      ['curve', '', '0', '0', '', ''],
      ['curve', '', '1', '1', '', ''],
      ['operating_point', '', '', '', '0.8', '0.85'],
      ...given.readers.flatMap(({ reader, unaided, aided }) => [
        ['unaided', reader, '', '', String(unaided?.sensitivity), String(unaided?.specificity)],
        ['aided', reader, '', '', String(aided?.sensitivity), String(aided?.specificity)],
      ]),
    ]);
  });

  it.each([1, 6, 30])('lets no two labels of %i readers overlap, however long they are and however close the readers', (count) => {
    const sparse = aReaderScatter(count);
    const same = sparse.readers.map(() => ({
      reader: LONG,
      unaided: { sensitivity: 1, specificity: 1 },
      aided: { sensitivity: 1, specificity: 1 },
    }));
    for (const input of [sparse, aReaderScatter(count, { readers: same })]) {
      const { svg } = readerScatterFigure(input);
      const lettered = letteredIn(svg);
      expect(overlapping(lettered)).toEqual([]);
      const { width, height } = readSvg(svg).attributes;
      expect(lettered.filter(({ left, right, bottom }) => left < 0 || right > Number(width) || bottom > Number(height))).toEqual([]);
    }
  });

  it('draws readers of one arm, and says the means', () => {
    const readers = aReaderScatter(3).readers.map((row) => ({ ...row, aided: null }));
    const { svg } = readerScatterFigure(aReaderScatter(3, { readers }));
    expect(described(svg)).toContain('Mean of 3 readers without the model: sensitivity 0.');
    expect(described(svg)).not.toContain('readers with the model');
    expect(texts(svg)).toContain('–');
  });

  it.each([
    ['E_EMPTY', { readers: [] }],
    ['E_EMPTY', { readers: [{ reader: 'R', unaided: null, aided: null }] }],
    ['E_LENGTH_MISMATCH', { curve: { fpr: [0], tpr: [] } }],
    ['E_NON_FINITE', { readers: [{ reader: 'R', unaided: { sensitivity: NaN, specificity: 1 }, aided: null }] }],
    ['E_DOMAIN', { operatingPoint: { sensitivity: 1.2, specificity: 1 } }],
    ['E_ORDER', { curve: { fpr: [1, 0], tpr: [0, 1] } }],
  ])('answers %s to what it cannot draw', (code, given) => {
    expect(() => readerScatterFigure(aReaderScatter(2, given))).toThrow(refusing(code));
  });
});
