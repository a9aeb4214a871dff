import type { Caller } from '../access/caller.js';
import { requireOperation } from '../access/operations.js';
import type { Studies } from '../archive/studies.js';
import { READ_STUDY } from '../archive/work-kinds.js';
import type { Database } from '../database/database.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import { enqueueWork, wakeWorkers } from '../work/work.sql.js';
import { ModelAbsent, StudyAbsent } from './faults.js';
import type { Models } from './models.js';
import { dropUnread } from './readings.sql.js';
import { patientsOfStudies } from '../archive/patients-of-studies.js';
import { by } from '../ledger/ledger-event.js';
import { onRecord } from '../ledger/told-faults.js';

/** People and systems that ask for a study to be read: by a model that came after it, or once more where it failed. */
export class ReadingRequests {
  constructor(
    private readonly database: Database,
    private readonly studies: Studies,
    private readonly models: Models,
  ) {}

  /**
   * Enqueues a study as its arrival does. What a model has read stays, for the same bytes give the same answer; what failed or
   * was passed over is tried again. Answers the study's row.
   * @param modelName  whose failures alone are tried again; models that have not looked at the study read it in any case
   * @throws OperationNotPermitted, StudyAbsent, ModelAbsent
   */
  async request(caller: Caller, studyInstanceUID: string, modelName?: string): Promise<number> {
    requireOperation(caller, 'reading.request');
    if (modelName !== undefined && !this.models.loaded.some(({ card }) => card.name === modelName)) throw new ModelAbsent();
    const study = await this.studies.byUid(caller, studyInstanceUID);
    if (study === undefined) throw onRecord(new StudyAbsent());
    await this.database.transaction(async (tx) => {
      const again = await dropUnread(tx, study.id, modelName ?? null);
      await appendRecords(tx, [
        {
          ...by(caller),
          action: 'reading.requested',
          entity: { type: 'study', id: String(study.id) },
          changes: { again, ...(modelName === undefined ? {} : { model: modelName }) },
          reason: '',
          patients: await patientsOfStudies(tx, [study.id]),
        },
      ]);
      await enqueueWork(tx, READ_STUDY, [String(study.id)]);
      await wakeWorkers(tx, READ_STUDY);
    });
    return study.id;
  }
}
