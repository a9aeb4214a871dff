import type { Database } from '../database/database.js';
import { event, thrownFields } from '../log.js';
import { enqueueWork, wakeWorkers } from '../work/work.sql.js';
import { Pace } from './pace.js';
import { READ_STUDY, STUDY_RECORDS } from './work-kinds.js';

const READ_EVERY_MS = 2_000;
/** A study's FHIR form is made anew from all its instances. */
const RECORDS_EVERY_MS = 5_000;

/**
 * Lets studies be read once the request that brought their instances is over. The first time that is at once; while one
 * instance after the other comes in requests of its own, the readers take what has gathered, not each one.
 */
export class StudyRelease {
  private readonly paces = { [READ_STUDY]: new Pace(READ_EVERY_MS), [STUDY_RECORDS]: new Pace(RECORDS_EVERY_MS) };
  private readonly releasing = new Set<Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly quietPeriodSeconds: number,
  ) {}

  /**
   * Makes the work of these studies due; nobody waits for it. Where it fails they are due by themselves soon.
   * @param derived  the server made the instances itself: there is nothing to read
   */
  release(studies: readonly number[], { derived }: { derived: boolean }): void {
    if (studies.length === 0) return;
    const done = this.makeDue(studies, derived ? [STUDY_RECORDS] : [READ_STUDY, STUDY_RECORDS])
      .catch((error: unknown) => event('archive.release-failed', thrownFields(error)))
      .finally(() => this.releasing.delete(done));
    this.releasing.add(done);
  }

  /** Resolves when no release is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.releasing);
  }

  private async makeDue(studies: readonly number[], kinds: readonly (typeof READ_STUDY | typeof STUDY_RECORDS)[]): Promise<void> {
    const now = Date.now();
    await this.database.transaction(async (tx) => {
      tx.alongCommit(tx.run('SET LOCAL synchronous_commit = off')); // the work itself is durable already; this only hastens it
      for (const kind of kinds) {
        const byWait = Map.groupBy(studies, (row) => Math.max(this.paces[kind].wait(row, now) / 1_000, this.quietPeriodSeconds));
        for (const [seconds, rows] of byWait) tx.alongCommit(enqueueWork(tx, kind, rows.map(String), seconds));
        tx.alongCommit(wakeWorkers(tx, kind));
      }
    });
  }
}
