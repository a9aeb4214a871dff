import { describe, expect } from '@jest/globals';
import { unitVerdict } from '../../../../src/inference/preparation/volume/hounsfield.js';
import { sliceGeometry } from '../../../../src/inference/preparation/volume/slice-geometry.js';
import { onCorpus } from '../../../dicom/corpus.js';
import { BOUNDS } from './a-stack.js';
import { datasetOf, datasetsOf, planesOf } from './corpus-series.js';

const judgedFolder = async (folder: string) => sliceGeometry(planesOf(await datasetsOf(folder)), BOUNDS);
const judgedFile = async (path: string) => sliceGeometry(planesOf([await datasetOf(path)]), BOUNDS);

describe('Real series of ../shared/dicom', () => {
  onCorpus('a chest CT of 25 slices is one even volume, in Hounsfield units', async () => {
    const planes = planesOf(await datasetsOf('demo/ct-chest'));
    const verdict = sliceGeometry(planes, BOUNDS);
    expect(verdict).toMatchObject({ reads: true, warnings: [], geometry: { spacing: 3, rows: 512, columns: 512, normal: [0, 0, 1] } });
    expect(verdict.reads && verdict.geometry.slices).toHaveLength(25);
    expect(verdict.reads && verdict.geometry.origin[2]).toBe(-99.5); // sorted towards the head: the files run the other way
    expect(unitVerdict('CT', planes)).toEqual({ reads: true });
  });

  onCorpus('with one slice taken out, it says which is missing', async () => {
    const planes = planesOf(await datasetsOf('demo/ct-chest'));
    expect(sliceGeometry(planes.toSpliced(12, 1), BOUNDS)).toMatchObject({
      why: { code: 'missing-slices', text: expect.stringContaining('between slices 12 and 13 (6 mm)') },
    });
  });

  onCorpus('a coronal MR of 10 slices is one even volume', async () => {
    const verdict = await judgedFolder('demo/mr-series');
    expect(verdict).toMatchObject({ reads: true, warnings: [] });
    expect(verdict.reads && verdict.geometry.spacing).toBeCloseTo(2, 4);
  });

  onCorpus('oblique and sagittal MR are volumes as they lie', async () => {
    expect(await judgedFolder('demo/mr-brain-study/ax-fse-t2')).toMatchObject({ reads: true, warnings: [] });
    const sagittal = await judgedFolder('demo/mr-brain-study/mocomemprage_220fov-rms');
    expect(sagittal).toMatchObject({ reads: true, warnings: [] });
    expect(sagittal.reads && sagittal.geometry.spacing).toBeCloseTo(1, 4);
  });

  onCorpus('a survey in three planes is none', async () => {
    expect(await judgedFolder('demo/mr-abdomen')).toMatchObject({ reads: false, why: { code: 'mixed-orientation' } });
  });

  onCorpus('two PET images of two series are none', async () => {
    expect(await judgedFolder('demo/pet')).toMatchObject({ reads: false, why: { code: 'mixed-frame-of-reference' } });
  });

  onCorpus.each([
    ['fo/mr_brucker.dcm', 4],
    ['sop/emr-siemens-xa10-a.dcm', 6],
    ['sop/legacy-converted-ect.dcm', 3],
    ['ts/ect-2frames-fragmented-no-bot-jpeg51.dcm', 2],
  ])('the frames of an enhanced object are a volume: %s, %i slices', async (path, slices) => {
    const verdict = await judgedFile(path);
    expect(verdict.reads && verdict.geometry.slices.length).toBe(slices);
  });

  onCorpus.each(['demo/us-cine/2e1a1cea.dcm', 'sop/nm-heart-13frames.dcm', 'sop/emr-small.dcm', 'demo/cxr/chest-frontal-1024.dcm'])(
    'what has no place in the patient is none: %s',
    async (path) => {
      expect(await judgedFile(path)).toMatchObject({ reads: false, why: { code: 'slice-geometry-absent' } });
    },
  );
});
