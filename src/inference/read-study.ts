import type { PixelInstanceRow } from '../archive/retrieve.sql.js';
import { storedDataset, type Studies } from '../archive/studies.js';
import { READ_STUDY } from '../archive/work-kinds.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { firstText, tag, type DicomJson } from '../dicom/dicom-json.js';
import type { LedgerEvent } from '../ledger/ledger-event.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import type { WorkHandler } from '../work/work-queue.js';
import { enqueueWork, wakeWorkers } from '../work/work.sql.js';
import { decisionRecord } from './decision-record.js';
import { modelKey } from './model-key.js';
import type { Models } from './models.js';
import type { ReadImage } from './read-image.js';
import { ReadSeries } from './read-series.js';
import type { ImageQuality } from './reading.js';
import { insertReadings, readInstances, type MadeReading } from './readings.sql.js';
import type { LoadedModel } from './registry.js';
import { tellProgress } from './study-progress.sql.js';
import { addSharpness, sharpnessHistory } from './sharpness-history.sql.js';
import { sharpnessAgainst, sharpnessHistoryOf, type SharpnessSource } from './sharpness-history.js';
import { FINDINGS_READY, findingsSubject, INFERENCE_FAILED } from './work-kinds.js';
import { patientsOfStudies } from '../archive/patients-of-studies.js';
import { studyFailed } from '../archive/study-failed.js';

/** Reads the new instances of a study with every model that takes them (work kind `read-study`). */
export class ReadStudy implements WorkHandler {
  readonly kind = READ_STUDY;
  readonly attempts = 5;
  private readonly series: ReadSeries;

  constructor(
    private readonly database: Database,
    private readonly studies: Studies,
    private readonly images: ReadImage,
    private readonly models: Models,
    readonly concurrency: number,
  ) {
    this.series = new ReadSeries(studies, images.stacks);
  }

  /**
   * What belongs to the image (corrupt pixels, a codec we lack) is recorded as failed, and the study goes on; what belongs
   * to the server (a killed run, a full queue, an absent database) fails the work item, which is tried again.
   */
  async work(subject: string): Promise<(tx: Transaction) => Promise<void>> {
    await this.database.statement((tx) => tellProgress(tx, subject));
    const studyRow = Number(subject);
    const rows = await this.studies.received(studyRow);
    const before = await this.database.statement((tx) => readInstances(tx, studyRow));
    const done = new Set(before.map((row) => `${row.instanceRow} ${row.modelSha256}`));
    const lacks = (row: number, { sha256 }: Pick<LoadedModel, 'sha256'>): boolean => !done.has(`${row} ${sha256}`);
    const { loaded } = this.models;
    const readings: MadeReading[] =
      loaded.length > 0 ? [] : rows.filter((row) => lacks(row, NO_MODEL)).map((instanceRow) => unread(studyRow, instanceRow));
    const ofInstances = loaded.filter(({ card }) => card.input.volume === undefined);
    const fresh = rows.filter((row) => ofInstances.some((model) => lacks(row, model)));
    for await (const instance of this.studies.pixelInstances(fresh)) {
      const dataset = storedDataset(instance.metadata);
      for (const model of ofInstances) if (lacks(instance.id, model)) readings.push(await this.read(model, instance, dataset));
    }
    readings.push(...(await this.series.read(loaded, studyRow, rows, lacks)));
    const reported = new Set(before.filter(({ state }) => state === 'read').map(({ modelSha256 }) => modelSha256));
    return async (tx) => {
      await record(tx, readings, reported);
      await tellProgress(tx, subject);
    };
  }

  async gaveUp(tx: Transaction, subject: string, faultCode: string): Promise<void> {
    await tellFailed(tx, subject);
    await tellProgress(tx, subject);
    await studyFailed(tx, Number(subject), { attempts: this.attempts }, faultCode);
  }

  private async read(model: LoadedModel, instance: PixelInstanceRow, dataset: DicomJson): Promise<MadeReading> {
    const { card, sha256 } = model;
    const about = {
      model,
      files: [instance.sha256],
      studyRow: instance.studyRow,
      instanceRow: instance.id,
      modelName: card.name,
      modelVersion: card.version,
      modelSha256: sha256,
    };
    const read = await this.images.read(model, instance, dataset);
    if (read.state !== 'read' || card.input.clip !== undefined) return { ...about, ...read };
    const source = sourceOf(model, dataset);
    const { quality } = read.reading;
    const reading = { ...read.reading, quality: { ...quality, ...(await this.againstHistory(source, quality)) } };
    return { ...about, state: 'read', source, reading };
  }

