import { Pixels } from '../archive/pixels.js';
import type { PixelInstanceRow } from '../archive/retrieve.sql.js';
import { storedDataset, type Studies } from '../archive/studies.js';
import { READ_STUDY } from '../archive/work-kinds.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { firstText, tag, type DicomJson } from '../dicom/dicom-json.js';
import { asFault } from '../faults.js';
import type { LedgerEvent } from '../ledger/ledger-event.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import { SOFTWARE_VERSION } from '../version.js';
import type { WorkHandler } from '../work/work-queue.js';
import { enqueueWork, wakeWorkers } from '../work/work.sql.js';
import { belongsToImage } from './faults.js';
import { instanceAttributes } from './instance-attributes.js';
import { modelKey } from './model-key.js';
import type { Models } from './models.js';
import { ReadSeries } from './read-series.js';
import { ReadStacks } from './read-stacks.js';
import type { ImageQuality, ImageReading } from './reading.js';
import { insertReadings, readInstances, type NewReading } from './readings.sql.js';
import type { LoadedModel } from './registry.js';
import { selectImage } from './select-image.js';
import { judgeable } from './engines/judgeable.js';
import { againstTraining } from './against-training.js';
import { tellProgress } from './study-progress.sql.js';
import { addSharpness, sharpnessHistory } from './sharpness-history.sql.js';
import { sharpnessAgainst, sharpnessHistoryOf, type SharpnessSource } from './sharpness-history.js';
import { FINDINGS_READY, findingsSubject, INFERENCE_FAILED } from './work-kinds.js';
import { patientsOfStudies } from '../archive/patients-of-studies.js';
import { studyFailed } from '../archive/study-failed.js';

const FRAME = 1;

/** Reads the new instances of a study with every model that takes them (work kind `read-study`). */
export class ReadStudy implements WorkHandler {
  readonly kind = READ_STUDY;
  readonly attempts = 5;
  private readonly stacks: ReadStacks;
  private readonly series: ReadSeries;

  constructor(
    private readonly database: Database,
    private readonly studies: Studies,
    private readonly pixels: Pixels,
    private readonly models: Models,
    readonly concurrency: number,
  ) {
    this.stacks = new ReadStacks(studies, pixels, models);
    this.series = new ReadSeries(studies, this.stacks);
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
    const readings: NewReading[] =
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

  private async read(model: LoadedModel, instance: PixelInstanceRow, dataset: DicomJson): Promise<NewReading> {
    const { card, sha256 } = model;
    const about = {
      studyRow: instance.studyRow,
      instanceRow: instance.id,
      modelName: card.name,
      modelVersion: card.version,
      modelSha256: sha256,
    };
    const verdict = selectImage(card, instanceAttributes(instance, dataset, instance.frameTable !== null), dataset);
    if (!verdict.reads) return { ...about, state: 'not-read', why: verdict.why };
    try {
      if (card.input.clip !== undefined) {
        const read = await this.stacks.clip(model, card.input.clip, instance, dataset);
        return 'code' in read ? { ...about, state: 'not-read', why: read } : { ...about, state: 'read', reading: read };
      }
      const source = sourceOf(model, dataset);
      return { ...about, state: 'read', source, reading: await this.run(model, instance, source) };
    } catch (error) {
      const fault = asFault(error);
      if (!belongsToImage(fault)) throw fault;
      return { ...about, state: 'failed', why: { code: fault.code, text: fault.message } };
    }
  }

  private async run(model: LoadedModel, instance: PixelInstanceRow, source: SharpnessSource): Promise<ImageReading> {
    const began = performance.now();
    const { pixels, frame } = await this.pixels.decode(instance, FRAME);
    const decode = performance.now() - began;
    const { outputs, quality, provider, timings } = judgeable(await this.models.engine.run(model, { frame, pixels }));
    const { inputDistance, ...told } = outputs;
    return {
      sopClassUID: instance.sopClassUID,
      sopInstanceUID: instance.sopInstanceUID,
      seriesInstanceUID: instance.seriesInstanceUID,
      frameNumber: FRAME,
      rows: frame.rows,
      columns: frame.columns,
      ...told,
      quality: { ...quality, ...(await this.againstHistory(source, quality)), ...againstTraining(model.card, inputDistance) },
      provider,
      timings: { decode, ...timings },
    };
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
const unread = (studyRow: number, instanceRow: number): NewReading => ({
  studyRow,
  instanceRow,
  modelName: NO_MODEL.name,
  modelVersion: NO_MODEL.version,
  modelSha256: NO_MODEL.sha256,
  state: 'not-read',
  why: { code: 'no-model', text: 'this server has no model that could be loaded' },
});

/** The sharpness of what was read, summed up by where it counts. */
async function remember(tx: Transaction, written: readonly NewReading[]): Promise<void> {
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
async function record(tx: Transaction, readings: readonly NewReading[], reported: ReadonlySet<string>): Promise<void> {
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
function notRead(written: readonly NewReading[]): LedgerEvent[] {
  const same = Map.groupBy(
    written.filter(({ state }) => state === 'not-read'),
    (one) => `${one.studyRow} ${one.modelSha256} ${one.why?.code}`,
  );
  return [...same.values()].map((all) => {
    const [first] = all;
    const event = ledgerEvent(first);
    if (all.length === 1) return event;
    const instances = all.map(({ instanceRow }) => instanceRow);
    return { ...event, entity: { type: 'study', id: String(first.studyRow) }, changes: { ...event.changes, instances } };
  });
}

/** Each decision holds what it was made from and by: model and software, provider, raw outputs (architecture.md, the ledger). */
function ledgerEvent(one: NewReading): LedgerEvent {
  const action = ({ read: 'image.read', 'not-read': 'image.not-read', failed: 'image.failed' } as const)[one.state];
  const model = { name: one.modelName, version: one.modelVersion, sha256: one.modelSha256, software: SOFTWARE_VERSION };
  const { reading } = one;
  const outputs = reading && {
    provider: reading.provider,
    logits: reading.logits,
    probabilities: reading.probabilities ?? null,
    confidence: reading.confidence ?? null,
    uncertainty: reading.uncertainty ?? null,
    predictiveEntropy: reading.predictiveEntropy ?? null,
    inputDistance: reading.quality.inputDistance ?? null,
    referral: reading.referral ? { ...reading.referral } : null,
    prediction: reading.prediction ?? null,
    quality: reading.quality.score,
  };
  return {
    actor: 'wetread',
    action,
    entity: { type: 'instance', id: String(one.instanceRow) },
    changes: { model, ...(outputs ? { outputs } : {}) },
    reason: one.why?.code ?? '',
  };
}
