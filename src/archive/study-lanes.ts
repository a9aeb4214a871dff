import { GroupCommit, type GroupLimits } from '../database/group-commit.js';

/** An item on its way into a study. */
interface OfStudy {
  readonly index: { readonly uids: { readonly studyInstanceUID: string } };
}

/** A study of the group is held: nothing of the group was committed. */
export class StudyHeld extends Error {}

export interface LanesOf<Item, Verdict> {
  /** Commits a group. Throws StudyHeld where it would have to wait and is not `patient`. */
  readonly commit: (items: readonly Item[], patient: boolean) => Promise<readonly Verdict[]>;
  /** Those of these studies that are held at the moment. */
  readonly heldStudies: (studyInstanceUIDs: readonly string[]) => Promise<readonly string[]>;
}

const studyOf = ({ index }: OfStudy): string => index.uids.studyInstanceUID;

/**
 * Commits in groups what goes into studies, of which a large change or deletion may hold some for seconds. What belongs to
 * those waits in a lane of its own, one group a study at a time, until the lane is empty; everything else goes on.
 */
export class StudyLanes<Item extends OfStudy, Verdict extends object> {
  private readonly open: GroupCommit<Item, Verdict | undefined>;
  private readonly lanes = new Map<string, { readonly commits: GroupCommit<Item, Verdict>; items: number }>();

  constructor(
    private readonly way: LanesOf<Item, Verdict>,
    private readonly limits: GroupLimits<Item>,
  ) {
    this.open = new GroupCommit((items) => this.commitFree(items), limits);
  }

  /** Answers when the item is durable; throws what `commit` throws. */
  async add(item: Item): Promise<Verdict> {
    const verdict = this.lanes.has(studyOf(item)) ? undefined : await this.open.add(item);
    return verdict ?? this.addToLane(item);
  }

  private async addToLane(item: Item): Promise<Verdict> {
    const study = studyOf(item);
    const lane = this.lanes.get(study) ?? { commits: new GroupCommit((items) => this.way.commit(items, true), this.limits), items: 0 };
    this.lanes.set(study, lane);
    lane.items += 1;
    try {
      return await lane.commits.add(item);
    } finally {
      lane.items -= 1;
      if (lane.items === 0) this.lanes.delete(study);
    }
  }

  /** Commits what belongs to no held study; no answer for the others. */
  private async commitFree(items: readonly Item[]): Promise<readonly (Verdict | undefined)[]> {
    try {
      return await this.way.commit(items, false);
    } catch (error) {
      if (!(error instanceof StudyHeld)) throw error;
    }
    const held = new Set(await this.way.heldStudies([...new Set(items.map(studyOf))]));
    if (held.size === 0) return this.way.commit(items, true); // it was something else, or is over
    const free = items.filter((item) => !held.has(studyOf(item)));
    const verdicts = free.length > 0 ? await this.commitFree(free) : [];
    const of = new Map(free.map((item, i) => [item, verdicts[i]]));
    return items.map((item) => of.get(item));
  }
}
