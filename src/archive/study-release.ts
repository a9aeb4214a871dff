import type { Database } from '../database/database.js';
import { event, thrownFields } from '../log.js';
import { enqueueAll, wakeWorkers } from '../work/work.sql.js';
import { Pace } from './pace.js';
import { READ_STUDY, STUDY_RECORDS } from './work-kinds.js';

type Kind = typeof READ_STUDY | typeof STUDY_RECORDS;

const READ_EVERY_MS = 2_000;
/** A study's FHIR form is made anew from all its instances. */
const RECORDS_EVERY_MS = 5_000;
/** How long releases of studies that grow gather, to go in one transaction. */
const GATHER_MS = 250;

/**
 * Lets studies be read once the request that brought their instances is over. The first time that is at once; while one
 * instance after the other comes in requests of its own, the readers take what has gathered, not each one.
 */
export class StudyRelease {
  private readonly paces = { [READ_STUDY]: new Pace(READ_EVERY_MS), [STUDY_RECORDS]: new Pace(RECORDS_EVERY_MS) };
  /** Studies that grow, by kind of work: when each may come up again, in milliseconds since 1970. */
  private readonly growing = { [READ_STUDY]: new Map<number, number>(), [STUDY_RECORDS]: new Map<number, number>() };
  private readonly releasing = new Set<Promise<void>>();
  private gathering: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly quietPeriodSeconds: number,
  ) {}

  /**
   * Makes the work of these studies due; nobody waits for it. Where it fails they are due by themselves soon.
   * @param derived  the server made the instances itself: there is nothing to read
   */
  release(studies: readonly number[], { derived }: { derived: boolean }): void {
    const now = Date.now();
    const kinds: readonly Kind[] = derived ? [STUDY_RECORDS] : [READ_STUDY, STUDY_RECORDS];
    const atOnce: { kind: Kind; subject: string }[] = [];
    for (const kind of kinds)
      for (const row of studies) {
        const wait = this.paces[kind].wait(row, now);
        if (wait === 0) atOnce.push({ kind, subject: String(row) });
        else this.growing[kind].set(row, now + wait);
      }
    if (atOnce.length > 0) this.track(this.makeDue([[0, atOnce]]));
    this.gathering ??= setTimeout(() => this.track(this.releaseGrowing()), GATHER_MS);
  }

  /** Resolves when no release is under way. */
  async settled(): Promise<void> {
    clearTimeout(this.gathering);
    this.track(this.releaseGrowing());
    await Promise.all(this.releasing);
  }

  private async releaseGrowing(): Promise<void> {
    this.gathering = undefined;
    const now = Date.now();
    const due = ([READ_STUDY, STUDY_RECORDS] as const).flatMap((kind) => {
      const items = [...this.growing[kind]].map(([row, at]) => ({ seconds: Math.max(0, at - now) / 1_000, kind, subject: String(row) }));
      this.growing[kind].clear();
      return items;
    });
    if (due.length > 0) await this.makeDue([...Map.groupBy(due, ({ seconds }) => seconds)]);
  }

  private track(releasing: Promise<void>): void {
    const done = releasing
      .catch((error: unknown) => event('archive.release-failed', thrownFields(error)))
      .finally(() => this.releasing.delete(done));
    this.releasing.add(done);
  }

  private async makeDue(
    bySeconds: readonly (readonly [seconds: number, items: readonly { kind: Kind; subject: string }[]])[],
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      tx.alongCommit(tx.run('SET LOCAL synchronous_commit = off')); // the work itself is durable already; this only hastens it
      for (const [seconds, items] of bySeconds) tx.alongCommit(enqueueAll(tx, items, Math.max(seconds, this.quietPeriodSeconds)));
      for (const kind of new Set(bySeconds.flatMap(([, items]) => items.map((one) => one.kind)))) tx.alongCommit(wakeWorkers(tx, kind));
    });
  }
}
