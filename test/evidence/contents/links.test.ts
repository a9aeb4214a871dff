import { beforeAll, describe, expect, it } from '@jest/globals';
import type { StudyFile } from '../../../src/evidence/contents/study-file.js';
import { aSmallStudyFile } from './a-small-study.js';
import { aPurpose, aStudyFile } from './a-study-file.js';
import { aPlan, aStudy } from '../analysis/a-study.js';
import { idsOf, linksOf, readContents, sectionOf, textIn } from './read-contents.js';

describe('The pages of a study’s package', () => {
  let file: StudyFile;
  let files: ReadonlyMap<string, Buffer>;
  beforeAll(async () => {
    file = aSmallStudyFile();
    files = await readContents(file);
  });
  const pages = (): string[] => [...files.keys()].filter((path) => path.endsWith('.html'));

  it('have no dead link', () => {
    const dead = deadLinks(files);
    expect(pages().length).toBeGreaterThan(15);
    expect(dead).toEqual([]);
  });

  it('load nothing and run nothing', () => {
    for (const path of pages()) {
      const page = textIn(files, path);
      expect(page).not.toMatch(/<script|javascript:| src=| on[a-z]+="|@import|url\(/i);
      expect(page).toContain('<html lang="en">');
      expect(idsOf(page).size).toBe([...page.matchAll(/ id="/g)].length);
    }
  });

  it('lead from every number of every endpoint to its cases in two clicks: first to their list, then to each', () => {
    const report = textIn(files, 'index.html');
    for (const [i, { id, trace }] of file.analysis.result.endpoints.entries()) {
      const begin = report.indexOf(`<h3 id="endpoint-${i + 1}">`);
      const part = report.slice(begin, report.indexOf('<h', begin + 4));
      const clicks = linksOf('index.html', part);
      expect([id, clicks.length > 0]).toEqual([id, true]);
      for (const { path, fragment } of clicks) {
        const keys = linksOf(path, sectionOf(textIn(files, path), fragment)).map(({ text }) => text);
        expect(keys.every((key) => trace.cases.includes(key))).toBe(true);
        expect(keys.length).toBeGreaterThan(0);
      }
      const [{ path }] = clicks;
      const all = linksOf(path, sectionOf(textIn(files, path), 's0'));
      expect(all.map(({ text }) => text)).toEqual([...trace.cases].sort());
      for (const one of all) expect(textIn(files, one.path)).toContain(`<tr id="${one.fragment}"><th scope="row">${one.text}</th>`);
    }
  });

  it('have no number in a table of results that leads nowhere', () => {
    const report = textIn(files, 'index.html');
    const results = report.slice(report.indexOf('<h2 id="results">'), report.indexOf('<h2 id="figures">'));
    const cells = [...results.matchAll(/<td>(.*?)<\/td>/g)].map(([, cell]) => cell);
    const numbers = cells.filter((cell) => /^-?[\d.,]+(e[-+]\d+)?$|\d to \d/.test(cell.replace(/<[^>]*>/g, '')));
    expect(numbers.length).toBeGreaterThan(100);
    expect(numbers.filter((cell) => !cell.includes('<a href="trace/'))).toEqual([]);
  });

  it('show of a case its truth, score, readings, hashes and ledger record', () => {
    const [one] = file.dataset.items;
    const page = textIn(files, 'cases/0001.html');
    const row = page.slice(page.indexOf('<tr id="c0">'), page.indexOf('<tr id="c1">'));
    const prediction = file.run.predictions.find(({ caseKey }) => caseKey === one.caseKey)!;
    for (const said of [
      one.caseKey,
      one.fileSha256,
      one.pixelSha256,
      one.instanceHash,
      prediction.outputSha256,
      `ledger record ${prediction.ledgerSeq}`,
    ])
      expect(row).toContain(said);
    expect(row).toContain('R1 unaided: ');
    expect(row).toContain('R2 (simulated) aided: ');
  });

  it('say of an endpoint without a number why, by its code', () => {
    expect(file.analysis.result.endpoints.find(({ id }) => id === 'S2')?.result).toHaveProperty('error', 'E_UNBALANCED');
    const report = textIn(files, 'index.html');
    const begin = report.indexOf('<h3 id="endpoint-4">');
    expect(report.slice(begin, report.indexOf('<h3', begin + 4))).toContain('E_UNBALANCED');
  });

  it('say of simulated readers that they are, wherever they are named', () => {
    expect(textIn(files, 'index.html')).toContain('Simulated: the readings of R2 are made by a program');
    for (const path of [...pages(), '08-figures/reader-scatter.svg', '08-figures/reader-scatter.csv'])
      for (const [after] of textIn(files, path).matchAll(/\bR2\b.{0,13}/g))
        expect([path, after]).toEqual([path, expect.stringMatching(/^R2 \(simulated\)|^R2 are made/)]);
  });

  it('keep markup in what people wrote from being markup', () => {
    expect(textIn(files, 'index.html')).toContain('=1+1 &lt;script&gt;alert(1)&lt;/script&gt;');
    expect(textIn(files, 'index.html')).toContain('Screening &lt;2024&gt; &amp; &quot;more&quot;');
  });
});

describe('The pages of a large study', () => {
  it('list long runs of cases by their ends, and lose none', async () => {
    const tables = aStudy(2_600, 0);
    const file = aStudyFile({
      plan: aPlan([{ id: 'P1', kind: 'auc' }]),
      tables,
      variables: { binary: ['routine'], category: ['site'], number: ['age'] },
      purposes: [aPurpose('P1', 'primary')],
    });
    const files = await readContents(file);
    expect(deadLinks(files)).toEqual([]);
    expect([...files.keys()].filter((path) => path.startsWith('cases/'))).toEqual([
      'cases/0001.html',
      'cases/0002.html',
      'cases/0003.html',
    ]);
    const path = [...files.keys()].find((one) => one.startsWith('trace/e01'))!;
    const section = sectionOf(textIn(files, path), 's0');
    const places = linksOf(path, section).map(({ fragment }) => Number(fragment.slice(1)));
    expect(places).toEqual([0, 999, 1000, 1999, 2000, 2599]);
    const places3 = [1, 2].flatMap((part) => {
      const text = sectionOf(textIn(files, path), `s${part}`);
      return [...text.matchAll(/#c(\d+)">[^<]*<\/a>(?:–<a href="[^"]*#c(\d+)")?/g)].flatMap(([, first, last]) =>
        Array.from({ length: Number(last ?? first) - Number(first) + 1 }, (_, i) => Number(first) + i),
      );
    });
    expect(places3.sort((a, b) => a - b)).toEqual(Array.from({ length: 2_600 }, (_, i) => i));
  });
});

/** Links to a file that is not there, or to a place in it that is not. */
function deadLinks(files: ReadonlyMap<string, Buffer>): string[] {
  const ids = new Map([...files.keys()].filter((path) => path.endsWith('.html')).map((path) => [path, idsOf(textIn(files, path))]));
  return [...ids.keys()].flatMap((from) =>
    linksOf(from, textIn(files, from)).flatMap(({ path, fragment }) =>
      !files.has(path) || (fragment !== '' && !(ids.get(path)?.has(fragment) ?? false)) ? [`${from} → ${path}#${fragment}`] : [],
    ),
  );
}
