import type { Caller } from '../access/caller.js';
import type { Interaction } from '../access/grant.js';
import type { Database } from '../database/database.js';
import { openVersion } from '../records/search/open-among.sql.js';
import { permittedCondition } from '../records/search/permitted.js';
import { NotInArchive } from './faults.js';
import { imagingStudyId } from './fhir/imaging-study.js';

/**
 * Which studies are a caller's: those whose ImagingStudy is (SMART Imaging Access, draft of 2026-08: `ImagingStudy.rs` opens the images
 * of just those studies). One that came a moment ago has none yet, and waits for it.
 */
export class StudyAccess {
  constructor(private readonly database: Database) {}

  /** Throws NotInArchive where the study is not there or not open to the caller, NotPermitted where no study is. */
  async require(caller: Caller, studyInstanceUID: string, interaction: Interaction): Promise<void> {
    const condition = permittedCondition(caller, 'ImagingStudy', interaction);
    if (condition === undefined) return;
    const open = await this.database.statement((tx) =>
      openVersion(tx, 'ImagingStudy', imagingStudyId(studyInstanceUID), [condition], 'the server’s'),
    );
    if (open === undefined) throw new NotInArchive('study');
  }
}
