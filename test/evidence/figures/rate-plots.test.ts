import { describe, expect, it } from '@jest/globals';
import { precisionRecallFigure } from '../../../src/evidence/figures/precision-recall.js';
import { rocFigure } from '../../../src/evidence/figures/roc.js';
import { aPrecisionRecall, aRoc } from './a-figure.js';
import { allOf, described, firstOf, marksOf, plotOf, pointsOf, readCsv, texts } from './read-svg.js';

const POINT = '#d55e00';
const refusing = (code: string) => expect.objectContaining({ name: 'FigureError', code });

/** What a call throws. */
function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** The legend's samples are marks, too; the first mark is the plot's. */
const placed = (svg: string, x: number, y: number): [number, number] => {
  const { left, top, right, bottom } = plotOf(svg);
  return [left + x * (right - left), bottom - y * (bottom - top)];
};

describe('ROC', () => {
  it('draws the operating point where its rates are, and its intervals as a cross', () => {
    const { svg } = rocFigure(aRoc());
    const [x, y] = placed(svg, 0.15, 0.8);
    expect(marksOf(svg, POINT)[0]).toEqual([expect.closeTo(x, 2), expect.closeTo(y, 2)]);
    const ends = allOf(svg, 'line').map(({ attributes }) => ['x1', 'y1', 'x2', 'y2'].map((name) => Number(attributes[name])));
    const near = (values: number[]) => values.map((value) => expect.closeTo(value, 1));
    expect(ends).toContainEqual(near([...placed(svg, 0.11, 0.8), ...placed(svg, 0.2, 0.8)]));
    expect(ends).toContainEqual(near([...placed(svg, 0.15, 0.71), ...placed(svg, 0.15, 0.87)]));
  });

  it('draws a curve from the origin through its points', () => {
    const { svg, csv } = rocFigure(aRoc({ curve: { fpr: [0.25, 1], tpr: [0.75, 1] }, band: null, operatingPoint: null }));
    const drawn = pointsOf(allOf(svg, 'path')[0]);
    expect(drawn).toEqual([placed(svg, 0, 0), placed(svg, 0.25, 0.75), placed(svg, 1, 1)]);
    expect(readCsv(csv).map((row) => row.slice(0, 3))).toEqual([
      ['series', 'fpr', 'tpr'],
      ['curve', '0', '0'],
      ['curve', '0.25', '0.75'],
      ['curve', '1', '1'],
    ]);
  });

  it('has a table of exactly what it was given', () => {
    const given = aRoc();
    const [header, ...rows] = readCsv(rocFigure(given).csv);
    const column = (series: string, name: string): number[] =>
      rows.filter(([first]) => first === series).map((row) => Number(row[header.indexOf(name)]));
    expect(column('curve', 'fpr')).toEqual([0, ...Array.from(given.curve.fpr)]);
    expect(column('curve', 'tpr')).toEqual([0, ...Array.from(given.curve.tpr)]);
    expect(column('band', 'fpr')).toEqual(given.band?.fpr);
    expect(column('band', 'tpr_lower')).toEqual(given.band?.lower);
    expect(column('band', 'tpr_upper')).toEqual(given.band?.upper);
    expect(rows.at(-1)).toEqual(['operating_point', '', '', '', '', '0.8', '0.71', '0.87', '0.85', '0.8', '0.89']);
  });

  it('says the main numbers in words', () => {
    const words = described(rocFigure(aRoc()).svg);
    expect(words).toContain('Area under the curve 0.912 (95 % CI 0.880 to 0.940)');
    expect(words).toContain('sensitivity 0.800 (95 % CI 0.710 to 0.870), specificity 0.850 (95 % CI 0.800 to 0.890)');
  });

  it('draws a curve of one point, a perfect one, and one without interval', () => {
    const ties = rocFigure(
      aRoc({ curve: { fpr: [1], tpr: [1] }, auc: { estimate: 0.5, interval: null }, band: null, operatingPoint: null }),
    );
    expect(pointsOf(allOf(ties.svg, 'path')[0])).toHaveLength(2);
    expect(texts(ties.svg)).toContain('ROC curve, AUC 0.500 (no interval)');
    const perfect = { sensitivity: 1, specificity: 1, sensitivityInterval: null, specificityInterval: [1, 1] as const };
    const { svg } = rocFigure(aRoc({ curve: { fpr: [0, 1], tpr: [1, 1] }, operatingPoint: perfect }));
    expect(marksOf(svg, POINT)[0]).toEqual(placed(svg, 0, 1));
  });

  it.each([
    ['E_EMPTY', aRoc({ curve: { fpr: [], tpr: [] } })],
    ['E_LENGTH_MISMATCH', aRoc({ curve: { fpr: [0, 1], tpr: [1] } })],
    ['E_LENGTH_MISMATCH', aRoc({ band: { fpr: [0, 1], lower: [0], upper: [1, 1] } })],
    ['E_NON_FINITE', aRoc({ curve: { fpr: [0, NaN], tpr: [0, 1] } })],
    ['E_NON_FINITE', aRoc({ auc: { estimate: Infinity, interval: null } })],
    ['E_NON_FINITE', aRoc({ conf: NaN })],
    ['E_NON_FINITE', aRoc({ auc: { estimate: 0.9, interval: [0.8, undefined as unknown as number] } })],
    ['E_DOMAIN', aRoc({ curve: { fpr: [0, 1.01], tpr: [0, 1] } })],
    ['E_DOMAIN', aRoc({ auc: { estimate: 0.9, interval: [0.95, 0.85] } })],
    ['E_DOMAIN', aRoc({ conf: 1 })],
    ['E_DOMAIN', aRoc({ band: { fpr: [0.5], lower: [0.6], upper: [0.5] } })],
    ['E_ORDER', aRoc({ curve: { fpr: [0, 0.5, 0.4], tpr: [0, 1, 1] } })],
    ['E_ORDER', aRoc({ curve: { fpr: [0, 0.5, 0.6], tpr: [0, 1, 0.9] } })],
  ])('answers %s to what it cannot draw', (code, input) => {
    expect(thrownBy(() => rocFigure(input))).toEqual(refusing(code));
  });
});

