import { describe, expect, it } from '@jest/globals';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { chooseVolumes } from '../../src/inference/choose-volumes.js';
import type { ModelInput } from '../../src/inference/model-card.js';
import type { VolumePreparation } from '../../src/inference/preparation/volume/volume-preparation.js';
import type { InstanceAttributes } from '../../src/inference/selection.js';
import { addToSeries, type StudySeries } from '../../src/inference/study-series.js';
import { aCard } from './tiny-models.js';

const volume: VolumePreparation = {
  minimumSlices: 3,
  size: [4, 4, 4],
  orientation: 'as-acquired',
  unit: 'any',
  windows: [],
  normalisation: 'none',
  outside: 0,
  grid: 'first',
};
const input: ModelInput = { ...aCard().input, modalities: ['CT', 'MR'], sopClassUIDs: [], bodyParts: [], viewPositions: [], volume };

interface Slice {
  readonly series?: string;
  readonly z: number;
  readonly modality?: string;
  readonly description?: string;
  readonly frame?: string;
  readonly imageType?: string[];
  readonly size?: number;
  readonly rescaleType?: string;
  readonly time?: string;
}

/** Slices as their headers give them; their rows count from 1. */
function aStudy(...slices: readonly Slice[]): StudySeries[] {
  const study = new Map<string, StudySeries>();
  slices.forEach(
    (
      {
        series = 'A',
        z,
        modality = 'CT',
        description = '',
        frame = '1.2',
        imageType = ['ORIGINAL', 'PRIMARY'],
        size = 8,
        rescaleType,
        time = '',
      },
      at,
    ) => {
      const dataset: DicomJson = {
        '00080008': { vr: 'CS', Value: imageType },
        '0008103E': { vr: 'LO', Value: [description] },
        '00080021': { vr: 'DA', Value: ['20260101'] },
        '00080031': { vr: 'TM', Value: [time] },
        '00200032': { vr: 'DS', Value: [0, 0, z] },
        '00200037': { vr: 'DS', Value: [1, 0, 0, 0, 1, 0] },
        '00200052': { vr: 'UI', Value: [frame] },
        '00280010': { vr: 'US', Value: [size] },
        '00280011': { vr: 'US', Value: [size] },
        '00280030': { vr: 'DS', Value: [1, 1] },
        '00280103': { vr: 'US', Value: [1] },
        ...(rescaleType && { '00281054': { vr: 'LO', Value: [rescaleType] } }),
      };
      const attributes: InstanceAttributes = {
        sopClassUID: '1.2',
        modality,
        photometricInterpretation: 'MONOCHROME2',
        bodyPartExamined: undefined,
        viewPosition: undefined,
        numberOfFrames: undefined,
        samplesPerPixel: 1,
        hasPixelData: true,
      };
      addToSeries(
        study,
        { id: at + 1, sopClassUID: '1.2', sopInstanceUID: `1.${at}`, sha256: 'a'.repeat(64), seriesInstanceUID: series },
        dataset,
        attributes,
      );
    },
  );
  return [...study.values()];
}
const series = (name: string, count: number, change: Partial<Slice> = {}): Slice[] =>
  Array.from({ length: count }, (_, k) => ({ series: name, z: k * 2, ...change }));
const chosen = (study: StudySeries[], change: Partial<ModelInput> = {}) => {
  const own = { ...input, ...change };
  const { readings, notRead } = chooseVolumes({ input: own }, own.volume ?? volume, study);
  return {
    readings: readings.map((volumes) =>
      volumes.map(({ geometry, instances }) => geometry.slices.map(({ instance }) => instances[instance].row)),
    ),
    notRead: Object.fromEntries([...notRead].map(([row, { code }]) => [row, code])),
  };
};

