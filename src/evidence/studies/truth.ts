import { randomBytes } from 'node:crypto';
import type { Caller } from '../../access/caller.js';
import { requireOperation } from '../../access/operations.js';
import { canonicalSha256 } from '../../signing/canonical.js';
import { addRows } from './add-rows.sql.js';
import { requireBlinded } from './blinded.js';
import { consensusOf } from './consensus.js';
import { TruthOpen } from './faults.js';
import type { Brought, BroughtLabel } from './imports/brought.js';
import { caseKeysFor } from './imports/cases-of.js';
import { casesTable } from './imports/cases-table.js';
import { labelsFromCsv } from './imports/from-csv.js';
import { labelsFromFhir } from './imports/label-from-fhir.js';
import { labelsFromSr } from './imports/label-from-sr.js';
import type { Protocol } from './protocol.js';
import { needPart, type StudyDesk } from './study-desk.js';
import { protocolInForce } from './studies.sql.js';
import { caseKeysOf, labelsOf, referenceOf, unlabelledBy, variablesOf, type ReferenceRow } from './truth.sql.js';

export interface LabelAsked {
  readonly caseKey: string;
  /** null: it cannot be told. */
  readonly label: 0 | 1 | null;
  readonly method: string;
  /** It decides between others' labels. */
  readonly adjudicates: boolean;
}

/** What a truther is to label next. */
export interface ToLabel {
  readonly caseKey: string | null;
  readonly left: number;
}

/** The truth of a study's cases: labels of several people, or brought from pathology and follow-up; then frozen, once. */
export class Truth {
  constructor(private readonly desk: StudyDesk) {}

  /** Throws OperationNotPermitted, NotBlinded, NotYourPart, StudyAbsent. */
  async next(caller: Caller, study: string): Promise<ToLabel> {
    requireOperation(caller, 'evidence.take-part');
    return this.desk.look(caller, { study, what: 'labelling' }, async (tx) => {
      const { key } = await needPart(tx, study, caller, ['truther']);
      requireBlinded(caller);
      const [first] = await unlabelledBy(tx, study, key, 1);
      return first ?? { caseKey: null, left: 0 };
    });
  }

  /** A truther's own label. Throws OperationNotPermitted, NotBlinded, NotYourPart, StudyRuleBroken. */
  async label(caller: Caller, study: string, { caseKey, label, method, adjudicates }: LabelAsked): Promise<void> {
    requireOperation(caller, 'evidence.take-part');
    await this.desk.write(caller, { study, what: 'label', changes: { case: caseKey, adjudicates } }, async (tx) => {
      const { key } = await needPart(tx, study, caller, ['truther']);
      requireBlinded(caller);
      await addRows(tx, 'validation_label', [
        { study, caseKey, member: key, method, label, source: 'live', adjudicates, madeBy: caller.id },
      ]);
    });
  }

  /**
   * Labels from elsewhere, as a CSV table, FHIR Observations or a DICOM structured report. All of them or none.
   * @returns how many  @throws OperationNotPermitted, NotYourPart, TableMalformed, MalformedJson, EntryMalformed, StudyRuleBroken
   */
  async importLabels(caller: Caller, study: string, brought: Brought): Promise<number> {
    requireOperation(caller, 'evidence.take-part');
    const labels = await this.desk.brought(caller, { study, what: 'labels' }, ['data-manager'], () => labelsIn(brought));
    const source = brought.form;
    await this.desk.write(caller, { study, what: 'labels', changes: { source, rows: labels.length } }, async (tx) => {
      const { key: member } = await needPart(tx, study, caller, ['data-manager']);
      const keys = await caseKeysFor(tx, study, labels);
      await addRows(
        tx,
        'validation_label',
        labels.map(({ label, method }, i) => {
          return { study, caseKey: keys[i], label, method, member, source, adjudicates: false, madeBy: caller.id };
        }),
      );
    });
    return labels.length;
  }

  /**
   * What else is known of cases, to group and compare by: a CSV table with `case_id` and a column for each variable. All of it or nothing.
   * @returns how many values  @throws as importLabels does
   */
  async importVariables(caller: Caller, study: string, csv: string): Promise<number> {
    requireOperation(caller, 'evidence.take-part');
    const rows = await this.desk.brought(caller, { study, what: 'variables' }, ['data-manager'], () => casesTable(csv, []));
    const values = rows.flatMap((row) =>
      row.others().map(([name, value]) => ({ study, caseKey: row.caseKey, name, value, madeBy: caller.id })),
    );
    await this.desk.write(caller, { study, what: 'variables', changes: { rows: rows.length } }, async (tx) => {
      await needPart(tx, study, caller, ['data-manager']);
      await addRows(tx, 'validation_variable', values);
    });
    return values.length;
  }

  /** Freezes the reference standard: by the protocol's rule, for every case. Throws OperationNotPermitted, NotYourPart, TruthOpen, StudyRuleBroken. */
  async freeze(caller: Caller, study: string): Promise<ReferenceRow> {
    requireOperation(caller, 'evidence.take-part');
    return this.desk.write(caller, { study, what: 'reference standard' }, async (tx) => {
      await needPart(tx, study, caller, ['data-manager', 'investigator']);
      const cases = await caseKeysOf(tx, study);
      const protocol = JSON.parse((await protocolInForce(tx, study))?.content ?? 'null') as Protocol | null;
      if (protocol === null) throw new TruthOpen(cases);
      const { truth, open } = consensusOf(cases, await labelsOf(tx, study), protocol.referenceStandard);
      if (open.length > 0) throw new TruthOpen(open);
      // Salted: the digest is told before the truth is, and a truth of few cases could be tried out.
      const salt = randomBytes(32).toString('hex');
      const sha256 = canonicalSha256({ salt, truth: Object.fromEntries(truth), variables: await variablesOf(tx, study) });
      await addRows(tx, 'validation_reference', [{ study, sha256, salt, cases: cases.length, madeBy: caller.id }]);
      await addRows(
        tx,
        'validation_truth',
        [...truth].map(([caseKey, value]) => ({ study, caseKey, truth: value })),
      );
      return (await referenceOf(tx, study)) as ReferenceRow; // just added
    });
  }
}

const labelsIn = (brought: Brought): BroughtLabel[] =>
  brought.form === 'sr'
    ? labelsFromSr(brought.dataset)
    : brought.form === 'fhir'
      ? labelsFromFhir(brought.text)
      : labelsFromCsv(brought.text);
