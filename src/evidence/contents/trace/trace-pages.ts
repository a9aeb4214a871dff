import type { PayloadFile } from '../../package/evidence-package.js';
import { page } from '../report/html-page.js';
import type { StudyView } from '../study/study-view.js';
import { markup, type Markup } from '../written/markup.js';
import { streamed } from '../written/payload.js';
import { CASES_A_PAGE, caseAddress } from './case-places.js';
import type { TracePage, TraceSection } from './trace-page.js';
import { pagesOf, type Traces } from './traces.js';

/** Lists up to this long name each case; longer ones name the first and last of cases that follow each other, so that a page stays usable. */
const LISTED = 2_000;

/** The pages between a number and its cases. */
export const tracePageFiles = (view: StudyView, traces: Traces): PayloadFile[] =>
  pagesOf(traces).map((one) => streamed(one.path, 'html', one.title, () => tracePage(view, one)));

function* tracePage(view: StudyView, { title, about, sections }: TracePage): Generator<string, void> {
  yield* page(`${title} – ${view.file.title}`, () => body(view, { title, about, sections }));
}

function* body(view: StudyView, { title, about, sections }: Omit<TracePage, 'path'>): Generator<string, void> {
  yield markup`<p><a href="../index.html">Report</a> · <a href="../cases.html">All cases</a></p>
<h1>${title}</h1>
<p>${about}</p>
<nav aria-label="Parts"><ul>${sections.map(({ id, name, places }) => markup`<li><a href="#${id}">${name}</a> (${places.length})</li>`)}</ul></nav>
`.text;
  for (const section of sections) yield* list(view, section);
}

function* list({ cases }: StudyView, { id, name, places }: TraceSection): Generator<string, void> {
  yield markup`<section><h2 id="${id}">${name} (${places.length})</h2>
`.text;
  if (places.length === 0) yield '<p>None.</p>\n';
  const runs = places.length <= LISTED ? places.map((place) => [place, place] as const) : runsOf(places);
  if (places.length > LISTED)
    yield '<p>Cases that follow each other are written as the first and the last of them; each stands on its page below the first.</p>\n';
  let before = '<p class="keys">';
  for (const [first, last] of runs) {
    yield `${before}${runOf(cases[first].key, cases[last].key, first, last).text}`;
    before = ' ';
  }
  yield places.length === 0 ? '</section>\n' : '</p></section>\n';
}

function runOf(firstKey: string, lastKey: string, first: number, last: number): Markup {
  const begin = markup`<a href="../${caseAddress(first)}">${firstKey}</a>`;
  if (first === last) return begin;
  return markup`${begin}–<a href="../${caseAddress(last)}">${lastKey}</a>\u00a0(${last - first + 1})`;
}

/** Places that follow each other on one page of cases. @param places  ascending */
function* runsOf(places: readonly number[]): Generator<readonly [first: number, last: number], void> {
  let [first, last] = [places[0], places[0]];
  for (const place of places.slice(1)) {
    if (place !== last + 1 || place % CASES_A_PAGE === 0) {
      yield [first, last];
      first = place;
    }
    last = place;
  }
  yield [first, last];
}
