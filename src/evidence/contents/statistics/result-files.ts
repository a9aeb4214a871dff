import type { PayloadFile } from '../../package/evidence-package.js';
import { aboutTheResults, rankOf } from '../report/about-the-results.js';
import { htmlReport } from '../report/html-report.js';
import type { Told } from '../report/told.js';
import { PATHS } from '../study/paths.js';
import { csvRecords, words, type Cell } from '../written/csv.js';
import { ofCanonical, streamed } from '../written/payload.js';

/** 07-statistics, but for the table of the cases: every number with its interval, its test, and the page of its cases. */
export const resultFiles = (told: Told): PayloadFile[] => [
  ofCanonical(
    PATHS.results,
    `The analysis, number ${told.view.file.analysis.number}: its SHA-256 is the one on record`,
    told.view.file.analysis.result,
  ),
  streamed(PATHS.resultsTable, 'csv', 'Every number of every endpoint, a row an interval, or the coded reason why there is none', () =>
    csvRecords(HEAD, resultRows(told)),
  ),
  streamed(PATHS.tables, 'html', 'The tables of the results, each number with a link to its cases', () =>
    htmlReport(
      `Results – ${told.view.file.title}`,
      aboutTheResults({ ...told, figures: [] }).filter((block) => block.kind !== 'heading' || block.id !== 'figures'),
      '../',
    ),
  ),
];

const HEAD = [
  'endpoint',
  'repeats',
  'kind',
  'rank',
  'failures',
  'measure',
  'estimate',
  'interval_method',
  'lower',
  'upper',
  'test',
  'p',
  'decision',
  'cases',
  'code',
  'note',
  'trace',
];

function* resultRows({ endpoints, traces }: Told): Generator<Cell[], void> {
  for (const one of endpoints) {
    const { result, refused, measures } = one;
    const head = [words(result.id), words(result.repeats ?? ''), result.kind, rankOf(one), result.failures];
    const cases = result.trace.cases.length;
    const page = traces.endpoints[one.place].path;
    if (refused !== null) yield [...head, null, null, null, null, null, null, null, null, cases, refused.error, refused.message, page];
    for (const { name, estimate, limits, test, note } of measures)
      for (const shown of limits.length === 0 ? [null] : limits)
        yield [
          ...head,
          words(name),
          estimate,
          shown?.method ?? null,
          shown?.interval?.[0] ?? null,
          shown?.interval?.[1] ?? null,
          words(test?.name ?? ''),
          test?.p ?? null,
          test?.decision ?? null,
          cases,
          null,
          words(note),
          page,
        ];
  }
}
