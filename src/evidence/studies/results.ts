import { createHash, randomBytes } from 'node:crypto';
import type { Caller } from '../../access/caller.js';
import { requireOperation } from '../../access/operations.js';
import type { Transaction } from '../../database/transaction.js';
import { canonicalSha256, canonicalText } from '../../signing/canonical.js';
import { SOFTWARE_VERSION } from '../../version.js';
import { analyse } from '../analysis/analyse.js';
import type { AnalysisPlan } from '../analysis/plan.js';
import { frozenDigest } from '../package/frozen-digest.js';
import { addRows } from './add-rows.sql.js';
import { NothingThere, StillBlinded, StudyAbsent } from './faults.js';
import type { Protocol } from './protocol.js';
import { analysesOf, freezeOf, type AnalysisRow, type FreezeRow } from './results.sql.js';
import { needPart, type StudyDesk } from './study-desk.js';
import { isOpenStudy, protocolInForce, studyOf, type ProtocolRow } from './studies.sql.js';
import { tablesOfStudy } from './tables-of-study.js';
import { referenceOf } from './truth.sql.js';

/** Freezing what results are computed from, and computing them: after the unblinding, never before. */
export class Results {
  constructor(private readonly desk: StudyDesk) {}

  /**
   * Freezes truth, readings and predictions: the record that two people sign to unblind. Nothing is told of what is in them.
   * @throws OperationNotPermitted, NotYourPart, VariableUnknown, StudyRuleBroken  something is missing
   */
  async freeze(caller: Caller, study: string): Promise<FreezeRow> {
    requireOperation(caller, 'evidence.take-part');
    return this.desk.write(caller, { study, what: 'freeze' }, async (tx) => {
      await needPart(tx, study, caller, ['data-manager', 'statistician', 'investigator']);
      const { protocol, content } = await inForce(tx, study);
      const tables = await tablesOfStudy(tx, study, content.variables);
      // Salted: who may see the digests must not be able to try out what they are of, while it is secret.
      const salt = randomBytes(32).toString('hex');
      const text = canonicalText({
        study,
        protocolVersion: protocol.version,
        protocolSha256: protocol.sha256,
        manifestSha256: content.population.dataset?.manifestSha256 ?? '',
        referenceSha256: (await referenceOf(tx, study))?.sha256 ?? '',
        casesSha256: frozenDigest(salt, tables.cases),
        predictionsSha256: frozenDigest(salt, tables.predictions),
        readingsSha256: frozenDigest(salt, tables.readings),
        cases: tables.cases.length,
        readings: tables.readings.length,
      });
      await addRows(tx, 'validation_freeze', [{ study, content: text, sha256: digestOf(text), salt, madeBy: caller.id }]);
      return (await freezeOf(tx, study)) as FreezeRow; // just added
    });
  }

  /** What was frozen; on record. Throws OperationNotPermitted, NothingThere. */
  async frozen(caller: Caller, study: string): Promise<FreezeRow> {
    requireOperation(caller, 'evidence.look');
    return this.desk.look(caller, { study, what: 'freeze' }, async (tx) => {
      const found = await freezeOf(tx, study);
      if (found === undefined) throw new NothingThere('freeze');
      return found;
    });
  }

  /** The same of a study that may not be frozen yet. Throws OperationNotPermitted, StudyAbsent. */
  async findFrozen(caller: Caller, study: string): Promise<FreezeRow | undefined> {
    requireOperation(caller, 'evidence.look');
    return this.desk.look(caller, { study, what: 'freeze' }, (tx) => freezeOf(tx, study));
  }

  /**
   * Computes the results: the first time by the locked plan (primary); by another plan only after it, and post-hoc for good.
   * @throws OperationNotPermitted, NotYourPart, StillBlinded, TablesDisagree, StudyRuleBroken
   */
  async analyse(caller: Caller, study: string, plan?: AnalysisPlan): Promise<AnalysisRow> {
    requireOperation(caller, 'evidence.take-part');
    const kind = plan === undefined ? 'primary' : 'post-hoc';
    return this.desk.write(caller, { study, what: 'analysis', changes: { kind } }, async (tx) => {
      await needPart(tx, study, caller, ['statistician']);
      await needUnblinded(tx, study);
      const { protocol, content } = await inForce(tx, study);
      const tables = await tablesOfStudy(tx, study, content.variables);
      const by = plan ?? content.plan;
      const text = canonicalText(analyse(by, tables));
      const number = (await analysesOf(tx, study)).length + 1;
      await addRows(tx, 'validation_analysis', [
        {
          study,
          number,
          kind,
          protocolVersion: protocol.version,
          protocolSha256: protocol.sha256,
          plan: canonicalText(by),
          inputsSha256: canonicalSha256(tables),
          content: text,
          sha256: digestOf(text),
          software: SOFTWARE_VERSION,
          madeBy: caller.id,
        },
      ]);
      return (await analysesOf(tx, study))[number - 1];
    });
  }

  /** Results, of all analyses; on record. Throws OperationNotPermitted, StillBlinded. */
  async analyses(caller: Caller, study: string): Promise<AnalysisRow[]> {
    requireOperation(caller, 'evidence.look');
    return this.desk.look(caller, { study, what: 'results' }, async (tx) => {
      await needUnblinded(tx, study);
      return analysesOf(tx, study);
    });
  }
}

/** Throws StudyAbsent, StillBlinded. */
export async function needUnblinded(tx: Transaction, study: string): Promise<void> {
  const here = await studyOf(tx, study);
  if (here === undefined) throw new StudyAbsent();
  if (!(await isOpenStudy(tx, study))) throw new StillBlinded();
}

/** The protocol that holds. Throws NothingThere. */
export async function inForce(tx: Transaction, study: string): Promise<{ protocol: ProtocolRow; content: Protocol }> {
  const protocol = await protocolInForce(tx, study);
  if (protocol === undefined) throw new NothingThere('protocol');
  return { protocol, content: JSON.parse(protocol.content) as Protocol }; // as it was checked when it was written
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
