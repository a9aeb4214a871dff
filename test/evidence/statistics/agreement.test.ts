import { describe, expect, it } from '@jest/globals';
import { measurementAgreement } from '../../../src/evidence/statistics/agreement/bland-altman.js';
import { cohenKappa } from '../../../src/evidence/statistics/agreement/cohen-kappa.js';
import { fleissKappa } from '../../../src/evidence/statistics/agreement/fleiss-kappa.js';
import { intraclassCorrelation } from '../../../src/evidence/statistics/agreement/icc.js';
import { type MeasurementLevel, krippendorffAlpha } from '../../../src/evidence/statistics/agreement/krippendorff-alpha.js';
import { columnOf, refusedWith } from './columns.js';

/** Two columns of codes from a table of counts. */
function raters(table: readonly (readonly number[])[]): [number[], number[]] {
  const rows = table.flatMap((counts, i) => counts.flatMap((count, j) => Array.from({ length: count }, () => [i, j])));
  return [rows.map(([i]) => i), rows.map(([, j]) => j)];
}

describe('Cohen’s kappa', () => {
  // Fleiss, Statistical Methods for Rates and Proportions, 2nd edition 1981, table 13.1: two raters, 100 patients
  const table = [
    [75, 1, 4],
    [5, 4, 1],
    [0, 0, 10],
  ];

  it('has the printed value of Fleiss 1981: 0.68, standard error 0.076 under no agreement, z 8.95', () => {
    const { kappa, seNull, z } = cohenKappa(...raters(table), [0, 1, 2], 'none', 0.95);
    expect(kappa).toBeCloseTo(0.68, 2);
    expect(seNull).toBeCloseTo(0.076, 3);
    expect(z).toBeCloseTo(8.9, 1);
  });

  it('does not care which rater is first, nor for the order of categories where all disagreements count alike', () => {
    const [a, b] = raters(table);
    const one = cohenKappa(a, b, [0, 1, 2], 'linear', 0.95);
    const other = cohenKappa(b, a, [2, 1, 0], 'linear', 0.95);
    expect(other.kappa).toBeCloseTo(one.kappa, 14);
    expect(other.se).toBeCloseTo(one.se!, 14);
    expect(cohenKappa(a, b, [1, 2, 0], 'none', 0.95).kappa).toBeCloseTo(cohenKappa(a, b, [0, 1, 2], 'none', 0.95).kappa, 14);
  });

  it('gives no interval where all agree, rather than one from 1 to 1', () => {
    const codes = [0, 0, 1, 2, 2];
    expect(cohenKappa(codes, codes, [0, 1, 2], 'quadratic', 0.95)).toMatchObject({
      kappa: 1,
      se: null,
      ci: null,
      flags: ['ZERO_VARIANCE'],
    });
  });

  it('says what is wrong in the order of the references', () => {
    expect(refusedWith(() => cohenKappa([], [1], [1, 2], 'none', 2))).toBe('E_EMPTY');
    expect(refusedWith(() => cohenKappa([9], [1, 2], [1, 2], 'none', 2))).toBe('E_LENGTH_MISMATCH');
    expect(refusedWith(() => cohenKappa([9], [1], [1, 2], 'none', 2))).toBe('E_LABEL');
    expect(refusedWith(() => cohenKappa([1], [1], [1, 2], 'none', 2))).toBe('E_DOMAIN');
    expect(refusedWith(() => cohenKappa([1], [1], [1, 1], 'none', 0.95))).toBe('E_DOMAIN');
    expect(refusedWith(() => cohenKappa([1, 1], [1, 1], [1, 2], 'none', 0.95))).toBe('E_DEGENERATE');
  });
});

describe('Fleiss’ kappa', () => {
  it('is Cohen’s with the mean margins where there are two raters (Scott’s pi)', () => {
    const [a, b] = [columnOf(60, 3, 5), columnOf(60, 3, 6)];
    const counts = a.map((one, i) => [0, 1, 2].map((category) => Number(one === category) + Number(b[i] === category)));
    const share = [0, 1, 2].map((category) => counts.reduce((sum, row) => sum + row[category], 0) / 120);
    const expected = share.reduce((sum, p) => sum + p * p, 0);
    const observed = a.filter((one, i) => one === b[i]).length / 60;
    expect(fleissKappa(counts).kappa).toBeCloseTo((observed - expected) / (1 - expected), 14);
  });

  it('has no kappa for a category that nobody used', () => {
    expect(fleissKappa([[2, 0, 0], [1, 1, 0], [0, 2, 0]]).categoryKappa[2]).toBeNull(); // prettier-ignore
  });

  it('says what is wrong in the order of the references', () => {
    expect(refusedWith(() => fleissKappa([]))).toBe('E_EMPTY');
    expect(refusedWith(() => fleissKappa([[1, 2], [-1]]))).toBe('E_LENGTH_MISMATCH');
    expect(refusedWith(() => fleissKappa([[2, -1], [1, 0]]))).toBe('E_DOMAIN'); // prettier-ignore
    expect(refusedWith(() => fleissKappa([[1, 0], [1, 1]]))).toBe('E_TOO_FEW'); // prettier-ignore
    expect(refusedWith(() => fleissKappa([[2, 0], [1, 0]]))).toBe('E_UNBALANCED'); // prettier-ignore
    expect(refusedWith(() => fleissKappa([[2, 0], [2, 0]]))).toBe('E_DEGENERATE'); // prettier-ignore
  });
});

