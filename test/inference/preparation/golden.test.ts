import { describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { computeGolden } from './golden-functions.js';
import { readGolden, type GoldenCase } from './golden-file.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const TABLE = `${ROOT}docs/golden-preparation.md`;
const { versions, pictures, cases } = readGolden(`${ROOT}test/golden/preparation.json`);
const FUNCTIONS = [...new Set(cases.map((one) => one.function))];
/** What must agree to the last bit. */
const WHOLE_NUMBERS = new Set(['stored values', 'YBR_FULL to RGB', 'PALETTE COLOR to RGB', 'modality LUT']);
const AGREEMENT = 1e-5;
/** Below this share of a case's greatest value, a difference is measured against that share. */
const FLOOR = 1e-3;

/** The worst |ours − theirs| / |theirs| of a case. */
function worstError(one: GoldenCase): number {
  const picture = pictures.get(one.picture);
  if (picture === undefined) throw new Error(`no picture ${one.picture}`);
  const ours = computeGolden(one, picture);
  const theirs = one.expected.values;
  if (ours.length !== theirs.length) return Infinity;
  const least = FLOOR * theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const errors = Array.from(ours, (value, i) =>
    value === theirs[i] ? 0 : Math.abs(value - theirs[i]) / Math.max(Math.abs(theirs[i]), least),
  );
  return errors.some(Number.isNaN) ? Infinity : errors.reduce((worst, error) => Math.max(worst, error), 0);
}

const worst = new Map(FUNCTIONS.map((name) => [name, cases.filter((one) => one.function === name).map(worstError)]));

describe('Preparation against NumPy, OpenCV, scikit-image, SciPy and pydicom', () => {
  it.each(FUNCTIONS)('%s', (name) => {
    for (const error of worst.get(name) ?? [NaN])
      if (WHOLE_NUMBERS.has(name)) expect(error).toBe(0);
      else expect(error).toBeLessThanOrEqual(AGREEMENT);
  });

  it('is told in docs/golden-preparation.md as it is (WRITE_GOLDEN=1 writes it)', () => {
    const table = tableOf();
    if (process.env['WRITE_GOLDEN'] !== undefined) writeFileSync(TABLE, table);
    expect(readFileSync(TABLE, 'utf8')).toBe(table);
  });
});

function tableOf(): string {
  const used = [...versions].map(([name, version]) => `${name} ${version}`).join(', ');
  const rows = FUNCTIONS.map((name) => {
    const errors = worst.get(name) ?? [];
    return `| ${name} | ${errors.length} | ${roundedUp(Math.max(...errors))} |`;
  });
  return `# Preparation against references

Made by \`test/inference/preparation/golden.test.ts\` from \`test/golden/preparation.json\` (${used}; \`test/golden/make-preparation.py\`).
The error is the worst of all values of all cases: |ours − theirs| / |theirs|, where |theirs| is at least a thousandth of the
case's greatest value. It must not pass 1e-5, and be 0 for whole numbers. OpenCV's resize holds its weights in single precision.

| function | cases | worst relative error |
|---|---:|---:|
${rows.join('\n')}

${cases.length} cases.
`;
}

/** One digit: the second differs between machines at the most. */
function roundedUp(error: number): string {
  if (error === 0) return '0';
  const power = 10 ** Math.floor(Math.log10(error));
  return (Math.ceil(error / power) * power).toExponential(0);
}
