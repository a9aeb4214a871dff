import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller } from '../../access/caller.js';
import type { Pixels } from '../../archive/pixels.js';
import type { PixelInstanceRow } from '../../archive/retrieve.sql.js';
import type { Search } from '../../archive/search.js';
import { storedDataset, type Studies } from '../../archive/studies.js';
import type { DicomJson } from '../../dicom/dicom-json.js';
import { asFault } from '../../faults.js';
import { instanceAttributes } from '../../inference/instance-attributes.js';
import type { ModelCard } from '../../inference/model-card.js';
import { selectImage } from '../../inference/select-image.js';
import type { DatasetFile, ManifestItem } from '../contents/study-file.js';
import { caseKeys, patientKeys, siteKeys } from './case-keys.js';
import { caseHeader, framesOf, type CaseHeader } from './case-header.js';
import { alikePairs, exactGroups } from './duplicates.js';
import { Exclusions } from './exclusions.js';
import { PopulationEmpty } from './faults.js';
import { Missingness } from './missingness.js';
import type { PictureHashes } from './picture-hashes.js';
import { PictureHasher } from './picture-hasher.js';
import { searchKeys, toldPopulation, type Population } from './population.js';
import { stratifiedSample, type SampleSize } from './sampling.js';
import { stratumOf, type Stratifier } from './strata.js';

/** What a dataset is to be made of. */
export interface SelectionOrder {
  readonly population: Population;
  /** Of keys, of which image of a patient it is, and of the sample; whole number below 2^32. */
  readonly seed: number;
  /** What cases are told apart by. */
  readonly strata: readonly Stratifier[];
  /** Patients that are drawn of those that are left; null: all. */
  readonly sample: SampleSize | null;
  /** The model under test: what it does not read is no case. */
  readonly model?: Pick<ModelCard, 'input' | 'preparation'>;
  /** Hears how many of the chosen images are hashed. */
  readonly watch?: (done: number, of: number) => void;
}

export interface SelectedCase {
  readonly item: Omit<ManifestItem, 'timesUsedBefore'>;
  /** Where it is in the archive: never part of a package. */
  readonly instanceRow: number;
  readonly studyRow: number;
  readonly patientHashes: readonly string[];
}

/** A dataset as it was found, without its name and what its study says of it. */
export interface CaseSelection extends Pick<DatasetFile, 'selection' | 'duplicates' | 'missingness'> {
  /** By case key. */
  readonly cases: readonly SelectedCase[];
}

/** Images that are decoded ahead of the one that is hashed: a mammogram has tens of megabytes. */
const AHEAD = 3;
const BUSY_TRIES = 8;
const BUSY_WAIT_MS = 100;
/** What ends the thread that looks at an image: once may be the machine's fault, again is the image's. */
const DEADLY = new Set(['pixel-time-limit', 'pixel-worker-died', 'hash-worker-died']);
const DEADLY_TRIES = 2;

/** Makes a dataset of images of the archive: a pass over their headers, which chooses, and one over the pixels of those that were chosen. */
export class SelectCases {
  constructor(
    private readonly search: Search,
    private readonly studies: Studies,
    private readonly pixels: Pixels,
  ) {}

  /**
   * Only of studies that are open to the caller. What is held of an image is a line of its manifest; nothing of a header but that.
   * @throws PopulationMalformed, BadSearchKey, NotPermitted, SampleImpossible, PopulationEmpty; whatever keeps the server from decoding
   */
  async select(caller: Caller, order: SelectionOrder): Promise<CaseSelection> {
    const { population, seed, strata, sample } = order;
    const excluded = new Exclusions();
    const { headers, found } = await this.headers(caller, order, excluded);
    const kept = onePer(population.images, headers, seed, excluded);
    const sites = siteKeys(
      kept.map(({ institution }) => institution),
      seed,
    );
    const siteOf = ({ institution }: CaseHeader): string => sites.get(institution) ?? '';
    const stratum = (header: CaseHeader): string => stratumOf(header, siteOf(header), strata);
    const drawable = kept.map((header) => ({ id: header.instanceHash, patient: header.patient, stratum: stratum(header) }));
    if (drawable.length === 0) throw new PopulationEmpty(excluded.table());
    const sampled = sample === null ? undefined : stratifiedSample(drawable, sample, seed);
    const chosen = sampled === undefined ? kept : kept.filter(({ instanceHash }) => sampled.has(instanceHash));
    excluded.add('not-sampled', kept.length - chosen.length);
    const missing = new Missingness();
    const hashed = await this.hashed(chosen, excluded, missing, order.watch);
    if (hashed.length === 0) throw new PopulationEmpty(excluded.table());
    const keyOf = caseKeys(
      hashed.map(({ header }) => header.instanceHash),
      seed,
    );
    const patientOf = patientKeys(
      hashed.map(({ header }) => header.patient),
      seed,
    );
    const cases = hashed.map(({ header, hashes }): SelectedCase => {
      const { row, studyRow, instanceHash, fileSha256, patient, manufacturer, model, ageYears, sex } = header;
      const keys = { caseKey: keyOf.get(instanceHash) ?? '', patientKey: patientOf.get(patient) ?? '' };
      const facts = { site: siteOf(header), manufacturer, model, ageYears, sex, stratum: stratum(header) };
      const item = { ...keys, instanceHash, fileSha256, ...hashes, ...facts };
      return { item, instanceRow: row, studyRow, patientHashes: header.patientHashes };
    });
    cases.sort((a, b) => (a.item.caseKey < b.item.caseKey ? -1 : 1));
    const items = cases.map(({ item }) => item);
    const size = sampled === undefined ? 0 : new Set(chosen.map(({ patient }) => patient)).size;
    return {
      cases,
      selection: {
        query: toldPopulation(population),
        found,
        excluded: excluded.table(),
        sampling: sampled === undefined ? null : { seed, by: strata, size },
      },
      duplicates: { exact: exactGroups(items), alike: alikePairs(items) },
      missingness: missing.table(),
    };
  }

