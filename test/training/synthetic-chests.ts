import type { LabelledImage, Split } from '../../src/training/chest-dataset.js';
import type { ChestSplits } from '../../src/training/train-chest-pneumonia.js';

const SIDE = 32;

/** A toy picture: two dark fields; with label 1 a bright patch at the foot of one of them. Always the same for the same number. */
export function aChest(number: number, label: 0 | 1, officialSplit: Split): LabelledImage {
  const samples = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    const field = x > 4 && x < 28 && (x < 13 || x > 18) ? 60 : 180;
    const patch = label === 1 && y > 18 && y < 26 && x > 5 && x < 12 ? 70 : 0;
    const grain = (i * 7919 + number * 104_729) % 61; // a pattern of its own for each picture
    return field + patch + (grain % 23);
  });
  const image = {
    rows: SIDE,
    columns: SIDE,
    samplesPerPixel: 1 as const,
    samples,
    photometricInterpretation: 'MONOCHROME2',
  };
  return { file: `${number}.jpeg`, label, patient: String(number), officialSplit, image };
}

function chests(from: number, count: number, officialSplit: Split): LabelledImage[] {
  return Array.from({ length: count }, (_, i) => aChest(from + i, i % 2 === 0 ? 1 : 0, officialSplit));
}

export const syntheticSplits = (): ChestSplits => ({
  train: chests(0, 24, 'train'),
  val: chests(100, 12, 'train'),
  test: [...chests(200, 8, 'train'), ...chests(300, 8, 'test')],
});
