import { ImageUnpreparable } from '../faults.js';
import { normalise } from '../normalisation.js';
import { window } from '../window.js';
import { resampleVolume, type SampledVolume } from './resample-volume.js';
import type { VolumePlacement } from './volume-geometry.js';
import { gridCropped, gridOfSize, gridOfSpacing, PATIENT_AXES, type VolumeGrid } from './volume-grid.js';
import type { VolumePreparation } from './volume-preparation.js';

export interface VolumeInput {
  /** The model's `images`, channel after channel, slice by slice, row by row. */
  readonly images: Float32Array;
  /** [1, channels, slices, rows, columns] */
  readonly dims: readonly [number, number, number, number, number];
}

/** A sequence that fills less than this of what the reference fills shows another part of the body. */
const LEAST_SHARE = 0.5;

/**
 * Makes volumes a model's input: onto one grid (sequences onto the first's, or the finest's), to the card's spacing and size,
 * then windows as channels and the normalisation over each channel's voxels. What the volume does not fill is as dark as air
 * or as the darkest voxel, never made up.
 * @param volumes  in the order of the card's sequences, values after the Modality LUT; one, where the card names none
 * @throws ImageUnpreparable  a sequence that fills less than half of the grid's volume; a volume of one single value
 */
export function volumeInput(volumes: readonly SampledVolume[], card: VolumePreparation): VolumeInput {
  const reference = referenceOf(volumes, card.grid);
  const grid = gridOf(reference.geometry, card);
  const resampled = volumes.map((volume) => resampleVolume(volume, grid, NaN));
  const onReference = resampled[volumes.indexOf(reference)];
  if (resampled.some((values) => shareFilled(values, onReference) < LEAST_SHARE))
    throw new ImageUnpreparable('The sequences show different parts of the body: one fills less than half of the other.');
  const channels = resampled.flatMap((values) => channelsOf(values, card));
  const [slices, rows, columns] = card.size;
  const images = new Float32Array(channels.length * slices * rows * columns);
  channels.forEach((channel, at) => images.set(channel, at * slices * rows * columns));
  return { images, dims: [1, channels.length, slices, rows, columns] };
}

function referenceOf(volumes: readonly SampledVolume[], grid: VolumePreparation['grid']): SampledVolume {
  if (grid === 'first') return volumes[0];
  const pixel = ({ geometry: { pixelSpacing } }: SampledVolume): number => pixelSpacing[0] * pixelSpacing[1];
  return volumes.reduce((finest, volume) => (pixel(volume) < pixel(finest) ? volume : finest));
}

function gridOf(geometry: VolumePlacement, { size, spacing, orientation }: VolumePreparation): VolumeGrid {
  const axes = orientation === 'as-acquired' ? geometry : PATIENT_AXES[orientation];
  return spacing === undefined ? gridOfSize(geometry, size, axes) : gridCropped(gridOfSpacing(geometry, spacing, axes), size);
}

/** Of the voxels that the reference fills, the share that a volume fills too. */
function shareFilled(values: Float32Array, reference: Float32Array): number {
  let [both, all] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    if (Number.isNaN(reference[at])) continue;
    all++;
    if (!Number.isNaN(values[at])) both++;
  }
  return all === 0 ? 1 : both / all;
}

/** @param values  NaN outside of the volume */
function channelsOf(values: Float32Array, { windows, normalisation, outside }: VolumePreparation): Float32Array[] {
  const inside = Float64Array.from(values.filter((value) => !Number.isNaN(value)));
  if (inside.length === 0) throw new ImageUnpreparable("The volume lies outside of the model's grid.");
  if (inside.every((value) => value === inside[0])) throw new ImageUnpreparable('All voxels of the volume have one value.');
  if (windows.length === 0) return [normalised(values, inside, normalisation, outside)];
  return windows.map(({ windowCenter, windowWidth }) => {
    const [dark] = window([outside], windowCenter, windowWidth);
    return normalised(values, window(inside, windowCenter, windowWidth), normalisation, dark);
  });
}

/** The values of one channel, with what lies outside filled in. */
function normalised(
  places: Float32Array,
  inside: Float64Array,
  normalisation: VolumePreparation['normalisation'],
  outside: number,
): Float32Array {
  normalise(inside, normalisation);
  const dark = normalisation === 'none' ? outside : inside.reduce((least, value) => Math.min(least, value), Infinity);
  const channel = new Float32Array(places.length).fill(dark);
  for (let at = 0, next = 0; at < places.length; at++) if (!Number.isNaN(places[at])) channel[at] = inside[next++];
  return channel;
}
