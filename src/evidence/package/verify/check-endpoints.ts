import { analyse, type Analysis } from '../../analysis/analyse.js';
import { casesOf, predictionsOf, readingsOf } from '../../analysis/csv-tables.js';
import { Fault } from '../../../faults.js';
import type { StudyTables } from '../../analysis/study-tables.js';
import { TablesDisagree } from '../../analysis/faults.js';
import { areNear, differenceOf, type Difference } from './canonical-form.js';
import type { Findings } from './findings.js';
import { objectIn } from './lines.js';
import { canonicalOf, Malformed, membersOf, some, STUDY_FILES, withoutEnd, type LockedProtocol, type StudyTexts } from './study-texts.js';

/**
 * All results, the primary endpoints first among them, computed anew from the tables of the cases by the protocol's plan, with the server's own
 * code: the package must have the same text, to the last digit. Throws Malformed of the results.
 */
export function checkEndpoints(tables: StudyTables, texts: StudyTexts, protocol: LockedProtocol, findings: Findings): void {
  const computed = computedFrom(tables, protocol, findings);
  if (computed === undefined) return;
  const made = canonicalOf(computed);
  const given = withoutEnd(texts.results);
  const lost = protocol.primary.filter((id) => !computed.endpoints.some((one) => one.id === id));
  if (protocol.primary.length === 0 || lost.length > 0)
    throw new Malformed(`no result of it is the primary endpoint of the protocol${lost.length === 0 ? '' : `: ${some(lost)}`}`);
  if (given !== made) throw new Malformed(differenceInWords(given, computed, made));
  const { cases, failures, readers } = computed.counts;
  findings.checked.push(
    `the results, computed anew from the tables of ${cases} cases (${failures} without an answer) and ${readers} readers, to the last digit: ` +
      `${computed.endpoints.length} endpoints, the primary ones (${some(protocol.primary)}) among them`,
  );
}

/** The tables that results are computed from. Undefined where one is none, which is found. */
export function tablesIn(texts: StudyTexts, { variables }: LockedProtocol, findings: Findings): StudyTables | undefined {
  const cases = tableIn(STUDY_FILES.cases, () => casesOf(texts.cases, variables), findings);
  const predictions = tableIn(STUDY_FILES.predictions, () => predictionsOf(texts.predictions), findings);
  const { readings: text } = texts;
  const readings = text === undefined ? [] : tableIn(STUDY_FILES.readings, () => readingsOf(text), findings);
  if (cases === undefined || predictions === undefined || readings === undefined) return undefined;
  return { cases, predictions, readings };
}

function computedFrom(tables: StudyTables, { plan }: LockedProtocol, findings: Findings): Analysis | undefined {
  try {
    return analyse(plan, tables);
  } catch (error) {
    if (error instanceof TablesDisagree)
      findings.add('changed', STUDY_FILES.cases, `the tables disagree: ${error.message} ${some(error.keys)}`);
    // What a plan of another form does to the code that computes by it is as little an answer as what it was planned for.
    else findings.add('changed', STUDY_FILES.plan, `nothing can be computed by it${error instanceof Fault ? `: ${error.message}` : ''}`);
    return undefined;
  }
}

function tableIn<T>(file: string, read: () => T, findings: Findings): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    findings.add('changed', file, `it is no table of the study: ${error.message}`);
    return undefined;
  }
}

function differenceInWords(given: string, computed: Analysis, made: string): string {
  const said = objectIn(given);
  if (said === undefined) return 'it is no JSON object';
  const again: unknown = JSON.parse(made);
  const difference = differenceOf(said, again);
  if (difference === undefined) return 'it says what was computed, and not in canonical form (RFC 8785)';
  return `${placeOf(difference, said, computed)} it says ${valueOf(difference.a)}, and by the tables it is ${valueOf(difference.b)}${areNear(said, again) ? LAST_DIGITS : ''}`;
}

/** ECMAScript leaves the last digits of exp, log and pow to who implements them (ECMA-262 21.3.2). */
const LAST_DIGITS =
  '; all numbers of it agree to nine digits, and another processor or version of Node.js may compute the last ones otherwise';

function placeOf({ path: [member, place, ...rest] }: Difference, said: Readonly<Record<string, unknown>>, { endpoints }: Analysis): string {
  if (member !== 'endpoints' || typeof place !== 'number')
    return `at ${[member, place, ...rest].filter((one) => one !== undefined).join('.')}`;
  const given: unknown = Array.isArray(said['endpoints']) ? said['endpoints'][place] : undefined;
  const id = place < endpoints.length ? endpoints[place].id : String(membersOf(given)['id']);
  return `endpoint ${id}${rest.length === 0 ? '' : `, ${rest.join('.')}`}:`;
}

function valueOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
