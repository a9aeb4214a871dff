import { createHash } from 'node:crypto';
import type { Caller } from '../../access/caller.js';
import { requireOperation } from '../../access/operations.js';
import type { Pixels } from '../../archive/pixels.js';
import type { Studies } from '../../archive/studies.js';
import type { PixelInstanceRow } from '../../archive/retrieve.sql.js';
import type { Transaction } from '../../database/transaction.js';
import type { RenderedImage } from '../../pixels/pixel-job.js';
import { TableMalformed } from '../analysis/faults.js';
import { ARMS, type Arm } from '../analysis/study-tables.js';
import { addRows } from './add-rows.sql.js';
import { requireBlinded } from './blinded.js';
import { ModelNotYet, NothingThere, NotYourPart } from './faults.js';
import { casesTable } from './imported-tables.js';
import { assignmentsOf, isOpen, nextOf, shownOf, type AssignmentRow } from './reader-study.sql.js';
import { needPart, type StudyDesk } from './study-desk.js';
import { instanceOfCase } from './truth.sql.js';

/** A case that a reader has before them. */
export interface OpenedCase extends AssignmentRow {
  /** With this one. */
  readonly left: number;
  /** What the model answered, of an arm with it; else null. */
  readonly shown: unknown;
}

export interface ReadingAsked {
  readonly caseKey: string;
  readonly arm: Arm;
  readonly rating: number | null;
  readonly clinicalAction: 0 | 1 | null;
  /** JSON: what the reader marked, in pixels. */
  readonly marks: string | null;
  readonly status: 'read' | 'not-evaluable';
  /** Why it could not be read. */
  readonly reason: string;
}

/** How readers read: one case after another in the order that was drawn, each shown what its arm shows, each reading for good. */
export class ReaderStudy {
  constructor(
    private readonly desk: StudyDesk,
    private readonly studies: Studies,
    private readonly pixels: Pixels,
  ) {}

  /**
   * Opens the reader's next case: from now on its time runs, and what is shown is on record. Null where there is none left.
   * @throws OperationNotPermitted, NotBlinded, NotYourPart, ModelNotYet, StudyRuleBroken  the wash-out is not over, say
   */
  async open(caller: Caller, study: string): Promise<OpenedCase | null> {
    requireOperation(caller, 'evidence.take-part');
    const changes: Record<string, unknown> = {};
    return this.desk.write(caller, { study, what: 'case', action: 'evidence.case-shown', changes }, async (tx) => {
      const { key } = await needPart(tx, study, caller, ['reader']);
      requireBlinded(caller);
      const next = await nextOf(tx, study, key);
      if (next === undefined) return null;
      const shown = next.arm === 'aided' ? await shownOf(tx, study, next.caseKey) : null;
      if (shown === undefined) throw new ModelNotYet();
      Object.assign(changes, { case: next.caseKey, arm: next.arm, shown: shown === null ? null : sha256(shown) });
      await addRows(tx, 'validation_opening', [{ study, reader: key, arm: next.arm, caseKey: next.caseKey, shown, madeBy: caller.id }]);
      return { ...next, shown: shown === null ? null : (JSON.parse(shown) as unknown) };
    });
  }

  /** The image of a case: to a reader who has it open, to a truther of the study. On record. @throws NotBlinded, NotYourPart, NothingThere */
  async image(caller: Caller, study: string, caseKey: string): Promise<RenderedImage> {
    requireOperation(caller, 'evidence.take-part');
    const deed = { study, what: 'image', action: 'evidence.case-shown', changes: { case: caseKey } } as const;
    const row = await this.desk.look(caller, deed, async (tx) => {
      await this.mayLook(tx, caller, study, caseKey);
      const found = await instanceOfCase(tx, study, caseKey);
      if (found === undefined) throw new NothingThere('case');
      return found;
    });
    for await (const instance of this.studies.pixelInstances([row])) return this.shown(instance);
    throw new NothingThere('image');
  }

  /** A reader's own reading. Throws OperationNotPermitted, NotBlinded, NotYourPart, StudyRuleBroken. */
  async submit(caller: Caller, study: string, { caseKey, arm, ...said }: ReadingAsked): Promise<void> {
    requireOperation(caller, 'evidence.take-part');
    // What was said is not in the record's text, which others may read before the study is unblinded.
    await this.desk.write(caller, { study, what: 'reading', changes: { case: caseKey, arm, status: said.status } }, async (tx) => {
      const { key } = await needPart(tx, study, caller, ['reader']);
      requireBlinded(caller);
      await addRows(tx, 'validation_reading', [
        { study, reader: key, caseKey, arm, ...said, submittedAt: new Date(), source: 'live', madeBy: caller.id },
      ]);
    });
  }

  /**
   * Readings that were made elsewhere: a CSV table with `reader_id` (the member's key), `case_id`, `arm`, `rating`, `clinical_action`,
   * `submitted_at`; neither rating nor action: not evaluable, and why in `reason`. The same rules hold: order, wash-out, scale. All or none.
   * @returns how many  @throws OperationNotPermitted, NotYourPart, TableMalformed, StudyRuleBroken
   */
  async importReadings(caller: Caller, study: string, csv: string): Promise<number> {
    requireOperation(caller, 'evidence.take-part');
    const readings = casesTable(csv, ['reader_id', 'arm', 'rating', 'clinical_action', 'submitted_at', 'reason']).map((row, i) => {
      const arm = ARMS.find((one) => one === row.text('arm'));
      const submittedAt = row.timeOrNull('submitted_at');
      if (arm === undefined || submittedAt === null) throw new TableMalformed(i + 2, 'arm or submitted_at is not there.');
      const [rating, clinicalAction] = [row.wholeOrNull('rating'), row.binaryOrNull('clinical_action')];
      const status = rating === null && clinicalAction === null ? 'not-evaluable' : 'read';
      const reason = row.text('reason');
      return { reader: row.text('reader_id'), arm, caseKey: row.caseKey, rating, clinicalAction, status, submittedAt, reason };
    });
    await this.desk.write(caller, { study, what: 'readings', changes: { source: 'csv', rows: readings.length } }, async (tx) => {
      await needPart(tx, study, caller, ['data-manager']);
      const places = new Map((await assignmentsOf(tx, study)).map((one, i) => [placeKey(one), i]));
      const placeOf = (one: (typeof readings)[number]): number => places.get(placeKey(one)) ?? Number.MAX_SAFE_INTEGER;
      await addRows(
        tx,
        'validation_reading',
        readings.toSorted((a, b) => placeOf(a) - placeOf(b)).map((one) => ({ study, ...one, source: 'csv', madeBy: caller.id })),
      );
    });
    return readings.length;
  }

  private async mayLook(tx: Transaction, caller: Caller, study: string, caseKey: string): Promise<void> {
    const { key, role } = await needPart(tx, study, caller, ['reader', 'truther']);
    requireBlinded(caller);
    if (role === 'reader' && !(await isOpen(tx, study, key, caseKey))) throw new NotYourPart(['the reader who has the case open']);
  }

  private shown(instance: PixelInstanceRow): Promise<RenderedImage> {
    return this.pixels.render(instance, { frameNumber: 1, format: 'png' });
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const placeKey = ({ reader, arm, caseKey }: { reader: string; arm: string; caseKey: string }): string =>
  JSON.stringify([reader, arm, caseKey]);
