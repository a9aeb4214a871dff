import type { Bag } from './bag.js';
import { checkAnswers } from './check-answers.js';
import { checkCases } from './check-cases.js';
import { checkEndpoints, tablesIn } from './check-endpoints.js';
import { checkFreeze, FREEZE_FILE } from './check-freeze.js';
import { checkOrder } from './check-order.js';
import { checkSigned } from './check-signed.js';
import type { Held } from './content-check.js';
import type { Findings } from './findings.js';
import { ledgerFacts } from './ledger-facts.js';
import {
  canonicalOf,
  Malformed,
  OUTPUTS_FILE,
  readProtocol,
  STUDY_FILES,
  studyTexts,
  withoutEnd,
  type LockedProtocol,
} from './study-texts.js';

/**
 * What a study's files say, held to each other: the protocol is the one that was signed, its plan and manifest are those beside it, no case was
 * dropped or added, all results follow from the tables, and the ledger has the protocol signed before a case was read, and each answer as it was.
 */
export async function checkStudy(bag: Bag, { keys = [] }: Held, findings: Findings): Promise<void> {
  const texts = await studyTexts(bag, findings);
  if (texts === undefined) return;
  /** Each check by itself: what one file is not must not keep what is wrong with another from being found. */
  const within = async <T>(file: string, check: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await check();
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      findings.add('changed', file, error.message);
      return undefined;
    }
  };
  const protocol = await within(STUDY_FILES.protocol, () => readProtocol(texts.protocol));
  const signatures = await within(STUDY_FILES.signatures, () => checkSigned(texts.signatures, { keys, protocol }, findings));
  if (protocol === undefined) return;
  await within(STUDY_FILES.plan, () => checkPlanText(texts.plan, protocol, findings));
  await within(STUDY_FILES.manifest, () => checkCases(texts, protocol, findings));
  const tables = tablesIn(texts, protocol, findings);
  if (tables !== undefined) {
    await within(STUDY_FILES.results, () => checkEndpoints(tables, texts, protocol, findings));
    if (signatures !== undefined) await within(FREEZE_FILE, () => checkFreeze(bag, { protocol, tables, signatures }, findings));
  }
  const facts = await ledgerFacts(bag, findings);
  if (facts === undefined) return;
  if (signatures !== undefined) checkOrder(facts, signatures, findings);
  await within(OUTPUTS_FILE, () => checkAnswers(bag, { facts, protocol, predictions: texts.predictions }, findings));
}

function checkPlanText(text: string, { plan }: LockedProtocol, findings: Findings): void {
  if (withoutEnd(text) !== canonicalOf(plan)) findings.add('changed', STUDY_FILES.plan, 'it is not the analysis plan of the protocol');
  else findings.checked.push('the analysis plan: it is the one of the protocol');
}
