import type { Caller } from '../../access/caller.js';
import { requireOperation } from '../../access/operations.js';
import type { Pixels } from '../../archive/pixels.js';
import type { Studies } from '../../archive/studies.js';
import type { PixelInstanceRow } from '../../archive/retrieve.sql.js';
import type { Transaction } from '../../database/transaction.js';
import type { RenderedImage } from '../../pixels/pixel-job.js';
import type { Arm } from '../analysis/study-tables.js';
import { addRows } from './add-rows.sql.js';
import { requireBlinded } from './blinded.js';
import { ModelNotYet, NothingThere, NotYourPart, StudyRuleBroken } from './faults.js';
import type { Brought, BroughtReading } from './imports/brought.js';
import { caseKeysFor } from './imports/cases-of.js';
import { readingsFromCsv } from './imports/from-csv.js';
import { readingsFromFhir } from './imports/reading-from-fhir.js';
import { readingsFromSr } from './imports/reading-from-sr.js';
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
      Object.assign(changes, { case: next.caseKey, arm: next.arm, shown: shown !== null });
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
   * Readings that were made elsewhere, as a CSV table, FHIR Observations or a DICOM structured report. The same rules hold: order,
   * wash-out, scale. All or none.
   * @returns how many  @throws OperationNotPermitted, NotYourPart, TableMalformed, MalformedJson, EntryMalformed, StudyRuleBroken
   */
  async importReadings(caller: Caller, study: string, brought: Brought): Promise<number> {
    requireOperation(caller, 'evidence.take-part');
    const readings = await this.desk.brought(caller, { study, what: 'readings' }, ['data-manager'], () => readingsIn(brought));
    const source = brought.form;
    await this.desk.write(caller, { study, what: 'readings', changes: { source, rows: readings.length } }, async (tx) => {
      await needPart(tx, study, caller, ['data-manager']);
      const keys = await caseKeysFor(tx, study, readings);
      const places = new Map((await assignmentsOf(tx, study)).map((one, i) => [placeKey(one), i]));
      const rows = readings.map(({ place, of: _of, ...said }, i) => {
        const row = { study, ...said, caseKey: keys[i], source, madeBy: caller.id };
        const turn = places.get(placeKey(row));
        // Where none are given yet, the database says what comes first.
        if (turn === undefined && places.size > 0)
          throw new StudyRuleBroken('case-not-assigned', `${place}: the case is not given to this reader in this arm.`);
        return { row, turn: turn ?? 0 };
      });
      await addRows(
        tx,
        'validation_reading',
        rows.toSorted((a, b) => a.turn - b.turn).map(({ row }) => row),
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

const readingsIn = (brought: Brought): BroughtReading[] =>
  brought.form === 'sr'
    ? readingsFromSr(brought.dataset)
    : brought.form === 'fhir'
      ? readingsFromFhir(brought.text)
      : readingsFromCsv(brought.text);
const placeKey = ({ reader, arm, caseKey }: { reader: string; arm: string; caseKey: string }): string =>
  JSON.stringify([reader, arm, caseKey]);
