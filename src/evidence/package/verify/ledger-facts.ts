import type { Bag } from './bag.js';
import { EVENTS_FILE, LEDGER_FILES } from './check-ledger.js';
import type { Findings } from './findings.js';
import { linesOf, objectIn } from './lines.js';
import { membersOf } from './study-texts.js';

type Event = Readonly<Record<string, unknown>>;

/** What the protocol must be signed before. */
const STEPS = {
  'a case was read by the model': ({ action }) => action === 'evidence.case-read',
  'a case was shown to a reader': ({ action }) => action === 'evidence.case-shown',
  'the study was unblinded': ({ action, changes }) => action === 'evidence.recorded' && membersOf(changes)['state'] === 'unblinded',
} satisfies Record<string, (event: Event) => boolean>;
export type Step = keyof typeof STEPS;
export const ALL_STEPS = Object.keys(STEPS) as Step[];

/** What a record says of a case that the model read: which, and the SHA-256 of all that the model gave; none where it gave nothing. */
export interface RecordedAnswer {
  readonly caseKey: unknown;
  readonly outputsSha256: unknown;
}

/** What the ledger's records tell of a study, by their numbers. */
export interface LedgerFacts {
  /** The last record of a signature, by the SHA-256 of what was signed. */
  readonly signed: ReadonlyMap<string, number>;
  /** The first record of each step. */
  readonly first: ReadonlyMap<Step, number>;
  readonly answers: ReadonlyMap<number, RecordedAnswer>;
  /** The last answer of each case that a record names. */
  readonly byCase: ReadonlyMap<string, RecordedAnswer>;
}

/** Undefined: there is no ledger, which is found, or it does not hold, and says nothing. */
export async function ledgerFacts(bag: Bag, findings: Findings): Promise<LedgerFacts | undefined> {
  if (!LEDGER_FILES.some((name) => bag.names.includes(name)))
    findings.add('missing', EVENTS_FILE, 'it is not there: nothing tells when the study did what');
  if (LEDGER_FILES.some((name) => !bag.names.includes(name) || findings.has(name))) return undefined;
  const [signed, first] = [new Map<string, number>(), new Map<Step, number>()];
  const [answers, byCase] = [new Map<number, RecordedAnswer>(), new Map<string, RecordedAnswer>()];
  for await (const line of linesOf(bag.read(EVENTS_FILE))) {
    const event = membersOf(objectIn(line.toString())?.['event']);
    if (event['outcome'] === 'refused') continue;
    const seq = Number(event['seq']);
    const changes = membersOf(event['changes']);
    if (event['action'] === 'evidence.signed') for (const sha256 of Object.values(changes).filter(isSha256)) signed.set(sha256, seq);
    for (const step of ALL_STEPS) if (!first.has(step) && STEPS[step](event)) first.set(step, seq);
    if (event['action'] !== 'evidence.case-read') continue;
    const answer = { caseKey: changes['case'], outputsSha256: changes['outputsSha256'] };
    answers.set(seq, answer);
    if (typeof answer.caseKey === 'string') byCase.set(answer.caseKey, answer);
  }
  return { signed, first, answers, byCase };
}

const isSha256 = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