describe('Intraclass correlation', () => {
  // Shrout and Fleiss, Psychological Bulletin 86 (1979) 420, table 2; the values of their table 4
  const ratings = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
  ];

  it('has the six printed values of Shrout and Fleiss', () => {
    const { icc1, icc2, icc3, icc1k, icc2k, icc3k } = intraclassCorrelation(ratings, 0.95);
    const printed = [0.17, 0.29, 0.71, 0.44, 0.62, 0.91];
    for (const [i, { value }] of [icc1, icc2, icc3, icc1k, icc2k, icc3k].entries()) expect(value).toBeCloseTo(printed[i], 2);
  });

  it('keeps form 3 where a rater is shifted, and forms 1 and 2 not; the scale changes none', () => {
    const before = intraclassCorrelation(ratings, 0.95);
    const shifted = intraclassCorrelation(ratings.map(([first, ...rest]) => [first + 10, ...rest]), 0.95); // prettier-ignore
    const scaled = intraclassCorrelation(ratings.map((row) => row.map((one) => 1e6 + one * 3)), 0.95); // prettier-ignore
    expect(shifted.icc3.value).toBeCloseTo(before.icc3.value!, 12);
    expect(shifted.icc2.value).toBeLessThan(before.icc2.value! - 0.1);
    expect(scaled.icc2.value).toBeCloseTo(before.icc2.value!, 9);
    expect(scaled.icc2.ci![0]).toBeCloseTo(before.icc2.ci![0], 8);
  });

  it('has no interval where raters differ by a constant only, though sums of decimals round', () => {
    const constant = [0.1, 0.2, 0.3, 0.7].map((one) => [one, one + 0.1, one + 0.2]);
    const answer = intraclassCorrelation(constant, 0.95);
    expect(answer.ms.error).toBe(0);
    expect(answer.icc3).toEqual({ value: 1, ci: null });
    expect(answer.flags).toContain('ZERO_VARIANCE');
  });

  it('says what is wrong in the order of the references', () => {
    expect(refusedWith(() => intraclassCorrelation([], 0.95))).toBe('E_EMPTY');
    expect(refusedWith(() => intraclassCorrelation([[1, NaN], [1]], 2))).toBe('E_NON_FINITE');
    expect(refusedWith(() => intraclassCorrelation([[1, 2], [1]], 2))).toBe('E_DOMAIN');
    expect(refusedWith(() => intraclassCorrelation([[1, 2]], 0.95))).toBe('E_TOO_FEW');
    expect(refusedWith(() => intraclassCorrelation([[1, 2], [1]], 0.95))).toBe('E_UNBALANCED');
    expect(refusedWith(() => intraclassCorrelation([[5, 5], [5, 5]], 0.95))).toBe('E_DEGENERATE'); // prettier-ignore
  });
});

describe('Krippendorff’s alpha', () => {
  // Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section C: four observers, twelve units
  const gap = null;
  const ratings = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, gap, gap, gap],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, gap, 3],
    [gap, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, gap],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, gap],
  ];

  it.each([
    ['nominal', 0.743],
    ['ordinal', 0.815],
    ['interval', 0.849],
    ['ratio', 0.797],
  ] as const)('has the printed value on the %s level: %d', (level, printed) => {
    expect(krippendorffAlpha(ratings, level).alpha).toBeCloseTo(printed, 3);
  });

  it('is the coincidence matrix’s, summed the long way, on every level', () => {
    const units = Array.from({ length: 30 }, (_, u) => columnOf(3, 5, u + 1).map((one, r) => ((u + r) % 7 === 0 ? null : one + 1)));
    const byRater = [0, 1, 2].map((r) => units.map((unit) => unit[r]));
    for (const level of ['nominal', 'ordinal', 'interval', 'ratio'] as const)
      expect(krippendorffAlpha(byRater, level).alpha).toBeCloseTo(theLongWay(units, level), 12);
  });

  it('does not care for the order of raters and units', () => {
    const turned = [...ratings].reverse().map((row) => [...row].reverse());
    for (const level of ['ordinal', 'ratio'] as const)
      expect(krippendorffAlpha(turned, level).alpha).toBeCloseTo(krippendorffAlpha(ratings, level).alpha, 14);
  });

  it('says what is wrong in the order of the references', () => {
    expect(refusedWith(() => krippendorffAlpha([], 'nominal'))).toBe('E_EMPTY');
    expect(refusedWith(() => krippendorffAlpha([[1, NaN], [1]], 'nominal'))).toBe('E_LENGTH_MISMATCH');
    expect(refusedWith(() => krippendorffAlpha([[NaN, 1], [null, 1]], 'nominal'))).toBe('E_NON_FINITE'); // prettier-ignore
    expect(refusedWith(() => krippendorffAlpha([[-1], [1]], 'ratio'))).toBe('E_DOMAIN');
    expect(refusedWith(() => krippendorffAlpha([[1, null], [null, 1]], 'ratio'))).toBe('E_TOO_FEW'); // prettier-ignore
    expect(refusedWith(() => krippendorffAlpha([[2, 2], [2, null]], 'ratio'))).toBe('E_DEGENERATE'); // prettier-ignore
  });
});

