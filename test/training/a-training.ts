import type { AugmentationSettings } from '../../src/training/augmentation/settings.js';
import type { LabelledImage } from '../../src/training/datasets/labelled-image.js';
import { Random } from '../../src/training/random.js';
import type { TrainingConfig } from '../../src/training/training-config.js';

const PIXELS = 32;
const NONE = { probability: 0, least: 0, most: 1 };
const UNCHANGED: AugmentationSettings = {
  rotation: { probability: 0, degrees: 0 },
  flip: { probability: 0 },
  zoom: { probability: 0, least: 1, most: 1 },
  stretch: { probability: 0, least: 1, most: 1 },
  shift: { probability: 0, share: 0 },
  elastic: { probability: 0, alpha: 1, sigma: 1 },
  blur: NONE,
  gamma: NONE,
  contrast: NONE,
  brightness: NONE,
  noise: { probability: 0.5, least: 0.01, most: 0.02 },
  erasing: NONE,
};

/** Pictures of noise with a bright disc (class 1) or without (class 0): a small network learns them in seconds. */
export function discs(count: number, seed: number): LabelledImage[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, i) => {
    const label = i % 2;
    const [x, y] = [8 + random.integer(16), 8 + random.integer(16)];
    const samples = Uint8Array.from({ length: PIXELS * PIXELS }, (__, at) => {
      const inside = label === 1 && ((at % PIXELS) - x) ** 2 + (Math.floor(at / PIXELS) - y) ** 2 < 30;
      return Math.round(60 + 40 * random.uniform() + (inside ? 90 : 0));
    });
    const image = { rows: PIXELS, columns: PIXELS, samplesPerPixel: 1 as const, samples, photometricInterpretation: 'MONOCHROME2' };
    return { file: `disc-${seed}-${i}`, label, patient: `patient-${seed}-${i}`, attributes: { side: i % 4 < 2 ? 'left' : 'right' }, image };
  });
}

/** The same, with where each disc lies: around its brightest pixels. */
export function withRegions(images: readonly LabelledImage[]): LabelledImage[] {
  return images.map((one) => {
    if (one.label === 0) return one;
    const bright = Array.from(one.image.samples).flatMap((value, at) => (value > 150 ? [at] : []));
    const [xs, ys] = [bright.map((at) => at % PIXELS), bright.map((at) => Math.floor(at / PIXELS))];
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    const region = {
      left: left / PIXELS,
      top: top / PIXELS,
      width: (Math.max(...xs) + 1 - left) / PIXELS,
      height: (Math.max(...ys) + 1 - top) / PIXELS,
    };
    return { ...one, region };
  });
}

/** A configuration that trains in a few seconds. */
export function aConfig(change: Partial<TrainingConfig> = {}): TrainingConfig {
  const code = { system: 'urn:test', scheme: '99TEST', code: 'x', display: 'x' };
  return {
    name: 'discs',
    version: '1',
    seed: 3,
    data: { kind: 'folder', folder: 'discs' },
    validationShare: 0,
    preparation: {
      rows: PIXELS,
      columns: PIXELS,
      channels: 1,
      normalisation: 'z_score',
      order: 'resize-then-normalise',
      resize: 'area',
      aspect: 'stretch',
    },
    network: { backbone: { name: 'resnet10', width: 8, stem: 'compact' }, dropout: 0.1, members: 1 },
    fit: {
      batch: 8,
      epochs: 5,
      patience: 5,
      rate: 0.003,
      warmUpEpochs: 1,
      weightDecay: 0.01,
      gradientLimit: 2,
      labelSmoothing: 0.02,
      augmentation: UNCHANGED,
    },
    teaching: { of: 'classes' },
    sensitivity: { operating: 0.95, referral: 0.99 },
    evaluation: { subgroups: ['side'], outOfDistribution: [] },
    card: {
      title: 'Discs',
      manufacturer: 'test',
      licence: 'none',
      intendedUse: 'Tests.',
      limitations: [],
      notForClinicalUse: true,
      input: {
        modalities: ['OT'],
        sopClassUIDs: [],
        photometricInterpretations: [],
        bodyParts: [],
        viewPositions: [],
        maximumFrames: 1,
        required: [],
      },
      classes: [
        { label: 'No disc', kind: 'absence', code },
        { label: 'Disc', kind: 'finding', code },
      ],
      training: { dataset: 'Discs', citation: 'none', licence: 'none', split: 'by seed' },
    },
    ...change,
  };
}
