import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Caller } from '../../access/caller.js';
import { requireOperation } from '../../access/operations.js';
import type { Slice } from '../../database/slice.js';
import { asFault } from '../../faults.js';
import type { Models } from '../../inference/models.js';
import type { LoadedModel } from '../../inference/registry.js';
import { canonicalText } from '../../signing/canonical.js';
import { manifestLines, manifestSha256 } from '../contents/study/manifest-text.js';
import type { DatasetFile, ManifestItem } from '../contents/study-file.js';
import { leakCheck, requireNoLeak, type LeakReport, type NoManifestReason, type TrainedModel } from '../datasets/leak-check.js';
import type { CaseSelection, SelectCases, SelectionOrder } from '../datasets/select-cases.js';
import { readTrainingManifest } from '../datasets/training-manifest.js';
import { ModelSwapped } from '../runs/faults.js';
import { addRows } from './add-rows.sql.js';
import { datasetOf, datasetOfStudy, datasetPage, manifestItems, usesOf, type DatasetRow } from './datasets.sql.js';
import { ModelNotHere, NothingThere } from './faults.js';
import type { StudyDesk } from './study-desk.js';

/** What a dataset is asked to be. */
export interface DatasetAsked extends Omit<SelectionOrder, 'model' | 'watch'> {
  readonly name: string;
  readonly purpose: DatasetFile['purpose'];
  /** In how many locked studies a case may be tested (FDA, CADe guidance 2022, "Test data reuse"). */
  readonly useLimit: number;
  /** The model that it is to test: it must read the cases, and must not have been trained on them. */
  readonly model: { readonly name: string; readonly version: string };
  /** Why the model need have no training manifest. */
  readonly withoutManifest?: NoManifestReason;
}

/** A dataset that is being made, here and now; where the server ends before it is frozen, there is none. */
export type Making =
  | { readonly id: string; readonly state: 'making'; readonly done: number; readonly of: number | null }
  | { readonly id: string; readonly state: 'refused'; readonly code: string; readonly detail: string };

const MOST_MAKINGS = 100;

/** Datasets of cases of the archive, frozen as they are made. */
export class Datasets {
  /** Of those that are being made, or could not be: the last ones. */
  private readonly makings = new Map<string, Making & { readonly tenant: number }>();

  constructor(
    private readonly desk: StudyDesk,
    private readonly selectCases: SelectCases,
    private readonly models: Models,
  ) {}

  /** Begins to make one: it is there, frozen, or refused, some time after. Throws OperationNotPermitted, ModelNotHere. */
  begin(caller: Caller, asked: DatasetAsked): Making {
    requireOperation(caller, 'evidence.plan');
    const model = this.models.find(asked.model.name, asked.model.version);
    if (model === undefined) throw new ModelNotHere();
    const id = randomUUID();
    const tell = (making: Making): void => {
      this.makings.set(id, { ...making, tenant: caller.tenant });
      const [oldest] = this.makings.keys();
      if (this.makings.size > MOST_MAKINGS) this.makings.delete(oldest);
    };
    tell({ id, state: 'making', done: 0, of: null });
    const watch = (done: number, of: number): void => tell({ id, state: 'making', done, of });
    this.make(caller, id, model, { ...asked, watch }).then(
      () => this.makings.delete(id),
      (error: unknown) => {
        const { code, message } = asFault(error);
        tell({ id, state: 'refused', code, detail: message });
      },
    );
    return { id, state: 'making', done: 0, of: null };
  }

  /** A dataset, or how far its making is; on record. Throws OperationNotPermitted, NothingThere. */
  async one(caller: Caller, id: string): Promise<DatasetRow | Making> {
    requireOperation(caller, 'evidence.look');
    const making = this.makings.get(id);
    if (making !== undefined && making.tenant === caller.tenant) {
      const { tenant: _tenant, ...told } = making;
      return told;
    }
    return this.desk.look(caller, { study: id, what: 'dataset', entityType: 'ValidationDataset' }, async (tx) => {
      const found = await datasetOf(tx, id);
      if (found === undefined) throw new NothingThere('dataset');
      return found;
    });
  }

