import { hash } from 'node:crypto';
import type { CaseColumns } from '../../analysis/csv-tables.js';
import type { AnalysisPlan } from '../../analysis/plan.js';
import { textIn, type Bag } from './bag.js';
import { canonicalForm } from './canonical-form.js';
import type { Findings } from './findings.js';
import { objectIn } from './lines.js';

/** Files of a study that are checked for what they say. */
export const STUDY_FILES = {
  protocol: 'data/01-protocol/protocol.json',
  plan: 'data/01-protocol/sap.json',
  manifest: 'data/02-dataset/manifest.jsonl',
  cases: 'data/03-reference/cases.csv',
  readings: 'data/04-readers/readings.csv',
  predictions: 'data/05-predictions/predictions.csv',
  results: 'data/07-statistics/results.json',
  signatures: 'data/signatures.json',
} as const;
type StudyFileName = keyof typeof STUDY_FILES;

/** All that the model gave for each case, a line each: `caseKey`, and `outputs` as its record in the ledger has the SHA-256 of. */
export const OUTPUTS_FILE = 'data/05-predictions/outputs.jsonl';

/** The card of the model under test. */
export const CARD_FILE = 'data/06-device/model-card.json';

/** Their texts. A study without readers has no readings. */
export type StudyTexts = Readonly<Record<Exclude<StudyFileName, 'readings'>, string>> & { readonly readings: string | undefined };

/** Undefined: the package is of no study, or a file of it is not there or no text, which is found. */
export async function studyTexts(bag: Bag, findings: Findings): Promise<StudyTexts | undefined> {
  const names = Object.entries(STUDY_FILES) as [StudyFileName, string][];
  const isOfStudy = names.some(([name, file]) => name !== 'protocol' && bag.names.includes(file));
  if (!isOfStudy) return undefined;
  const texts: Partial<Record<StudyFileName, string>> = {};
  let isWhole = true;
  for (const [name, file] of names) {
    texts[name] = await textIn(bag, file);
    const isThere = bag.names.includes(file);
    if (texts[name] !== undefined || (name === 'readings' && !isThere)) continue;
    isWhole = false;
    if (isThere) findings.add('changed', file, 'it is no text in UTF-8');
    else if (!findings.has(file)) findings.add('missing', file, 'it is not there, and the rest of the study is');
  }
  return isWhole ? (texts as StudyTexts) : undefined;
}

/** What the checks take from a protocol (studies/protocol). */
export interface LockedProtocol {
  /** Of its canonical text, hex. */
  readonly sha256: string;
  readonly plan: AnalysisPlan;
  readonly variables: CaseColumns;
  readonly manifestSha256: string;
  /** Ids of its primary endpoints. */
  readonly primary: readonly string[];
  /** The model under test: the class whose probability is the score, and the SHA-256 of its card. */
  readonly finding: unknown;
  readonly cardSha256: unknown;
}

/** A file whose content cannot be what it should be. */
export class Malformed extends Error {}

/** Throws Malformed. */
export function readProtocol(file: string): LockedProtocol {
  const text = withoutEnd(file);
  const protocol = objectIn(text);
  if (protocol === undefined) throw new Malformed('it is no JSON object');
  if (canonicalOf(protocol) !== text) throw new Malformed('it is not in canonical form (RFC 8785), in which it was signed');
  const [plan, variables, population] = ['plan', 'variables', 'population'].map((name) => membersOf(protocol[name]));
  const { manifestSha256 } = membersOf(population['dataset']);
  const [binary, category, number] = ['binary', 'category', 'number'].map((kind) => variables[kind]);
  if (![binary, category, number].every(areTexts)) throw new Malformed('it has no variables of the cases');
  if (typeof manifestSha256 !== 'string') throw new Malformed('it has no dataset');
  const { endpoints } = protocol;
  if (!Array.isArray(endpoints)) throw new Malformed('it has no endpoints');
  const primary = endpoints.map(membersOf).filter(({ rank }) => rank === 'primary');
  return {
    sha256: hash('sha256', text),
    plan: plan as unknown as AnalysisPlan, // analyse and checkPlan say what of it is none
    variables: { binary, category, number } as CaseColumns,
    manifestSha256,
    primary: primary.map(({ id }) => String(id)),
    finding: membersOf(protocol['model'])['finding'],
    cardSha256: membersOf(protocol['model'])['cardSha256'],
  };
}

/** A file's text without the end of its last line. */
export const withoutEnd = (text: string): string => (text.endsWith('\n') ? text.slice(0, -1) : text);

/** Throws Malformed on what has no canonical form. */
export function canonicalOf(value: unknown): string {
  try {
    return canonicalForm(value);
  } catch (error) {
    if (error instanceof TypeError) throw new Malformed(error.message);
    throw error;
  }
}

/** Members of an object; none of what is none. */
export const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

const areTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every((one) => typeof one === 'string');

/** The first few of what may be many. */
export const some = (all: readonly (string | number)[]): string => `${all.slice(0, 5).join(', ')}${all.length > 5 ? ' …' : ''}`;