/** Alpha from the whole coincidence matrix and the printed differences, nothing simplified. */
function theLongWay(units: readonly (readonly (number | null)[])[], level: MeasurementLevel): number {
  const values = [1, 2, 3, 4, 5];
  const o = values.map(() => values.map(() => 0));
  for (const unit of units) {
    const rated = unit.filter((one) => one !== null);
    if (rated.length < 2) continue;
    for (const [i, a] of rated.entries()) for (const [j, b] of rated.entries()) if (i !== j) o[a - 1][b - 1] += 1 / (rated.length - 1);
  }
  const n = o.map((row) => row.reduce((sum, one) => sum + one, 0));
  const total = n.reduce((sum, one) => sum + one, 0);
  const delta = (c: number, k: number): number => {
    if (level === 'nominal') return c === k ? 0 : 1;
    if (level === 'interval') return (c - k) ** 2;
    if (level === 'ratio') return ((c - k) / (c + k + 2)) ** 2;
    const between = n.slice(Math.min(c, k), Math.max(c, k) + 1).reduce((sum, one) => sum + one, 0);
    return (between - (n[c] + n[k]) / 2) ** 2;
  };
  let [observed, expected] = [0, 0];
  for (const c of values.keys())
    for (const k of values.keys()) {
      observed += o[c][k] * delta(c, k);
      expected += (n[c] * n[k] * delta(c, k)) / (total - 1);
    }
  return 1 - observed / expected;
}

describe('Bland and Altman, Lin', () => {
  // Bland and Altman, Lancet i (1986) 307, table 1: peak flow by a large and a mini Wright meter, litres a minute
  const large = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427];
  const mini = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451];

  it('has the printed bias −2.1, standard deviation 38.8 and interval −22.0 to 17.8', () => {
    const { bias, sd, biasCi } = measurementAgreement(large, mini, 0.95);
    expect(bias).toBeCloseTo(-2.1, 1);
    expect(sd).toBeCloseTo(38.8, 1);
    expect(biasCi![0]).toBeCloseTo(-22.0, 0);
    expect(biasCi![1]).toBeCloseTo(17.8, 0);
  });

  it('turns its signs round where the methods are exchanged; concordance stays', () => {
    const one = measurementAgreement(large, mini, 0.9);
    const other = measurementAgreement(mini, large, 0.9);
    expect(other.loa![0]).toBeCloseTo(-one.loa![1], 10);
    expect(other.cccCi![0]).toBeCloseTo(one.cccCi![0], 12);
  });

  it('does not take the rounding of a constant difference for spread', () => {
    const a = Array.from({ length: 50 }, (_, i) => i / 10);
    const answer = measurementAgreement(a, a.map((one) => one + 0.3), 0.95); // prettier-ignore
    expect(answer).toMatchObject({ sd: 0, biasCi: null, loa: null, loaLowerCi: null });
    expect(answer.flags).toContain('ZERO_VARIANCE');
  });

  it('says what is wrong in the order of the references', () => {
    expect(refusedWith(() => measurementAgreement([], [], 0.95))).toBe('E_EMPTY');
    expect(refusedWith(() => measurementAgreement([NaN], [1, 2], 0.95))).toBe('E_LENGTH_MISMATCH');
    expect(refusedWith(() => measurementAgreement([1], [NaN], 2))).toBe('E_NON_FINITE');
    expect(refusedWith(() => measurementAgreement([1], [1], 2))).toBe('E_DOMAIN');
    expect(refusedWith(() => measurementAgreement([1], [1], 0.95))).toBe('E_TOO_FEW');
  });
});
