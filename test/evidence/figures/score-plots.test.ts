import { describe, expect, it } from '@jest/globals';
import { calibrationFigure, type CalibrationBin } from '../../../src/evidence/figures/calibration.js';
import { scoreDistributionFigure } from '../../../src/evidence/figures/score-distribution.js';
import { aCalibration, aDistribution, scoredCases } from './a-figure.js';
import { allOf, described, firstOf, marksOf, plotOf, readCsv, texts } from './read-svg.js';

const refusing = (code: string) => expect.objectContaining({ name: 'FigureError', code });

const oneBin = (given: Partial<CalibrationBin> = {}): CalibrationBin => ({
  lower: 0,
  upper: 1,
  n: 4,
  meanPredicted: 0.25,
  observed: 0.5,
  interval: [0.125, 0.875],
  ...given,
});
const four = [0, 0.02, 0.5, 1];

describe('Calibration', () => {
  it('draws each bin at its mean prediction and observed share, with the interval', () => {
    const { svg } = calibrationFigure(aCalibration({ bins: [oneBin()], scores: four }));
    const { left, right, top, bottom } = plotOf(svg);
    const x = left + 0.25 * (right - left);
    expect(marksOf(svg, '#0072b2')[0]).toEqual([x, (top + bottom) / 2]);
    const whiskers = allOf(svg, 'line').filter(({ attributes }) => attributes['x1'] === String(x) && attributes['x2'] === String(x));
    expect(whiskers.map(({ attributes }) => [Number(attributes['y1']), Number(attributes['y2'])])).toContainEqual([
      bottom - 0.125 * (bottom - top),
      bottom - 0.875 * (bottom - top),
    ]);
  });

  it('has a table of the bins given and of the bars drawn, edges belonging to the bar above', () => {
    const [, ...rows] = readCsv(calibrationFigure(aCalibration({ bins: [oneBin()], scores: four })).csv);
    expect(rows[0]).toEqual(['bin', '0', '1', '4', '0.25', '0.5', '0.125', '0.875']);
    const bars = rows.slice(1);
    expect(bars).toHaveLength(50);
    expect(bars.filter(([, , , n]) => n !== '0').map((row) => row.slice(1, 4))).toEqual([
      ['0', '0.02', '1'],
      ['0.02', '0.04', '1'],
      ['0.5', '0.52', '1'],
      ['0.98', '1', '1'],
    ]);
  });

  it('leaves out empty bins, and says where the gap is largest', () => {
    const given = aCalibration();
    const { svg, csv } = calibrationFigure(given);
    const full = given.bins.filter(({ n }) => n > 0);
    expect(readCsv(csv).filter(([series]) => series === 'bin')).toHaveLength(full.length);
    expect(described(svg)).toMatch(/The largest gap is in the bin from 0\.300 to 0\.400 \(\d+ cases\): predicted 0\.\d{3}, observed/);
  });

  it('draws one case, and bins without interval at 0 and 1', () => {
    const bins = [
      oneBin({ upper: 0.5, n: 1, meanPredicted: 0, observed: 0, interval: null }),
      oneBin({ lower: 0.5, n: 1, meanPredicted: 1, observed: 1, interval: null }),
    ];
    const { svg } = calibrationFigure(aCalibration({ bins, scores: [0, 1] }));
    const { left, right, top, bottom } = plotOf(svg);
    expect(marksOf(svg, '#0072b2').slice(0, 2)).toEqual([
      [left, bottom],
      [right, top],
    ]);
  });

  it.each([
    ['E_EMPTY', aCalibration({ bins: [] })],
    ['E_EMPTY', aCalibration({ scores: [] })],
    ['E_NON_FINITE', aCalibration({ bins: [oneBin({ observed: null })], scores: four })],
    ['E_NON_FINITE', aCalibration({ bins: [oneBin()], scores: [0, 1, NaN, 0] })],
    ['E_DOMAIN', aCalibration({ bins: [oneBin({ n: 1.5 })], scores: four })],
    ['E_DOMAIN', aCalibration({ bins: [oneBin()], scores: [0, 1, 2, 0] })],
    ['E_ORDER', aCalibration({ bins: [oneBin({ lower: 0.5 }), oneBin({ upper: 0.5 })], scores: [...four, ...four] })],
    ['E_INCONSISTENT', aCalibration({ bins: [oneBin()], scores: [0.5] })],
  ])('answers %s to what it cannot draw', (code, input) => {
    expect(() => calibrationFigure(input)).toThrow(refusing(code));
  });
});

