import { describe, expect } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { describePixels } from '../../../../src/dicom/image-pixels.js';
import { modalityValues } from '../../../../src/dicom/modality-lut.js';
import { storedValues } from '../../../../src/dicom/stored-values.js';
import { sliceGeometry } from '../../../../src/inference/preparation/volume/slice-geometry.js';
import { volumeInput } from '../../../../src/inference/preparation/volume/volume-input.js';
import { bytesOf, onCorpus, read } from '../../../dicom/corpus.js';
import { BOUNDS } from './a-stack.js';
import { planesOf } from './corpus-series.js';
import { compare, type Triple, type Worst } from './golden-volumes.js';

const golden = JSON.parse(readFileSync(new URL('../../../../../test/golden/ct-chest.json', import.meta.url), 'utf8')) as {
  spacing: Triple;
  size: Triple;
  windows: [number, number][];
  every: number;
  lowest: number;
  outside: number;
  values: number[];
};

describe("A real chest CT as a model's input", () => {
  onCorpus('agrees with pydicom and scipy to 1e-5 (make-ct-chest.py)', async () => {
    const names = readdirSync(new URL('../../../../../../shared/dicom/demo/ct-chest/', import.meta.url)).filter((name) =>
      name.endsWith('.dcm'),
    );
    const files = names.map((name) => bytesOf(`demo/ct-chest/${name}`));
    const instances = await Promise.all(files.map((bytes) => read(bytes)));
    const verdict = sliceGeometry(planesOf(instances.map(({ dataset }) => dataset)), BOUNDS);
    if (!verdict.reads) throw new Error(verdict.why.text);
    const { geometry } = verdict;
    const { rows, columns } = geometry;
    const values = new Float32Array(geometry.slices.length * rows * columns);
    geometry.slices.forEach(({ instance }, slice) => {
      const { dataset, frameTable, transferSyntaxUID } = instances[instance];
      if (frameTable?.kind !== 'native') throw new Error('native frames');
      const pixels = describePixels(dataset, transferSyntaxUID);
      const bytes = Uint8Array.from(files[instance].subarray(frameTable.offset, frameTable.offset + frameTable.frameBytes));
      values.set(modalityValues(storedValues(bytes, pixels, rows * columns), pixels.modality), slice * rows * columns);
    });
    expect(values.reduce((lowest, value) => Math.min(lowest, value), Infinity)).toBe(golden.lowest);
    const { images } = volumeInput([{ values, geometry }], {
      minimumSlices: 20,
      size: golden.size,
      spacing: golden.spacing,
      orientation: 'axial',
      unit: 'HU',
      windows: golden.windows.map(([windowCenter, windowWidth]) => ({ windowCenter, windowWidth })),
      normalisation: 'none',
      outside: -1024,
      grid: 'first',
    });
    const worst: Worst = { error: 0, where: '', values: 0 };
    compare(
      worst,
      'ct-chest',
      Array.from(images).filter((_, at) => at % golden.every === 0),
      golden.values,
    );
    console.info(`volumeInput on a real CT: ${worst.values} values, worst relative error ${worst.error.toExponential(2)} (${worst.where})`);
    expect(worst.error).toBeLessThan(1e-5);
  });
});