  /** The one that a study's protocol names; on record. Throws OperationNotPermitted, StudyAbsent. */
  async ofStudy(caller: Caller, study: string): Promise<DatasetRow | undefined> {
    requireOperation(caller, 'evidence.look');
    return this.desk.look(caller, { study, what: 'dataset' }, (tx) => datasetOfStudy(tx, study));
  }

  /** Newest first. Throws OperationNotPermitted. */
  async page(caller: Caller, slice: Slice<string>): Promise<DatasetRow[]> {
    requireOperation(caller, 'evidence.look');
    return this.desk.database.statement((tx) => datasetPage(tx, slice));
  }

  /** Its manifest, whose SHA-256 the dataset has; on record. Throws OperationNotPermitted, NothingThere. */
  async manifest(caller: Caller, id: string): Promise<string> {
    requireOperation(caller, 'evidence.look');
    return this.desk.look(caller, { study: id, what: 'manifest', entityType: 'ValidationDataset' }, async (tx) => {
      const items = await manifestItems(tx, id);
      if (items.length === 0) throw new NothingThere('dataset');
      return [...manifestLines(items)].join('');
    });
  }

  private async make(caller: Caller, id: string, model: LoadedModel, asked: DatasetAsked & Pick<SelectionOrder, 'watch'>): Promise<void> {
    const { name, purpose, useLimit, population, seed, strata, sample, watch } = asked;
    const deed = { study: id, what: 'dataset', entityType: 'ValidationDataset', changes: { purpose, model: asked.model } } as const;
    const selection = await this.desk.guarded(caller, deed, () =>
      this.selectCases.select(caller, { population, seed, strata, sample, model: model.card, ...(watch && { watch }) }),
    );
    const report = await this.desk.guarded(caller, deed, () => checkedForLeaks(selection, model, asked));
    await this.desk.write(caller, deed, async (tx) => {
      const uses = new Map(
        (
          await usesOf(
            tx,
            selection.cases.map(({ item }) => item.pixelSha256),
          )
        ).map(({ pixelSha256, times }) => [pixelSha256, times]),
      );
      const items = selection.cases.map(({ item }): ManifestItem => ({ ...item, timesUsedBefore: uses.get(item.pixelSha256) ?? 0 }));
      const { duplicates, missingness } = selection;
      const details = canonicalText({ selection: selection.selection, duplicates, missingness, leakage: report.leakage });
      await addRows(tx, 'validation_dataset', [
        { id, name, purpose, manifestSha256: manifestSha256(items), useLimit, details, madeBy: caller.id },
      ]);
      await addRows(
        tx,
        'validation_case',
        items.map((item, i) => ({ dataset: id, ...item, instanceRow: selection.cases[i].instanceRow })),
      );
    });
  }
}

/** Throws TrainingLeak, TrainingManifestAbsent. */
async function checkedForLeaks(
  { cases }: CaseSelection,
  model: LoadedModel,
  { purpose, withoutManifest }: DatasetAsked,
): Promise<LeakReport> {
  const checked = cases.map(({ item, patientHashes }) => ({ ...item, patientHashes }));
  const report = leakCheck(checked, [await trainedModel(model)]);
  requireNoLeak(report, purpose, withoutManifest);
  return report;
}

async function trainedModel({ card: { name, version, training }, trainingManifest }: LoadedModel): Promise<TrainedModel> {
  const manifest = trainingManifest === undefined ? undefined : readTrainingManifest(await readFile(trainingManifest));
  // The file was held to the card as the model was loaded; it may have been changed since.
  if (manifest !== undefined && manifest.sha256 !== training.manifest?.sha256) throw new ModelSwapped('card-file');
  return { model: name, version, manifest };
}