  /** What is left of the headers by themselves. A list that names what is not there, or not the caller's, has found it all the same. */
  private async headers(
    caller: Caller,
    { population, model }: SelectionOrder,
    excluded: Exclusions,
  ): Promise<{ headers: CaseHeader[]; found: number }> {
    const headers: CaseHeader[] = [];
    let found = 0;
    for await (const rows of this.search.instances(caller, searchKeys(population), 'dataset')) {
      found += rows.length;
      let seen = 0;
      for await (const instance of this.studies.pixelInstances(rows.map(({ id }) => id))) {
        seen++;
        const dataset = storedDataset(instance.metadata);
        const header = caseHeader(instance, dataset);
        const why = reasonAgainst(instance, dataset, header, population, model);
        if (why === undefined) headers.push(header);
        else excluded.add(why);
      }
      excluded.add('gone', rows.length - seen);
    }
    const unknown = Math.max(0, (population.sopInstanceUIDs?.length ?? 0) - found);
    excluded.add('listed-not-found', unknown);
    return { headers, found: found + unknown };
  }

  /** The chosen images with their hashes, in the order of their rows; some are decoded while one is hashed. */
  private async hashed(
    chosen: readonly CaseHeader[],
    excluded: Exclusions,
    missing: Missingness,
    watch: SelectionOrder['watch'],
  ): Promise<{ header: CaseHeader; hashes: PictureHashes }[]> {
    const byRow = new Map(chosen.map((header) => [header.row, header]));
    const made: { header: CaseHeader; hashes: PictureHashes }[] = [];
    const hasher = new PictureHasher();
    const pending: Promise<void>[] = [];
    let seen = 0;
    const one = async (instance: PixelInstanceRow, header: CaseHeader): Promise<void> => {
      const hashes = await this.hashesOf(hasher, instance);
      if (typeof hashes === 'string') return excluded.add(hashes);
      missing.add(storedDataset(instance.metadata));
      made.push({ header, hashes });
    };
    try {
      for await (const instance of this.studies.pixelInstances([...byRow.keys()].sort((a, b) => a - b))) {
        const header = byRow.get(instance.id);
        if (header === undefined) continue;
        const work = one(instance, header);
        work.catch(() => undefined); // heard when its turn comes
        pending.push(work);
        if (pending.length > AHEAD) await pending.shift();
        seen++;
        watch?.(seen, chosen.length);
      }
      await Promise.all(pending);
    } finally {
      await Promise.allSettled(pending);
      await hasher.close();
    }
    excluded.add('gone', chosen.length - seen);
    return made;
  }

  /** The hashes of an image's only frame, or why there are none: what is the image's own fault. */
  private async hashesOf(hasher: PictureHasher, instance: PixelInstanceRow): Promise<PictureHashes | string> {
    for (let tries = 1; ; tries++)
      try {
        const { pixels, frame } = await this.pixels.decode(instance, 1);
        return await hasher.hashes(frame, pixels);
      } catch (error) {
        const fault = asFault(error);
        if (fault.status >= 400 && fault.status < 500) return 'not-decodable';
        if (DEADLY.has(fault.code)) {
          if (tries < DEADLY_TRIES) continue;
          return 'not-decodable';
        }
        if (fault.code !== 'pixels-busy' || tries >= BUSY_TRIES) throw error;
        await sleep(BUSY_WAIT_MS * 2 ** tries); // others are waiting for pictures too
      }
  }
}

/** Why an image is no case, by its header. */
function reasonAgainst(
  instance: PixelInstanceRow,
  dataset: DicomJson,
  { ageYears }: CaseHeader,
  { ageYears: ages }: Population,
  model: SelectionOrder['model'],
): string | undefined {
  if (instance.frameTable === null) return 'no-pixel-data';
  if (framesOf(dataset) > 1) return 'multi-frame';
  if (ages !== undefined) {
    if (ageYears === null) return 'age-unknown';
    if (ageYears < (ages.least ?? 0) || ageYears > (ages.most ?? Infinity)) return 'age-outside';
  }
  if (model === undefined) return undefined;
  const verdict = selectImage(model, instanceAttributes(instance, dataset, true), dataset);
  return verdict.reads ? undefined : `model-does-not-read/${verdict.why.code}`;
}

/** One image of each study or patient: which is chance, by the seed, whatever the order in which they came. */
function onePer(rule: Population['images'], headers: readonly CaseHeader[], seed: number, excluded: Exclusions): readonly CaseHeader[] {
  if (rule === 'all') return headers;
  const of = ({ studyRow, patient }: CaseHeader): string => (rule === 'one-per-study' ? String(studyRow) : patient);
  const lot = ({ instanceHash }: CaseHeader): string =>
    createHash('sha256').update(`wetread-one-image-v1\0${seed}\0${instanceHash}`).digest('hex');
  const chosen = [...Map.groupBy(headers, of).values()].map((all) => all.reduce((a, b) => (lot(b) < lot(a) ? b : a)));
  excluded.add(rule === 'one-per-study' ? 'other-image-of-study' : 'other-image-of-patient', headers.length - chosen.length);
  return chosen;
}
