import { describe, expect, it } from '@jest/globals';
import { caseFlowFigure } from '../../../src/evidence/figures/case-flow.js';
import { confusionFigure } from '../../../src/evidence/figures/confusion.js';
import { driftFigure } from '../../../src/evidence/figures/drift.js';
import { aCaseFlow, aConfusion, aDrift } from './a-figure.js';
import { allOf, described, marksOf, plotOf, pointsOf, readCsv, texts } from './read-svg.js';

const refusing = (code: string) => expect.objectContaining({ name: 'FigureError', code });

/** Relative luminance of `#rrggbb` (WCAG 2.2). */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((place) => {
    const part = Number.parseInt(colour.slice(place, place + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe('Confusion matrix', () => {
  it('shows counts and shares of the true class, and has them in its table', () => {
    const { svg, csv } = confusionFigure(aConfusion());
    expect(texts(svg)).toEqual(
      expect.arrayContaining(['254', '84.7 %', '46', '15.3 %', '20', '20.0 %', '80', '80.0 %', 'n = 300', 'n = 100']),
    );
    expect(readCsv(csv).slice(1)).toEqual([
      ['No finding', 'No finding', '254', String(254 / 300)],
      ['No finding', 'Finding', '46', String(46 / 300)],
      ['Finding', 'No finding', '20', '0.2'],
      ['Finding', 'Finding', '80', '0.8'],
    ]);
    expect(described(svg)).toContain('of 400 cases in 2 classes; 334 (83.5 %) called as the truth is.');
    expect(described(svg)).toContain('Of 100 with truth Finding, called 20 (20.0 %) as No finding, 80 (80.0 %) as Finding.');
  });

  it('can be read on its darkest cell (WCAG 2.2, 1.4.3)', () => {
    const { svg } = confusionFigure(
      aConfusion({
        counts: [
          [1, 0],
          [0, 1],
        ],
      }),
    );
    const fills = allOf(svg, 'rect').map(({ attributes }) => luminance(attributes['fill']));
    const ink = Math.max(...allOf(svg, 'text').map(({ attributes }) => luminance(attributes['fill'])));
    expect((Math.min(...fills) + 0.05) / (ink + 0.05)).toBeGreaterThan(4.5);
    expect(Math.max(...fills) / Math.min(...fills)).toBeGreaterThan(2);
  });

  it('says of a class without cases that it has none', () => {
    const { svg, csv } = confusionFigure(
      aConfusion({
        counts: [
          [3, 1],
          [0, 0],
        ],
      }),
    );
    expect(texts(svg).filter((text) => text === 'no case')).toHaveLength(2);
    expect(readCsv(csv).at(-1)).toEqual(['Finding', 'Finding', '0', '']);
  });

  it.each([
    ['E_EMPTY', { classes: [], counts: [] }],
    [
      'E_EMPTY',
      {
        counts: [
          [0, 0],
          [0, 0],
        ],
      },
    ],
    ['E_LENGTH_MISMATCH', { counts: [[1, 2]] }],
    ['E_LENGTH_MISMATCH', { counts: [[1, 2], [3]] }],
    [
      'E_NON_FINITE',
      {
        counts: [
          [1, 2],
          [3, NaN],
        ],
      },
    ],
    [
      'E_DOMAIN',
      {
        counts: [
          [1, 2],
          [3, 0.5],
        ],
      },
    ],
  ])('answers %s to what it cannot draw', (code, given) => {
    expect(() => confusionFigure(aConfusion(given))).toThrow(refusing(code));
  });
});

describe('Drift', () => {
  const given = (): Parameters<typeof driftFigure>[0] => ({
    ...aDrift(3),
    labels: ['a', 'b', 'c'],
    values: [0, 10, 5],
    lowerLimit: Float64Array.of(0, 2, 4),
    upperLimit: 8,
    alarms: [1],
  });

  it('draws the statistic, its limits and its alarms on one scale', () => {
    const { svg } = driftFigure(given());
    const { left, right, top, bottom } = plotOf(svg);
    const at = (i: number, value: number): [number, number] => [left + (i / 2) * (right - left), bottom - (value / 10) * (bottom - top)];
    const [lower, upper, values] = allOf(svg, 'path').map(pointsOf);
    expect(lower).toEqual([at(0, 0), at(2, 4)]);
    expect(upper).toEqual([at(0, 8), at(2, 8)]);
    expect(values).toEqual([at(0, 0), at(1, 10), at(2, 5)]);
    expect(marksOf(svg, '#d55e00')[0]).toEqual(at(1, 10));
    expect(described(svg)).toContain('1 alarm, the first at b (point 2) with 10.000.');
  });

  it('has a table of exactly what it was given', () => {
    expect(readCsv(driftFigure(given()).csv)).toEqual([
      ['place', 'label', 'value', 'lower_limit', 'upper_limit', 'alarm'],
      ['0', 'a', '0', '0', '8', '0'],
      ['1', 'b', '10', '2', '8', '1'],
      ['2', 'c', '5', '4', '8', '0'],
    ]);
  });

  it('draws one window, and windows that are all alike', () => {
    for (const values of [[0.1], [0.1, 0.1, 0.1]]) {
      const { svg } = driftFigure({ ...aDrift(values.length), values, upperLimit: null, alarms: [] });
      expect(svg).not.toMatch(/NaN|Infinity/);
      expect(described(svg)).toContain('No alarm.');
    }
  });

  it('draws 29,000 cases in a picture of some kilobytes, all of them in its table', () => {
    const { svg, csv } = driftFigure(aDrift(29_000));
    expect(svg.length).toBeLessThan(150_000);
    expect(readCsv(csv)).toHaveLength(29_001);
    expect(described(svg)).toMatch(/alarms, the first at /);
  });

  it.each([
    ['E_EMPTY', { labels: [], values: [], alarms: [] }],
    ['E_LENGTH_MISMATCH', { values: [1] }],
    ['E_LENGTH_MISMATCH', { lowerLimit: [1] }],
    ['E_NON_FINITE', { upperLimit: NaN }],
    ['E_DOMAIN', { upperLimit: 1e301 }],
    ['E_DOMAIN', { alarms: [24] }],
    ['E_ORDER', { alarms: [3, 2] }],
  ])('answers %s to what it cannot draw', (code, wrong) => {
    expect(() => driftFigure({ ...aDrift(24), ...wrong })).toThrow(refusing(code));
  });
});

describe('Flow of cases', () => {
  it('shows who was screened, who was left out and why, who was analysed', () => {
    const { svg, csv } = caseFlowFigure(aCaseFlow());
    expect(texts(svg)).toEqual(
      expect.arrayContaining([
        'Examinations screened (n = 29,431)',
        'Excluded (n = 331)',
        '• no frontal view (n = 120)',
        'Analysed (n = 29,000)',
      ]),
    );
    expect(described(svg)).toContain('Examinations screened: 29,431; excluded 331: younger than 18 years 211, no frontal view 120.');
    expect(described(svg)).toMatch(/29,000 cases analysed of 29,431\.$/);
    expect(readCsv(csv).slice(0, 5)).toEqual([
      ['series', 'step', 'label', 'n'],
      ['step', '1', 'Examinations screened', '29431'],
      ['excluded', '1', 'younger than 18 years', '211'],
      ['excluded', '1', 'no frontal view', '120'],
      ['step', '2', 'Eligible', '29100'],
    ]);
    expect(readCsv(csv).at(-1)).toEqual(['group', '4', 'Without the finding', '21750']);
  });

  it('lets no two boxes overlap, however long a reason is', () => {
    const reason = 'a reason that needs many words '.repeat(8);
    const steps = aCaseFlow().steps.map((step) => ({ ...step, label: reason, excluded: step.excluded.map(({ n }) => ({ reason, n })) }));
    const { svg } = caseFlowFigure(aCaseFlow({ steps }));
    const [, ...boxes] = allOf(svg, 'rect').map(({ attributes }) => ['x', 'y', 'width', 'height'].map((name) => Number(attributes[name])));
    const overlaps = boxes.flatMap(([x, y, width, height], i) =>
      boxes.slice(i + 1).filter(([left, top, w, h]) => x < left + w && left < x + width && y < top + h && top < y + height),
    );
    expect(boxes.length).toBe(9);
    expect(overlaps).toEqual([]);
  });

  it('draws one step and a study in which no one is left', () => {
    expect(texts(caseFlowFigure(aCaseFlow({ steps: [{ label: 'All', n: 0, excluded: [] }], groups: [] })).svg)).toContain('All (n = 0)');
  });

  it.each([
    ['E_EMPTY', { steps: [] }],
    ['E_NON_FINITE', { groups: [{ label: 'x', n: NaN }] }],
    ['E_DOMAIN', { groups: [{ label: 'x', n: -1 }] }],
    ['E_INCONSISTENT', { groups: [{ label: 'x', n: 1 }] }],
    [
      'E_INCONSISTENT',
      {
        steps: [
          { label: 'a', n: 5, excluded: [{ reason: 'r', n: 1 }] },
          { label: 'b', n: 5, excluded: [] },
        ],
        groups: [],
      },
    ],
    ['E_INCONSISTENT', { steps: [{ label: 'a', n: 5, excluded: [{ reason: 'r', n: 1 }] }], groups: [] }],
  ])('answers %s to what does not add up', (code, given) => {
    expect(() => caseFlowFigure(aCaseFlow(given))).toThrow(refusing(code));
  });
});
