import type { ModelCard } from './model-card.js';
import { chooseSequences } from './preparation/volume/choose-sequences.js';
import { unitVerdict } from './preparation/volume/hounsfield.js';
import { sliceGeometry } from './preparation/volume/slice-geometry.js';
import type { VolumeGeometry } from './preparation/volume/volume-geometry.js';
import type { VolumePreparation } from './preparation/volume/volume-preparation.js';
import { MOST_VOXELS, type SliceWarning } from './preparation/volume/volume-verdict.js';
import { select } from './selection.js';
import type { SeriesInstance, StudySeries } from './study-series.js';

/** A series that is a volume. */
export interface ChosenVolume {
  readonly series: StudySeries;
  /** Those of the series that the card reads; `slices[].instance` is a place among them. */
  readonly instances: readonly SeriesInstance[];
  readonly geometry: VolumeGeometry;
  readonly warnings: readonly SliceWarning[];
}

/** Stable code, and words without PHI. */
export interface WhyNot {
  readonly code: string;
  readonly text: string;
}

export interface VolumeChoice {
  /** Each is read by one run: one volume, or one for each sequence of the card, in its order. */
  readonly readings: readonly (readonly ChosenVolume[])[];
  /** By instance row: why it belongs to none of them. */
  readonly notRead: ReadonlyMap<number, WhyNot>;
}

const MOST_SLICES = 4096;

/**
 * Which series of a study a model reads as volumes (a card with `input.volume`). Instances that the card's rules leave out are
 * no part of a volume; a series whose rest is none, or in another unit, is not read, each of its instances for that reason.
 * Where the card names sequences, one series for each of them is one reading, or none is.
 */
export function chooseVolumes({ input }: Pick<ModelCard, 'input'>, volume: VolumePreparation, study: Iterable<StudySeries>): VolumeChoice {
  const notRead = new Map<number, WhyNot>();
  const volumes = [...study].flatMap((series) => volumeOf(input, volume, series, notRead));
  if (input.sequences === undefined) return { readings: volumes.map((one) => [one]), notRead };
  const wanted = input.sequences.map(({ name }) => name);
  const candidates = volumes.map(({ series, geometry }, at) => ({
    series: at,
    verdict: series.sequence,
    original: series.original,
    slices: geometry.slices.length,
    spacing: [geometry.spacing, ...geometry.pixelSpacing] as const,
    frameOfReferenceUID: geometry.frameOfReferenceUID,
    acquired: series.acquired,
  }));
  const verdict = chooseSequences(wanted, candidates);
  const chosen = verdict.reads ? verdict.chosen.map(({ series }) => volumes[series]) : [];
  const why = verdict.reads
    ? { code: 'sequence-not-chosen', text: `it is not the series that was chosen for ${wanted.join(', ')}` }
    : verdict.why;
  for (const one of volumes) if (!chosen.includes(one)) refuse(one.instances, why, notRead);
  if (tooLarge(chosen)) {
    refuse(
      chosen.flatMap(({ instances }) => instances),
      TOO_LARGE,
      notRead,
    );
    return { readings: [], notRead };
  }
  return { readings: verdict.reads ? [chosen] : [], notRead };
}

function volumeOf(input: ModelCard['input'], volume: VolumePreparation, series: StudySeries, notRead: Map<number, WhyNot>): ChosenVolume[] {
  const places = new Map<number, number>(); // of an instance in the series → among those that are read
  const instances = series.instances.filter((instance, place) => {
    const selection = select({ input }, instance.attributes);
    if (selection.reads) places.set(place, places.size);
    else notRead.set(instance.row, selection.why);
    return selection.reads;
  });
  if (instances.length === 0) return [];
  const planes = series.planes.flatMap((plane) => {
    const instance = places.get(plane.instance);
    return instance === undefined ? [] : [{ ...plane, instance }];
  });
  const unit = volume.unit === 'HU' ? unitVerdict(instances[0].attributes.modality, planes) : ({ reads: true } as const);
  const geometry = sliceGeometry(planes, { least: volume.minimumSlices, most: MOST_SLICES });
  // A stack that is none says more than its unit: a survey's RescaleType tells nobody why it is not read.
  const refused = !geometry.reads ? geometry.why : !unit.reads ? unit.why : undefined;
  if (refused !== undefined || !geometry.reads) {
    refuse(instances, refused ?? TOO_LARGE, notRead);
    return [];
  }
  const chosen: ChosenVolume = { series, instances, geometry: geometry.geometry, warnings: geometry.warnings };
  if (tooLarge([chosen])) {
    refuse(instances, TOO_LARGE, notRead);
    return [];
  }
  const used = new Set(geometry.geometry.slices.map(({ instance }) => instance));
  const setAside = instances.filter((_, place) => !used.has(place));
  refuse(setAside, { code: 'set-aside', text: 'a localizer, or a slice sent twice: no part of the volume' }, notRead);
  return [chosen];
}

const TOO_LARGE: WhyNot = { code: 'volume-too-large', text: `the volume has more than ${MOST_VOXELS} voxels` };

const tooLarge = (volumes: readonly ChosenVolume[]): boolean =>
  volumes.reduce((sum, { geometry: { slices, rows, columns } }) => sum + slices.length * rows * columns, 0) > MOST_VOXELS;

function refuse(instances: readonly SeriesInstance[], why: WhyNot, notRead: Map<number, WhyNot>): void {
  for (const { row } of instances) notRead.set(row, why);
}
