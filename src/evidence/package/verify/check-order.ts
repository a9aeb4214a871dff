import { readTable } from '../../analysis/csv-tables.js';
import { TableMalformed } from '../../analysis/faults.js';
import type { Bag } from './bag.js';
import { EVENTS_FILE, LEDGER_FILES } from './check-ledger.js';
import type { ElectronicSignature } from './check-signed.js';
import type { Findings } from './findings.js';
import { linesOf, objectIn } from './lines.js';
import { membersOf, some, STUDY_FILES } from './study-texts.js';

/** The first record of each of these must come after the protocol was signed. */
const AFTER = {
  'a case was read by the model': ({ action }) => action === 'evidence.case-read',
  'a case was shown to a reader': ({ action }) => action === 'evidence.case-shown',
  'the study was unblinded': isUnblinding,
} satisfies Record<string, (event: Event) => boolean>;

function isUnblinding({ action, changes }: Event): boolean {
  return action === 'evidence.recorded' && membersOf(changes)['state'] === 'unblinded';
}

type Event = Readonly<Record<string, unknown>>;

/** What the records of the ledger say of a study, by their numbers. */
interface Told {
  /** Of signatures, by the SHA-256 that was signed: the last number. */
  readonly signed: Map<string, number>;
  readonly first: Map<string, number>;
  /** What each record of a case that the model read says of it, by its number. */
  readonly casesRead: Map<number, CaseRead>;
}

/** The case and its score, where the record says them; null: the model gave none. */
interface CaseRead {
  readonly caseKey: unknown;
  readonly score: unknown;
}

interface Study {
  readonly signatures: readonly ElectronicSignature[];
  readonly predictions: string;
}

/**
 * The order in time, by the numbers of the ledger's records: the protocol was signed before the model read the first case, a reader was shown one,
 * or the study was unblinded; an amendment before that. Each prediction that names its record has it, and says what that says. A ledger that does not hold says nothing.
 */
export async function checkOrder(bag: Bag, { signatures, predictions }: Study, findings: Findings): Promise<void> {
  const versions = signatures.filter(({ entityType }) => entityType === 'protocol').toSorted((a, b) => a.version - b.version);
  const isHeld = LEDGER_FILES.every((name) => bag.names.includes(name) && !findings.has(name));
  if (!isHeld || versions.length === 0) return;
  const told = await toldIn(bag, new Set(versions.map(({ recordSha256 }) => recordSha256)));
  const unsigned = versions.filter(({ recordSha256 }) => !told.signed.has(recordSha256));
  if (unsigned.length > 0)
    return findings.add(
      'missing',
      EVENTS_FILE,
      `no record tells that version ${some([...new Set(unsigned.map(({ version }) => version))])} of the protocol was signed`,
    );
  const before = findings.all.length;
  const [locked, inForce] = [versions[0], versions[versions.length - 1]];
  const seqOf = ({ recordSha256 }: ElectronicSignature): number => told.signed.get(recordSha256) as number; // looked at above
  for (const [what, seq] of told.first)
    if (seq <= seqOf(locked))
      findings.add('changed', EVENTS_FILE, `${what} (record ${seq}) before the protocol was signed (record ${seqOf(locked)})`);
  const unblinded = told.first.get('the study was unblinded') ?? Infinity;
  if (unblinded <= seqOf(inForce))
    findings.add(
      'changed',
      EVENTS_FILE,
      `the protocol that is there was signed (record ${seqOf(inForce)}) after the study was unblinded (record ${unblinded})`,
    );
  const named = checkNamed(predictions, told.casesRead, findings);
  if (findings.all.length > before) return;
  const firsts = Object.keys(AFTER).map((what) =>
    told.first.has(what) ? `${what} (record ${told.first.get(what)})` : `no record tells that ${what}`,
  );
  const amended =
    inForce.version === locked.version
      ? ''
      : `; version ${inForce.version} is an amendment (record ${seqOf(inForce)}), before the study was unblinded`;
  findings.checked.push(
    `the order, by the ledger: version ${locked.version} of the protocol was signed (record ${seqOf(locked)}) before the first of these: ${firsts.join('; ')}${amended}` +
      (named === 0 ? '' : `; each of ${named} predictions is as its record says`),
  );
}

async function toldIn(bag: Bag, signed: ReadonlySet<string>): Promise<Told> {
  const told: Told = { signed: new Map(), first: new Map(), casesRead: new Map() };
  for await (const line of linesOf(bag.read(EVENTS_FILE))) {
    const event = membersOf(objectIn(line.toString())?.['event']);
    const seq = Number(event['seq']);
    if (event['outcome'] === 'refused') continue;
    if (event['action'] === 'evidence.signed')
      for (const sha256 of shaIn(event['changes'])) if (signed.has(sha256)) told.signed.set(sha256, seq);
    if (event['action'] === 'evidence.case-read') {
      const { caseKey, score } = membersOf(event['changes']);
      told.casesRead.set(seq, { caseKey, score });
    }
    for (const [what, is] of Object.entries(AFTER)) if (!told.first.has(what) && is(event)) told.first.set(what, seq);
  }
  return told;
}

/** Texts among a record's changes that are SHA-256 digests. */
const shaIn = (changes: unknown): string[] =>
  Object.values(membersOf(changes)).filter((one): one is string => typeof one === 'string' && /^[0-9a-f]{64}$/.test(one));

/**
 * Predictions that name their records in a column `ledger_seq` must have them, and have the case and the score that these say. Answers how many
 * there are.
 */
function checkNamed(predictions: string, casesRead: ReadonlyMap<number, CaseRead>, findings: Findings): number {
  const rows = rowsIn(predictions).map(({ fields }) => ({
    caseKey: fields.get('case_id') ?? '',
    score: fields.get('score') === '' ? null : Number(fields.get('score')),
    record: casesRead.get(Number(fields.get('ledger_seq'))),
  }));
  const cases = (of: typeof rows): string => `${of.length} predictions: ${some(of.map(({ caseKey }) => caseKey))}`;
  const lost = rows.filter(({ record }) => record === undefined);
  if (lost.length > 0)
    findings.add('missing', EVENTS_FILE, `the records that ${STUDY_FILES.predictions} names are not in it, of ${cases(lost)}`);
  const differ = (said: unknown, given: unknown): boolean => said !== undefined && said !== given;
  const others = rows.filter(({ record, caseKey, score }) => differ(record?.caseKey, caseKey) || differ(record?.score, score));
  if (others.length > 0) findings.add('changed', STUDY_FILES.predictions, `the ledger has another case or score for ${cases(others)}`);
  return rows.length;
}

/** None where the table has no such column, or is none: that is found by who reads all of it. */
function rowsIn(predictions: string) {
  try {
    return readTable(predictions, ['case_id', 'score', 'ledger_seq']);
  } catch (error) {
    if (error instanceof TableMalformed) return [];
    throw error;
  }
}
