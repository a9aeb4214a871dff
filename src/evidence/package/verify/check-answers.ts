import { hash } from 'node:crypto';
import { readTable } from '../../analysis/csv-tables.js';
import { TableMalformed } from '../../analysis/faults.js';
import { textIn, type Bag } from './bag.js';
import { EVENTS_FILE } from './check-ledger.js';
import type { Findings } from './findings.js';
import type { LedgerFacts } from './ledger-facts.js';
import { linesOf, NoLine, objectIn } from './lines.js';
import { canonicalOf, CARD_FILE, Malformed, membersOf, OUTPUTS_FILE, some, STUDY_FILES, type LockedProtocol } from './study-texts.js';

/** What the model gave for a case, as the package has it. */
interface Given {
  /** Of its canonical text, hex. */
  readonly sha256: string;
  readonly probabilities: readonly unknown[];
}

interface Answered {
  readonly facts: LedgerFacts;
  readonly protocol: LockedProtocol;
  readonly predictions: string;
}

/**
 * Each prediction has its record in the ledger, the one that it names in its column `ledger_seq` or the last of its case; what the model gave is
 * what the record has the SHA-256 of, and the score is its probability of the protocol's finding; a case without a score has none. Who changes
 * a score cannot change that. Throws Malformed.
 */
export async function checkAnswers(bag: Bag, { facts, protocol, predictions }: Answered, findings: Findings): Promise<void> {
  const { answers, byCase } = facts;
  const given = await outputsIn(bag);
  const finding = await findingIn(bag, protocol);
  const rows = rowsIn(predictions).map(({ fields }) => {
    const [caseKey, score, seq] = ['case_id', 'score', 'ledger_seq'].map((column) => fields.get(column));
    return {
      caseKey: caseKey ?? '',
      score: score === '' ? null : Number(score),
      record: seq === undefined ? byCase.get(caseKey ?? '') : answers.get(Number(seq)),
    };
  });
  const cases = (of: typeof rows): string => `${of.length} predictions: ${some(of.map(({ caseKey }) => caseKey))}`;
  const lost = rows.filter(({ record }) => record === undefined);
  const others = rows.filter(({ record, caseKey, score }) => {
    if (record === undefined) return false;
    const outputs = given.get(caseKey);
    const isAsRecorded = record.caseKey === caseKey && record.outputsSha256 === outputs?.sha256;
    return !isAsRecorded || score !== (outputs?.probabilities[finding] ?? null);
  });
  if (lost.length > 0) findings.add('missing', EVENTS_FILE, `it has no record that the model read the case of ${cases(lost)}`);
  if (others.length > 0) findings.add('changed', STUDY_FILES.predictions, `the ledger has another case or answer for ${cases(others)}`);
  if (lost.length > 0 || others.length > 0 || rows.length === 0) return;
  findings.checked.push(
    `the predictions: each of ${rows.length} has its record in the ledger, and its score is the probability of the finding that the model gave, by the digest in it`,
  );
}

/** Place of the protocol's finding among the classes of the model's card, which the protocol names by its digest. Throws Malformed. */
async function findingIn(bag: Bag, { finding, cardSha256 }: LockedProtocol): Promise<number> {
  const card = objectIn((await textIn(bag, CARD_FILE)) ?? '');
  if (card === undefined || hash('sha256', canonicalOf(card)) !== cardSha256)
    throw new Malformed(`${CARD_FILE} is not the model's card that the protocol names by its SHA-256`);
  const { classes } = card;
  const place = Array.isArray(classes) ? classes.findIndex((one) => membersOf(one)['label'] === finding) : -1;
  if (place < 0) throw new Malformed(`${CARD_FILE} has no class of the protocol's finding`);
  return place;
}

/** By case. Throws Malformed. */
async function outputsIn(bag: Bag): Promise<Map<string, Given>> {
  const given = new Map<string, Given>();
  if (!bag.names.includes(OUTPUTS_FILE)) throw new Malformed('it is not there: nothing tells what the model gave');
  try {
    for await (const line of linesOf(bag.read(OUTPUTS_FILE))) {
      const { caseKey, outputs } = objectIn(line.toString()) ?? {};
      if (typeof caseKey !== 'string' || given.has(caseKey)) throw new Malformed('a line of it is of no case of its own');
      const { probabilities } = membersOf(outputs);
      given.set(caseKey, {
        sha256: hash('sha256', canonicalOf(outputs)),
        probabilities: Array.isArray(probabilities) ? (probabilities as unknown[]) : [],
      });
    }
  } catch (error) {
    if (error instanceof NoLine) throw new Malformed(error.message);
    throw error;
  }
  return given;
}

/** None where the table is none: that is found by who reads all of it. */
function rowsIn(predictions: string) {
  try {
    return readTable(predictions, ['case_id', 'score']);
  } catch (error) {
    if (error instanceof TableMalformed) return [];
    throw error;
  }
}
