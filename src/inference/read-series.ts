import { storedDataset, type Studies } from '../archive/studies.js';
import { asFault } from '../faults.js';
import { chooseVolumes, type ChosenVolume, type WhyNot } from './choose-volumes.js';
import { belongsToImage } from './faults.js';
import { instanceAttributes } from './instance-attributes.js';
import { HounsfieldImplausible } from './preparation/volume/faults.js';
import type { ReadStacks } from './read-stacks.js';
import { PART_OF_READING } from './reading.js';
import type { MadeReading } from './readings.sql.js';
import type { LoadedModel } from './registry.js';
import { addToSeries, type StudySeries } from './study-series.js';

/** Reads the series of a study as volumes, with the models whose cards have `input.volume`. */
export class ReadSeries {
  constructor(
    private readonly studies: Studies,
    private readonly stacks: ReadStacks,
  ) {}

  /**
   * A series is looked at as a whole: an instance that came late may complete it.
   * @param rows  all instances of the study
   * @param lacks  whether a model has no reading of an instance
   */
  async read(
    models: readonly LoadedModel[],
    studyRow: number,
    rows: readonly number[],
    lacks: (row: number, model: LoadedModel) => boolean,
  ): Promise<MadeReading[]> {
    const waiting = models.filter((model) => model.card.input.volume !== undefined && rows.some((row) => lacks(row, model)));
    if (waiting.length === 0) return [];
    const series = await this.seriesOf(rows);
    const made: MadeReading[] = [];
    for (const model of waiting) made.push(...(await this.readBy(model, studyRow, series, (row) => lacks(row, model))));
    return made;
  }

  /** The instances of a study by their series. */
  private async seriesOf(rows: readonly number[]): Promise<StudySeries[]> {
    const study = new Map<string, StudySeries>();
    for await (const instance of this.studies.pixelInstances(rows)) {
      const dataset = storedDataset(instance.metadata);
      addToSeries(study, instance, dataset, instanceAttributes(instance, dataset, instance.frameTable !== null));
    }
    return [...study.values()];
  }

  /**
   * What a model makes of whole series. A volume's reading is stored with its first slice's instance that has none yet; the
   * others are on record as read with it. When one comes late, the volume is read again with it, and stored with that one.
   */
  private async readBy(
    model: LoadedModel,
    studyRow: number,
    series: readonly StudySeries[],
    lacks: (row: number) => boolean,
  ): Promise<MadeReading[]> {
    const { card, sha256 } = model;
    if (card.input.volume === undefined) return [];
    const hashes = new Map(series.flatMap(({ instances }) => instances.map(({ row, sha256: hash }) => [row, hash])));
    const filesOf = (rows: readonly number[]): string[] => rows.flatMap((row) => hashes.get(row) ?? []);
    const about = (instanceRow: number, files = filesOf([instanceRow])) => ({
      model,
      files,
      studyRow,
      instanceRow,
      modelName: card.name,
      modelVersion: card.version,
      modelSha256: sha256,
    });
    const { readings, notRead } = chooseVolumes(card, card.input.volume, series);
    const made = [...notRead].filter(([row]) => lacks(row)).map(([row, why]): MadeReading => ({ ...about(row), state: 'not-read', why }));
    for (const volumes of readings) {
      const slices = rowsOf(volumes);
      const [host, ...others] = slices.filter(lacks);
      if (host === undefined) continue;
      const whole = about(host, filesOf(slices));
      const rest = (why: WhyNot) => others.map((row): MadeReading => ({ ...about(row), state: 'not-read', why }));
      try {
        made.push({ ...whole, state: 'read', reading: await this.stacks.volumes(model, volumes, host) }, ...rest(READ_WITH_SERIES));
      } catch (error) {
        const fault = asFault(error);
        if (!belongsToImage(fault)) throw fault;
        const why = { code: fault.code, text: fault.message };
        const isNone = fault instanceof HounsfieldImplausible;
        made.push({ ...whole, state: isNone ? 'not-read' : 'failed', why }, ...rest(isNone ? why : SERIES_FAILED));
      }
    }
    return made;
  }
}

/** Of all slices, in the order of the first volume's, then the next one's. */
const rowsOf = (volumes: readonly ChosenVolume[]): number[] => [
  ...new Set(volumes.flatMap(({ geometry, instances }) => geometry.slices.map(({ instance }) => instances[instance].row))),
];

/** Of an instance that has no reading of its own because it is part of one. */
const READ_WITH_SERIES: WhyNot = { code: PART_OF_READING, text: 'it was read as a part of its series, with another instance' };
const SERIES_FAILED: WhyNot = { code: 'series-failed', text: 'its series could not be read; why is said of another instance' };
