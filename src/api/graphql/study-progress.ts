import { STAGES, type StudyStage } from '../../reporting/study-stage.js';

type Waypoint = (typeof STAGES)[number];
const isWaypoint = (stage: StudyStage): stage is Waypoint => (STAGES as readonly StudyStage[]).includes(stage);
/** The stage that each end off the way follows. */
const LEAVES_AFTER: Readonly<Record<Exclude<StudyStage, Waypoint>, Waypoint>> = {
  'not-read': 'reading',
  failed: 'reading',
  withdrawn: 'preliminary',
};

/**
 * What to tell of a study that was at one stage and is at another now. A wake may find it several stages on: those in between
 * were passed, and are told in their order. More images lead it back to an earlier stage, which is told alone.
 * @param last  undefined where it was not there yet
 */
export function stagesPassed(last: StudyStage | undefined, now: StudyStage): StudyStage[] {
  if (now === last) return [];
  const from = last === undefined ? -1 : isWaypoint(last) ? STAGES.indexOf(last) : STAGES.length;
  if (isWaypoint(now)) {
    const to = STAGES.indexOf(now);
    return to > from ? STAGES.slice(from + 1, to + 1) : [now];
  }
  return [...STAGES.slice(from + 1, STAGES.indexOf(LEAVES_AFTER[now]) + 1), now];
}
