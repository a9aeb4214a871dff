import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { calibrationFigure } from '../../../src/evidence/figures/calibration.js';
import { caseFlowFigure } from '../../../src/evidence/figures/case-flow.js';
import { confusionFigure } from '../../../src/evidence/figures/confusion.js';
import { driftFigure } from '../../../src/evidence/figures/drift.js';
import type { Figure } from '../../../src/evidence/figures/figure.js';
import { precisionRecallFigure } from '../../../src/evidence/figures/precision-recall.js';
import { readerScatterFigure } from '../../../src/evidence/figures/reader-scatter.js';
import { rocFigure } from '../../../src/evidence/figures/roc.js';
import { scoreDistributionFigure } from '../../../src/evidence/figures/score-distribution.js';
import { subgroupForestFigure } from '../../../src/evidence/figures/subgroup-forest.js';
import { aCalibration, aCaseFlow, aConfusion, aDistribution, aDrift, aForest, aPrecisionRecall, aReaderScatter, aRoc } from './a-figure.js';
import { allOf, described, everything, readCsv, readSvg, texts } from './read-svg.js';

/** Every figure with a text in each place where one may stand. */
const withText: Readonly<Record<string, (text: string) => Figure>> = {
  roc: (title) => rocFigure(aRoc({ title })),
  'precision-recall': (title) => precisionRecallFigure(aPrecisionRecall({ title })),
  calibration: (title) => calibrationFigure(aCalibration({ title })),
  'score-distribution': (title) => scoreDistributionFigure(aDistribution({ title })),
  'subgroup-forest': (text) => {
    const { subgroups } = aForest();
    return subgroupForestFigure(
      aForest(12, { title: text, metric: text, subgroups: subgroups.map((row) => ({ ...row, variable: text, level: text })) }),
    );
  },
  'reader-scatter': (text) => {
    const { readers } = aReaderScatter();
    return readerScatterFigure(aReaderScatter(6, { title: text, readers: readers.map((row) => ({ ...row, reader: text })) }));
  },
  confusion: (text) => confusionFigure(aConfusion({ title: text, classes: [text, `${text}2`] })),
  drift: (text) => {
    const { labels } = aDrift();
    return driftFigure(aDrift(24, { title: text, statistic: text, labels: labels.map(() => text) }));
  },
  'case-flow': (text) => {
    const { steps, groups } = aCaseFlow();
    const excluding = steps.map((step) => ({ ...step, label: text, excluded: step.excluded.map(({ n }) => ({ reason: text, n })) }));
    return caseFlowFigure({ title: text, steps: excluding, groups: groups.map(({ n }) => ({ label: text, n })) });
  },
};
const HOSTILE = `</text><script>alert("1")</script> & 'x' ]]> \u0000\u0008\u000B\uFFFE \uD800 & <!-- --> ${'very long '.repeat(40)}漢字 عربي 🩻 "quoted", \r\nline`;

describe.each(Object.entries(withText))('Figure %s', (_name, figure) => {
  it('is well-formed, accessible, of a fixed size, and complete in itself', () => {
    const { svg } = figure('A title');
    const root = readSvg(svg);
    const { width, height, viewBox, role } = root.attributes;
    expect([width, height].every((size) => /^\d+$/.test(size))).toBe(true);
    expect([viewBox, role]).toEqual([`0 0 ${width} ${height}`, 'img']);
    expect(root.inside.slice(0, 2).map(({ name }) => name)).toEqual(['title', 'desc']);
    expect(root.inside[0].text).toBe('A title');
    expect(described(svg)).toMatch(/\d.*\.$/);
    expect(described(svg)).not.toContain('null');
    const names = new Set(everything(root).map(({ name }) => name));
    for (const name of names) expect(['svg', 'title', 'desc', 'g', 'rect', 'line', 'path', 'text', 'polygon']).toContain(name);
    for (const { attributes } of everything(root)) {
      expect(Object.keys(attributes).filter((one) => /^(id|class|style|href|xlink:href|on.*)$/.test(one))).toEqual([]);
      if (attributes['font-family'] !== undefined) expect(attributes['font-family']).toBe('sans-serif');
    }
  });

  it('holds no number that is none, and no more digits than two', () => {
    const { svg, csv } = figure('Title');
    for (const text of [svg, csv]) expect(text).not.toMatch(/NaN|Infinity|undefined|null/);
    for (const { attributes } of everything(readSvg(svg)))
      for (const value of Object.values(attributes)) expect(value).not.toMatch(/\.\d{3}|\de[+-]\d/);
  });

  it('is the same bytes again', () => {
    expect(figure('Once')).toEqual(figure('Once'));
  });

  it('holds hostile text as text: nothing of it becomes markup, what XML forbids is replaced', () => {
    const [plain, hostile] = [figure('x'), figure(HOSTILE)];
    const shapesOf = ({ svg }: Figure): Set<string> => new Set(everything(readSvg(svg)).map(({ name }) => name));
    expect(shapesOf(hostile)).toEqual(shapesOf(plain));
    // oxlint-disable-next-line no-control-regex
    expect(hostile.svg).not.toMatch(/[\u0000-\u0009\u000B-\u001F\uFFFE\uFFFF]/);
    expect(hostile.svg.isWellFormed()).toBe(true);
    expect(allOf(hostile.svg, 'title')[0].text).toContain(`</text><script>alert("1")</script> & 'x' ]]> \uFFFD\uFFFD\uFFFD\uFFFD \uFFFD &`);
    const width = Number(readSvg(hostile.svg).attributes['width']);
    for (const text of texts(hostile.svg)) expect(text.length).toBeLessThan(width / 4);
    expect(hostile.csv.isWellFormed()).toBe(true);
    const rows = readCsv(hostile.csv);
    for (const row of rows) expect(row).toHaveLength(rows[0].length);
  });

  it('is well-formed whatever a label holds', () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('', ' ', '\n', '"', '\uDC00\uD800'),
    );
    fc.assert(
      fc.property(any, (text) => {
        expect(readSvg(figure(text).svg).name).toBe('svg');
      }),
      { numRuns: 40 },
    );
  });
});
