import { CasesUsedUp } from './faults.js';

/** A case as a dataset has it. */
export interface UsableCase {
  readonly caseKey: string;
  readonly instanceHash: string;
  readonly pixelSha256: string;
}

/** That a study used a picture: each case of each study that was ever locked, whatever became of the study. */
export interface PastUse {
  readonly studyId: string;
  readonly instanceHash: string;
  readonly pixelSha256: string;
}

/**
 * How many locked studies used each case before: the instance itself, or another one with the same pixels. A study counts once.
 * @param studyId  the study that is asked for: its own use is none before it
 * @returns by case key, 0 where none did
 */
export function timesUsedBefore(cases: Iterable<UsableCase>, past: Iterable<PastUse>, studyId?: string): Map<string, number> {
  const studiesOf = new Map<string, Set<string>>();
  const note = (of: string, study: string) => studiesOf.set(of, (studiesOf.get(of) ?? new Set()).add(study));
  for (const use of past) {
    if (use.studyId === studyId) continue;
    note(`instance ${use.instanceHash}`, use.studyId);
    note(`pixels ${use.pixelSha256}`, use.studyId);
  }
  const studies = (of: string) => [...(studiesOf.get(of) ?? [])];
  const timesOf = ({ instanceHash, pixelSha256 }: UsableCase): number =>
    new Set([...studies(`instance ${instanceHash}`), ...studies(`pixels ${pixelSha256}`)]).size;
  return new Map([...cases].map((one) => [one.caseKey, timesOf(one)]));
}

/**
 * A case may be in as many locked studies as its dataset's limit says: what is tested on again and again becomes what is trained on, by
 * way of people (FDA, Clinical Performance Assessment of CADe, 2022, test data reuse).
 * @param used  by case key, before the study that is about to be locked
 * @param limit  1 or more
 * @throws CasesUsedUp
 */
export function requireUsesLeft(used: ReadonlyMap<string, number>, limit: number): void {
  const up = [...used].filter(([, times]) => times >= limit).map(([caseKey]) => caseKey);
  if (up.length > 0) throw new CasesUsedUp(up.sort(), limit);
}