describe('Score distribution', () => {
  it('counts every case in its bar; shares are of the class', () => {
    const { labels, scores } = scoredCases(1_000);
    const [, ...rows] = readCsv(scoreDistributionFigure(aDistribution({ labels, scores })).csv);
    for (const [name, label] of [['positive', 1] as const, ['negative', 0] as const]) {
      const bars = rows.filter(([series]) => series === name);
      const own = scores.filter((_, i) => labels[i] === label);
      expect(bars).toHaveLength(40);
      for (const [, from, to, n, share] of bars) {
        const inside = own.filter((score) => score >= Number(from) && (score < Number(to) || (to === '1' && score === 1)));
        expect(Number(n)).toBe(inside.length);
        expect(Number(share)).toBe(inside.length / own.length);
      }
    }
    expect(rows.at(-1)).toEqual(['threshold', '0.5', '', '', '']);
  });

  it('draws positive cases upward, negative ones downward, the threshold where it is', () => {
    const { svg } = scoreDistributionFigure(aDistribution({ labels: [1, 0], scores: [0.75, 0.25], threshold: 0.5 }));
    const { left, right, top, bottom } = plotOf(svg);
    const bars = allOf(svg, 'rect').filter(({ attributes }) => attributes['stroke-width'] !== undefined);
    const boxOf = (i: number) => ['x', 'y', 'height'].map((name) => Number(bars[i].attributes[name]));
    expect(boxOf(0)).toEqual([left + 0.75 * (right - left), top, (bottom - top) / 2]);
    expect(boxOf(1)).toEqual([left + 0.25 * (right - left), (top + bottom) / 2, (bottom - top) / 2]);
    const threshold = firstOf(svg, 'line', 'stroke-dasharray', '6 4');
    expect(Number(threshold.attributes['x1'])).toBe((left + right) / 2);
    expect(described(svg)).toContain('is reached by 1 of 1 with the finding and by 0 of 1 without it.');
  });

  it.each([
    ['one class only', { labels: [0, 0, 0], scores: [0.1, 0.2, 0.3] }],
    ['one case', { labels: [1], scores: [0] }],
    ['all ties', { labels: [0, 1, 0], scores: [0.5, 0.5, 0.5] }],
    ['all ties far from 0 to 1', { labels: [0, 1], scores: [-1e12, -1e12] }],
    ['the smallest and the largest numbers', { labels: [0, 1], scores: [-1e300, 1e300] }],
    ['numbers next to each other', { labels: [0, 1], scores: [1, 1 + Number.EPSILON] }],
    ['smallest numbers', { labels: [0, 1], scores: [-5e-324, 5e-324] }],
    ['probabilities of 0 and 1', { labels: [0, 1], scores: [0, 1] }],
  ])('draws %s', (_what, cases) => {
    const { svg, csv } = scoreDistributionFigure(aDistribution({ ...cases, threshold: null }));
    const counts = readCsv(csv)
      .slice(1)
      .map((row) => Number(row[3]));
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(cases.labels.length);
    for (const text of [svg, csv]) expect(text).not.toMatch(/NaN|Infinity/);
    for (const text of texts(svg)) expect(text.length).toBeLessThan(60);
  });

  it.each([
    ['E_EMPTY', { labels: [], scores: [] }],
    ['E_LENGTH_MISMATCH', { labels: [1], scores: [1, 2] }],
    ['E_LABEL', { labels: [1, 2], scores: [1, 2] }],
    ['E_NON_FINITE', { labels: [1, 0], scores: [1, -Infinity] }],
    ['E_NON_FINITE', { threshold: NaN }],
    ['E_DOMAIN', { labels: [1, 0], scores: [1, 1.7e308] }],
  ])('answers %s to what it cannot draw', (code, given) => {
    expect(() => scoreDistributionFigure(aDistribution(given))).toThrow(refusing(code));
  });
});
