import type { JsonPlace } from '../json-place.js';
import type { ClipPreparation } from './preparation/ultrasound/clip-preparation.js';
import type { SequenceChannel, VolumePreparation, VolumeWindow } from './preparation/volume/volume-preparation.js';

const NORMALISATIONS = ['none', 'z_score', 'min_max', 'histogram_equalization'] as const;
const MOST_SLICES = 1024;
const MOST_PIXELS_A_SIDE = 1024;
/** 256 × 256 × 128, of each channel: with 8 of them 256 MiB of float32, the same again while they are made. */
const MOST_VOXELS = 2 ** 23;
const MOST_CHANNELS = 8;
/** Values of a clip, 256 MiB of float32. */
const MOST_VALUES = 2 ** 26;
const LEAST_SPACING_MM = 0.05;
const MOST_SPACING_MM = 100;
const MOST_VALUE = 1e6;

/** `input.volume` of a card. */
export function volumeAt(place: JsonPlace): VolumePreparation {
  const volume = place.object<VolumePreparation>(
    {
      minimumSlices: (at) => at.whole(2, MOST_SLICES),
      size: (at) => {
        const [slices, rows, columns, ...more] = at.list((one) => one.whole(1, MOST_PIXELS_A_SIDE));
        if (columns === undefined || more.length > 0) at.refuse('must be three numbers: slices, rows, columns');
        return [slices, rows, columns] as const;
      },
      spacing: (at) => {
        const [slice, row, column, ...more] = at.list((one) => one.number(LEAST_SPACING_MM, MOST_SPACING_MM));
        if (column === undefined || more.length > 0) at.refuse('must be three numbers in mm: between slices, rows, columns');
        return [slice, row, column] as const;
      },
      orientation: (at) => at.oneOf(['as-acquired', 'axial', 'coronal', 'sagittal']),
      unit: (at) => at.oneOf(['HU', 'any']),
      windows: (at) => {
        const windows = at.list(windowAt);
        if (windows.length > MOST_CHANNELS) at.refuse(`must be ${MOST_CHANNELS} at most`);
        return windows;
      },
      normalisation: (at) => at.oneOf(NORMALISATIONS),
      outside: (at) => at.number(-MOST_VALUE, MOST_VALUE),
      grid: (at) => at.oneOf(['first', 'finest']),
    },
    ['spacing'],
  );
  const [slices, rows, columns] = volume.size;
  if (slices * rows * columns > MOST_VOXELS) place.refuse(`must not ask for more than ${MOST_VOXELS} voxels`);
  return volume;
}

const windowAt = (place: JsonPlace): VolumeWindow =>
  place.object<VolumeWindow>({
    windowCenter: (at) => at.number(-MOST_VALUE, MOST_VALUE),
    windowWidth: (at) => at.number(1e-6, MOST_VALUE),
  });

/** `input.sequences` of a card. */
export function sequencesAt(place: JsonPlace): readonly SequenceChannel[] {
  const sequences = place.list((one) =>
    one.object<SequenceChannel>({ name: (at) => at.oneOf(['T1', 'T1c', 'T2', 'FLAIR', 'DWI', 'ADC']) }),
  );
  if (sequences.length === 0 || sequences.length > MOST_CHANNELS) place.refuse(`must name 1 to ${MOST_CHANNELS}`);
  if (new Set(sequences.map(({ name }) => name)).size < sequences.length) place.refuse('must name each once');
  return sequences;
}

/** `input.clip` of a card. */
export function clipAt(place: JsonPlace): ClipPreparation {
  const clip = place.object<ClipPreparation>(
    {
      frames: (at) => at.whole(1, 1024),
      interval: (at) => {
        const interval = at.object<ClipPreparation['interval']>({
          unit: (unit) => unit.oneOf(['seconds', 'frames']),
          value: (value) => value.number(0.001, 1000),
        });
        if (interval.unit === 'frames' && !Number.isInteger(interval.value)) at.refuse('must be a whole number of frames');
        return interval;
      },
      rows: (at) => at.whole(1, MOST_PIXELS_A_SIDE),
      columns: (at) => at.whole(1, MOST_PIXELS_A_SIDE),
      channels: (at) => at.oneOf([1, 3]),
      normalisation: (at) => at.oneOf(NORMALISATIONS),
      regions: (at) => at.oneOf(['tissue', 'ignored']),
      spacing: spacingAt,
    },
    ['spacing'],
  );
  if (clip.frames * clip.channels * clip.rows * clip.columns > MOST_VALUES)
    place.refuse(`must not ask for more than ${MOST_VALUES} values`);
  return clip;
}

function spacingAt(place: JsonPlace): readonly [number, number] {
  const [row, column, ...more] = place.list((at) => at.number(0.001, 100));
  if (column === undefined || more.length > 0) place.refuse('must be two distances in mm: between rows, between columns');
  return [row, column];
}