describe('Precision and recall', () => {
  it('draws steps: a precision holds from the recall before to its own', () => {
    const { svg } = precisionRecallFigure(aPrecisionRecall({ recall: [0.5, 1], precision: [1, 0.25], operatingPoint: null }));
    expect(pointsOf(allOf(svg, 'path')[0])).toEqual([placed(svg, 0, 1), placed(svg, 0.5, 1), placed(svg, 0.5, 0.25), placed(svg, 1, 0.25)]);
  });

  it('draws the operating point and the share of positives where they are', () => {
    const { svg } = precisionRecallFigure(aPrecisionRecall());
    const [x, y] = placed(svg, 0.8, 0.64);
    expect(marksOf(svg, POINT)[0]).toEqual([expect.closeTo(x, 2), expect.closeTo(y, 2)]);
    const chance = firstOf(svg, 'line', 'stroke-dasharray', '2 3');
    expect(Number(chance.attributes['y1'])).toBeCloseTo(placed(svg, 0, 0.25)[1], 2);
  });

  it('has a table of exactly what it was given', () => {
    const given = aPrecisionRecall();
    const [, ...rows] = readCsv(precisionRecallFigure(given).csv);
    const curve = rows.filter(([series]) => series === 'curve');
    expect(curve.map((row) => Number(row[1]))).toEqual(given.recall);
    expect(curve.map((row) => Number(row[4]))).toEqual(given.precision);
    expect(rows.slice(-2)).toEqual([
      ['prevalence', '', '', '', '0.25', '', ''],
      ['operating_point', '0.8', '0.71', '0.87', '0.64', '0.55', '0.72'],
    ]);
  });

  it.each([
    ['E_EMPTY', aPrecisionRecall({ recall: [], precision: [] })],
    ['E_LENGTH_MISMATCH', aPrecisionRecall({ recall: [1] })],
    ['E_NON_FINITE', aPrecisionRecall({ recall: [1], precision: [NaN] })],
    ['E_DOMAIN', aPrecisionRecall({ prevalence: -0.1 })],
    ['E_ORDER', aPrecisionRecall({ recall: [1, 0.5], precision: [0.5, 1] })],
  ])('answers %s to what it cannot draw', (code, input) => {
    expect(thrownBy(() => precisionRecallFigure(input))).toEqual(refusing(code));
  });
});