describe('The volumes of a study', () => {
  it('are its series, each by itself, slices in their order', () => {
    const study = aStudy({ z: 4 }, { z: 0 }, { z: 2 }, ...series('B', 3));
    expect(chosen(study)).toEqual({ readings: [[[2, 3, 1]], [[4, 5, 6]]], notRead: {} });
  });

  it('have every other instance named with its reason', () => {
    const study = aStudy(
      ...series('A', 3),
      { series: 'A', z: 90, imageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] },
      ...series('B', 2),
      ...series('C', 3, { modality: 'US' }),
      ...series('D', 3).map((slice, k) => ({ ...slice, z: k === 2 ? 20 : slice.z })),
    );
    expect(chosen(study)).toEqual({
      readings: [[[1, 2, 3]]],
      notRead: {
        4: 'set-aside',
        5: 'too-few-slices',
        6: 'too-few-slices',
        7: 'modality',
        8: 'modality',
        9: 'modality',
        10: 'missing-slices',
        11: 'missing-slices',
        12: 'missing-slices',
      },
    });
  });

  it('do not count instances that the card leaves out', () => {
    const study = aStudy(...series('A', 3), { series: 'A', z: 6, modality: 'US' });
    expect(chosen(study)).toEqual({ readings: [[[1, 2, 3]]], notRead: { 4: 'modality' } });
  });

  it('are in Hounsfield units where the card asks for them', () => {
    const study = aStudy(...series('A', 3), ...series('B', 3, { rescaleType: 'US' }), ...series('C', 3, { modality: 'MR' }));
    const { readings, notRead } = chosen(study, { volume: { ...volume, unit: 'HU' } });
    expect(readings).toEqual([[[1, 2, 3]]]);
    expect(new Set(Object.values(notRead))).toEqual(new Set(['not-hounsfield']));
  });

  it('have a size that can be held', () => {
    expect(chosen(aStudy(...series('A', 3, { size: 8000 }))).notRead).toEqual({
      1: 'volume-too-large',
      2: 'volume-too-large',
      3: 'volume-too-large',
    });
  });
});

describe('The sequences of a study', () => {
  const mr = (name: string, description: string, change: Partial<Slice> = {}) =>
    series(name, 3, { modality: 'MR', description, ...change });
  const sequences = [{ name: 'T1' }, { name: 'FLAIR' }] as const;

  it('are one reading, in the order of the card', () => {
    const study = aStudy(...mr('A', 'FLAIR'), ...mr('B', 'T1'), ...mr('C', 'T2'));
    expect(chosen(study, { sequences })).toEqual({
      readings: [
        [
          [4, 5, 6],
          [1, 2, 3],
        ],
      ],
      notRead: { 7: 'sequence-not-chosen', 8: 'sequence-not-chosen', 9: 'sequence-not-chosen' },
    });
  });

  it('are the latest of equals', () => {
    const study = aStudy(...mr('A', 'T1', { time: '100000' }), ...mr('B', 'T1', { time: '110000' }), ...mr('C', 'FLAIR'));
    expect(chosen(study, { sequences }).readings).toEqual([
      [
        [4, 5, 6],
        [7, 8, 9],
      ],
    ]);
  });

  it('are all unread where one is missing, or lies in another frame of reference', () => {
    expect(chosen(aStudy(...mr('A', 'T1')), { sequences })).toEqual({
      readings: [],
      notRead: { 1: 'sequence-missing', 2: 'sequence-missing', 3: 'sequence-missing' },
    });
    const moved = aStudy(...mr('A', 'T1'), ...mr('B', 'FLAIR', { frame: '1.3' }));
    expect(new Set(Object.values(chosen(moved, { sequences }).notRead))).toEqual(new Set(['mixed-frame-of-reference']));
  });

  it('are too large together where each alone is not', () => {
    const study = aStudy(...mr('A', 'T1', { size: 5500 }), ...mr('B', 'FLAIR', { size: 5500 }));
    const { readings, notRead } = chosen(study, { sequences });
    expect([readings, new Set(Object.values(notRead))]).toEqual([[], new Set(['volume-too-large'])]);
  });
});
