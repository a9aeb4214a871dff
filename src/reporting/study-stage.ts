import type { Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import { studyWork, type StudyWork } from './study-stage.sql.js';

/** How far a study has come, in the order of its way. */
export const STAGES = ['received', 'queued', 'reading', 'preliminary', 'final'] as const;

/** `not-read`: no model took any of it; `failed`: it was given up; `withdrawn`: its reports were rejected. */
export type StudyStage = (typeof STAGES)[number] | 'not-read' | 'failed' | 'withdrawn';

/** Follows studies from their arrival to the report that a person answers for. */
export class StudyStages {
  constructor(private readonly database: Database) {}

  /** Of a study whose access is on record, as far as its reports are open to the caller; undefined where it is gone. */
  async of(caller: Caller, studyRow: number): Promise<StudyStage | undefined> {
    const work = await this.database.statement((tx) => studyWork(tx, caller, studyRow));
    return work && stageOf(work);
  }
}

/** What is still to be done says more than what is there: a report of what arrived before is about to change. */
export function stageOf({ running, waiting, dead, statuses, read, unread }: StudyWork): StudyStage {
  if (running) return 'reading';
  if (waiting) return 'queued';
  if (statuses.includes('preliminary')) return 'preliminary';
  if (statuses.some((status) => status === 'final' || status === 'amended')) return 'final';
  if (statuses.length > 0) return 'withdrawn';
  if (dead) return 'failed';
  if (read) return 'reading'; // its findings are on their way
  return unread ? 'not-read' : 'received';
}
