import { ownCaller } from '../database/own-caller.js';
import type { FhirResource, ImagingStudy, Patient } from 'fhir/r4.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { firstText, tag } from '../dicom/dicom-json.js';
import type { Records } from '../records/records.js';
import type { PublicAddress } from '../public-address.js';
import type { WorkHandler } from '../work/work-queue.js';
import { deletedStudy } from './deletions.sql.js';
import { endpointResource } from './fhir/endpoint.js';
import { cancelled, imagingStudy, imagingStudyId } from './fhir/imaging-study.js';
import { patientResource } from './fhir/patient.js';
import { studyTime } from './fhir/study-time.js';
import { storedDataset } from './studies.js';
import { instancesOfSeries, seriesOfStudies, studiesByRow, studiesByUid } from './studies.sql.js';
import { STUDY_RECORDS } from './work-kinds.js';
import { studyFailed } from './study-failed.js';

/** Keeps the FHIR Patient, ImagingStudy and Endpoint of a study in step with the archive (work kind `study-records`). */
export class StudyRecords implements WorkHandler {
  readonly kind = STUDY_RECORDS;
  readonly concurrency = 2;
  readonly attempts = 8;

  constructor(
    private readonly database: Database,
    private readonly records: Records,
    private readonly address: PublicAddress,
  ) {}

  async work(subject: string): Promise<(tx: Transaction) => Promise<void>> {
    const resources = await this.database.statement((tx) => this.resources(tx, Number(subject)));
    return async (tx) => void (await this.records.write(tx, resources, new Date()));
  }

  async gaveUp(tx: Transaction, subject: string, faultCode: string): Promise<void> {
    await studyFailed(tx, Number(subject), { kind: this.kind }, faultCode);
  }

  /** Writes them now, in another room's transaction: what a report refers to must be there when it is. */
  async write(tx: Transaction, studyRow: number, now: Date): Promise<void> {
    await this.records.write(tx, await this.resources(tx, studyRow), now);
  }

  private async resources(tx: Transaction, studyRow: number): Promise<(FhirResource & { id: string })[]> {
    const [study] = await studiesByRow(tx, ownCaller(), [studyRow]);
    if (!study) return withdrawn(tx, studyRow);
    const series = await seriesOfStudies(tx, [studyRow]);
    const instances = Map.groupBy(
      await instancesOfSeries(
        tx,
        series.map(({ id }) => id),
      ),
      ({ seriesRow }) => seriesRow,
    );
    const attributes = storedDataset(study.attributes);
    const patient = patientResource(attributes, study.studyInstanceUID);
    return [
      ...(await this.replaced(tx, study.studyInstanceUID, patient.id)),
      patient,
      endpointResource(this.address.base),
      imagingStudy({
        studyInstanceUID: study.studyInstanceUID,
        attributes,
        started: studyTime(attributes),
        series: series.map(({ id, ...one }) => ({
          ...one,
          description: firstText(storedDataset(one.attributes), tag(0x0008, 0x103e))?.trim(),
          instances: instances.get(id) ?? [],
        })),
      }),
    ];
  }

  /** The Patient that the study had until now, where it has another one and no study is left to that: replaced (R4 patient.html#link). */
  private async replaced(tx: Transaction, studyInstanceUID: string, patientId: string): Promise<(Patient & { id: string })[]> {
    const before = await this.records.current<ImagingStudy>(tx, 'ImagingStudy', imagingStudyId(studyInstanceUID));
    const reference = before?.subject.reference;
    if (reference === undefined || reference === `Patient/${patientId}`) return [];
    if ((await this.records.referring(tx, 'ImagingStudy', 'subject', reference)) > 1) return [];
    const patient = await this.records.current<Patient>(tx, 'Patient', reference.replace('Patient/', ''));
    const link = { other: { reference: `Patient/${patientId}` }, type: 'replaced-by' } as const;
    return patient === undefined ? [] : [{ ...patient, active: false, link: [link] }];
  }
}

/**
 * A study that was deleted stays as an ImagingStudy that is cancelled (R4 imagingstudy-status: unavailable), with nothing in
 * it; unless its UID lives again under another row, which then speaks for it. One that is purged is left as it was.
 */
async function withdrawn(tx: Transaction, studyRow: number): Promise<(FhirResource & { id: string })[]> {
  const gone = await deletedStudy(tx, studyRow);
  if (!gone || (await studiesByUid(tx, ownCaller(), [gone.studyInstanceUID])).length > 0) return [];
  const attributes = storedDataset(gone.attributes);
  const { studyInstanceUID } = gone;
  return [cancelled(imagingStudy({ studyInstanceUID, attributes, started: studyTime(attributes), series: [] }))];
}
