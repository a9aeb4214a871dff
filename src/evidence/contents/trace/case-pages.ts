import type { PayloadFile } from '../../package/evidence-package.js';
import { page } from '../report/html-page.js';
import { readerName, type CaseView, type StudyView } from '../study/study-view.js';
import { markup, type Inside, type Markup } from '../written/markup.js';
import type { ReadingFile, TruthLabelFile } from '../study-file.js';
import { streamed } from '../written/payload.js';
import { CASES_A_PAGE, caseAnchor, casePage } from './case-places.js';

/** Every case, on pages of a thousand: what a number's second click leads to. */
export function casePageFiles(view: StudyView): PayloadFile[] {
  const pages = Math.ceil(view.cases.length / CASES_A_PAGE);
  return [
    streamed('cases.html', 'html', 'Which page has which cases', () => page(`Cases – ${view.file.title}`, () => overview(view, pages))),
    ...Array.from({ length: pages }, (_, i) =>
      streamed(casePage(i), 'html', `Cases, page ${i + 1} of ${pages}: truth, score, readings, hashes and ledger record of each`, () =>
        page(`Cases, page ${i + 1} of ${pages} – ${view.file.title}`, () => casesOnPage(view, i, pages)),
      ),
    ),
  ];
}

const membersOf = ({ cases }: StudyView, i: number): readonly CaseView[] => cases.slice(i * CASES_A_PAGE, (i + 1) * CASES_A_PAGE);

function* overview(view: StudyView, pages: number): Generator<string, void> {
  yield markup`<p><a href="index.html">Report</a></p>
<h1>Cases</h1>
<p>${view.cases.length} cases, in the order of their keys. The same in one table: <a href="07-statistics/cases.csv">cases.csv</a>, <a href="07-statistics/cases.parquet">cases.parquet</a>.</p>
<ul>
`.text;
  for (let i = 0; i < pages; i++) {
    const members = membersOf(view, i);
    yield markup`<li><a href="${casePage(i)}">${members[0].key} to ${members[members.length - 1].key}</a></li>
`.text;
  }
  yield '</ul>\n';
}

const HEADS = ['Case', 'Truth', 'Model', 'Readings', 'Of the case', 'SHA-256 and ledger'];

function* casesOnPage(view: StudyView, i: number, pages: number): Generator<string, void> {
  const name = (page_: number): string => casePage(page_).slice('cases/'.length);
  const links = [
    markup`<a href="../index.html">Report</a>`,
    markup`<a href="../cases.html">All pages</a>`,
    ...(i > 0 ? [markup`<a href="${name(i - 1)}">Page before</a>`] : []),
    ...(i < pages - 1 ? [markup`<a href="${name(i + 1)}">Next page</a>`] : []),
  ];
  const simulated = view.file.members.some((member) => member.simulated);
  const said = simulated ? ' Readings of readers named (simulated) are made by a program, not by a person.' : '';
  yield markup`<p>${links.map((one, k) => (k === 0 ? one : markup` · ${one}`))}</p>
<h1>Cases, page ${i + 1} of ${pages}</h1>
<p>Called positive where the score is ${view.protocol.protocol.plan.threshold} or more. Readings: rating / clinical action.${said}</p>
<div class="wide"><table>
<thead><tr>${HEADS.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>
`.text;
  for (const one of membersOf(view, i)) yield `${caseRow(view, one).text}\n`;
  yield '</tbody>\n</table></div>\n';
}

const BREAK = markup`<br>`;
const inLines = (lines: readonly Inside[]): Inside[] => lines.map((line, i) => (i === 0 ? line : [BREAK, line]));

function caseRow(view: StudyView, one: CaseView): Markup {
  const { place, key, item, row, prediction, labels, readings } = one;
  const cells: Inside[] = [
    inLines([row.truth === 1 ? '1 (positive)' : '0 (negative)', ...labels.map(labelWords)]),
    inLines(modelWords(one)),
    inLines(readings.map((reading) => readingWords(view, reading))),
    aboutCase(one).join('; '),
    [
      markup`<code>${inLines([`file ${item.fileSha256}`, `pixels ${item.pixelSha256}`, `instance ${item.instanceHash}`, `output ${prediction.outputSha256}`])}</code>`,
      BREAK,
      `ledger record ${prediction.ledgerSeq}`,
    ],
  ];
  return markup`<tr id="${caseAnchor(place)}"><th scope="row">${key}</th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>`;
}

const labelWords = ({ by, label, method, adjudicates }: TruthLabelFile): string =>
  `${by}: ${label ?? 'none'} (${method}${adjudicates ? ', adjudication' : ''})`;

const modelWords = ({ called, prediction }: CaseView): string[] =>
  called === null ? [`no answer: ${prediction.error}`] : [String(prediction.score), called === 1 ? 'positive' : 'negative'];

function readingWords(view: StudyView, { reader, arm, status, rating, clinicalAction }: ReadingFile): string {
  const said = status === 'not-evaluable' ? 'not evaluable' : `${rating ?? '–'} / ${clinicalAction ?? '–'}`;
  return `${readerName(view, reader)} ${arm}: ${said}`;
}

function aboutCase({ item, row }: CaseView): string[] {
  const variables = Object.entries({ ...row.binary, ...row.category, ...row.number });
  return [
    `patient ${row.patientId}`,
    ...variables.map(([name, value]) => `${name}: ${value ?? 'unknown'}`),
    ...[item.site, item.manufacturer, item.model, item.sex].filter(Boolean),
    ...(item.ageYears === null ? [] : [`${item.ageYears} years`]),
    ...(item.timesUsedBefore === 0 ? [] : [`studies before: ${item.timesUsedBefore}`]),
  ];
}