  private async againstHistory(source: SharpnessSource, { sharpness }: ImageQuality): Promise<Partial<ImageQuality>> {
    const z = sharpnessAgainst(await this.database.statement((tx) => sharpnessHistory(tx, source)), sharpness);
    return z === undefined ? {} : { sharpnessAgainstHistory: z };
  }
}

function sourceOf({ sha256 }: LoadedModel, dataset: DicomJson): SharpnessSource {
  const text = (group: number, element: number) => firstText(dataset, tag(group, element))?.trim() ?? '';
  return { modelSha256: sha256, modality: text(0x0008, 0x0060), station: text(0x0008, 0x1010) };
}

/** Stands in a reading for the model where the server has none. */
const NO_MODEL = { name: 'none', version: '-', sha256: '' };

/** Every instance gets its reason, also when no model could be loaded. */
const unread = (studyRow: number, instanceRow: number): MadeReading => ({
  files: [],
  studyRow,
  instanceRow,
  modelName: NO_MODEL.name,
  modelVersion: NO_MODEL.version,
  modelSha256: NO_MODEL.sha256,
  state: 'not-read',
  why: { code: 'no-model', text: 'this server has no model that could be loaded' },
});

/** The sharpness of what was read, summed up by where it counts. */
async function remember(tx: Transaction, written: readonly MadeReading[]): Promise<void> {
  const bySource = Map.groupBy(
    written.filter(({ source, reading }) => source && reading),
    ({ source }) => JSON.stringify(source),
  );
  const added = [...bySource.values()].flatMap(([first, ...others]) => {
    const sums = sharpnessHistoryOf([first, ...others].flatMap(({ reading }) => reading?.quality.sharpness ?? []));
    return first.source && sums.images > 0 ? [{ ...first.source, ...sums }] : [];
  });
  if (added.length > 0) await addSharpness(tx, added);
}

async function tellFailed(tx: Transaction, studyRow: string): Promise<void> {
  await enqueueWork(tx, INFERENCE_FAILED, [studyRow]);
  await wakeWorkers(tx, INFERENCE_FAILED);
}

/** @param reported  the models that have a report of the study: what else they make of it changes that report */
async function record(tx: Transaction, readings: readonly MadeReading[], reported: ReadonlySet<string>): Promise<void> {
  if (readings.length === 0) return;
  const fresh = new Set((await insertReadings(tx, readings)).map((row) => `${row.instanceRow} ${row.modelSha256}`));
  const written = readings.filter((one) => fresh.has(`${one.instanceRow} ${one.modelSha256}`));
  if (written.some(({ state }) => state === 'failed')) await tellFailed(tx, String(readings[0].studyRow));
  const patients = await patientsOfStudies(tx, [readings[0].studyRow]);
  const events = [...written.filter(({ state }) => state !== 'not-read').map(ledgerEvent), ...notRead(written)];
  await appendRecords(
    tx,
    events.map((event) => ({ ...event, patients })),
  );
  const toReport = new Set(
    written
      .filter(({ state, modelSha256 }) => state === 'read' || reported.has(modelSha256))
      .map((one) => findingsSubject(one.studyRow, modelKey({ name: one.modelName, version: one.modelVersion }))),
  );
  if (toReport.size > 0) {
    await enqueueWork(tx, FINDINGS_READY, [...toReport]);
    await wakeWorkers(tx, FINDINGS_READY);
  }
  await remember(tx, written); // last: a station's row is locked until the commit
}

/** What a model does not read, for one reason, is one record that names every instance: a CT of a thousand is no thousand decisions. */
function notRead(written: readonly MadeReading[]): LedgerEvent[] {
  const same = Map.groupBy(
    written.filter(({ state }) => state === 'not-read'),
    (one) => `${one.studyRow} ${one.modelSha256} ${one.why?.code}`,
  );
  return [...same.values()].map((all) => {
    const [first] = all;
    const event = ledgerEvent(first);
    if (all.length === 1) return event;
    const instances = all.map(({ instanceRow }) => instanceRow);
    const changes = changesOf(
      first,
      all.flatMap(({ files }) => files),
    );
    return { ...event, entity: { type: 'study', id: String(first.studyRow) }, changes: { ...changes, instances } };
  });
}

function ledgerEvent(one: MadeReading): LedgerEvent {
  const action = ({ read: 'image.read', 'not-read': 'image.not-read', failed: 'image.failed' } as const)[one.state];
  return {
    actor: 'wetread',
    action,
    entity: { type: 'instance', id: String(one.instanceRow) },
    changes: changesOf(one, one.files),
    reason: one.why?.code ?? '',
  };
}

const changesOf = ({ model, modelName, modelVersion, reading }: MadeReading, files: readonly string[]) =>
  decisionRecord({ model: model ?? { name: modelName, version: modelVersion }, files, reading });
