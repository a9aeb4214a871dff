import type { PayloadFile } from '../../package/evidence-package.js';
import { page } from '../report/html-page.js';
import { readerName, type CaseView, type StudyView } from '../study/study-view.js';
import { html, type Html } from '../written/markup.js';
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
  yield html`<p><a href="index.html">Report</a></p>
    <h1>Cases</h1>
    <p>
      ${view.cases.length} cases, in the order of their keys. The same in one table: <a href="07-statistics/cases.csv">cases.csv</a>,
      <a href="07-statistics/cases.parquet">cases.parquet</a>.
    </p>
    <ul></ul> `.markup;
  for (let i = 0; i < pages; i++) {
    const members = membersOf(view, i);
    yield html`<li><a href="${casePage(i)}">${members[0].key} to ${members[members.length - 1].key}</a></li> `.markup;
  }
  yield '</ul>\n';
}

function* casesOnPage(view: StudyView, i: number, pages: number): Generator<string, void> {
  const name = (page_: number): string => casePage(page_).slice('cases/'.length);
  const links = [
    html`<a href="../index.html">Report</a>`,
    html`<a href="../cases.html">All pages</a>`,
    ...(i > 0 ? [html`<a href="${name(i - 1)}">Page before</a>`] : []),
    ...(i < pages - 1 ? [html`<a href="${name(i + 1)}">Next page</a>`] : []),
  ];
  const simulated = view.file.members.some((member) => member.simulated);
  yield html`<p>${links.map((one, k) => (k === 0 ? one : html` · ${one}`))}</p>
    <h1>Cases, page ${i + 1} of ${pages}</h1>
    <p>
      Called positive where the score is ${view.protocol.protocol.plan.threshold} or more. Readings: rating / clinical
      action.${simulated ? ' Readings of readers named (simulated) are made by a program, not by a person.' : ''}
    </p>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">Case</th>
            <th scope="col">Truth</th>
            <th scope="col">Model</th>
            <th scope="col">Readings</th>
            <th scope="col">Of the case</th>
            <th scope="col">SHA-256 and ledger</th>
          </tr>
        </thead>
        <tbody></tbody>
      </table>
    </div> `.markup;
  for (const one of membersOf(view, i)) yield `${caseRow(view, one).markup}\n`;
  yield '</tbody>\n</table></div>\n';
}

function caseRow(view: StudyView, { place, key, item, row, prediction, called, readings, labels }: CaseView): Html {
  const model =
    called === null ? html`no answer: ${prediction.error}` : html`${prediction.score ?? ''}<br />${called === 1 ? 'positive' : 'negative'}`;
  const variables = [...Object.entries(row.binary), ...Object.entries(row.category), ...Object.entries(row.number)].map(
    ([name, value]) => `${name}: ${value ?? 'unknown'}`,
  );
  const about = [
    `patient ${row.patientId}`,
    ...variables,
    ...[item.site, item.manufacturer, item.model, item.sex].filter(Boolean),
    ...(item.ageYears === null ? [] : [`${item.ageYears} years`]),
    ...(item.timesUsedBefore === 0 ? [] : [`used by ${item.timesUsedBefore} studies before`]),
  ];
  return html`<tr id="${caseAnchor(place)}">
    <th scope="row">${key}</th>
    <td>
      ${row.truth === 1 ? '1 (positive)' : '0 (negative)'}${labels.map(
        (one) => html`<br />${one.by}: ${one.label ?? 'none'} (${one.method}${one.adjudicates ? ', adjudication' : ''})`,
      )}
    </td>
    <td>${model}</td>
    <td>
      ${readings.map(
        (one, i) =>
          html`${i === 0 ? '' : html`<br />`}${readerName(view, one.reader)} ${one.arm}:
          ${one.status === 'not-evaluable' ? 'not evaluable' : html`${one.rating ?? '–'} / ${one.clinicalAction ?? '–'}`}`,
      )}
    </td>
    <td>${about.join('; ')}</td>
    <td>
      <code
        >file ${item.fileSha256}<br />pixels ${item.pixelSha256}<br />instance ${item.instanceHash}<br />output
        ${prediction.outputSha256}</code
      ><br />ledger record ${prediction.ledgerSeq}
    </td>
  </tr>`;
}
