import { describe, expect, it } from '@jest/globals';
import type { DicomJson } from '../../../../src/dicom/dicom-json.js';
import { mrSequence, sequenceAttributes, type SequenceAttributes } from '../../../../src/inference/preparation/volume/mr-sequence.js';
import { weightingsAllowed } from '../../../../src/inference/preparation/volume/sequence-parameters.js';
import { sequenceWords } from '../../../../src/inference/preparation/volume/sequence-words.js';
import { onCorpus } from '../../../dicom/corpus.js';
import { datasetOf } from './corpus-series.js';

const series = (change: Partial<SequenceAttributes>): SequenceAttributes => ({
  seriesDescription: '',
  protocolName: '',
  imageType: ['ORIGINAL', 'PRIMARY'],
  echoTime: undefined,
  repetitionTime: undefined,
  inversionTime: undefined,
  scanningSequence: [],
  acquisitionContrast: undefined,
  contrastAgent: false,
  ...change,
});
const sequenceOf = (change: Partial<SequenceAttributes>): string => {
  const verdict = mrSequence(series(change));
  if (verdict.kind === 'unknown') return 'unknown';
  return verdict.kind === 'sequence' ? verdict.sequence : `contradictory ${verdict.claimed}`;
};
const t1 = { scanningSequence: ['SE'], repetitionTime: 500, echoTime: 12 };
const t2 = { scanningSequence: ['SE'], repetitionTime: 4000, echoTime: 95 };
const flair = { scanningSequence: ['SE', 'IR'], repetitionTime: 9000, echoTime: 110, inversionTime: 2500 };

describe('The words of an MR series', () => {
  it.each([
    ['T1', 'T1'],
    ['AX T1', 'T1'],
    ['axT1', 'T1'],
    ['t1_mprage_sag_p2_iso', 'T1'],
    ['mocoMEMPRAGE_220FOV RMS', 'T1'],
    ['Sag 3D FSPGR', 'T1'],
    ['SAG BRAVO', 'T1'],
    ['T1W_3D_TFE', 'T1'],
    ['T1 FLAIR', 'T1'],
    ['t1_tirm_tra_dark-fluid', 'T1'],
    ['T1 sin contraste', 'T1'],
    ['t1_se_tra nativ', 'T1'],
    ['t1_tra ohne KM', 'T1'],
    ['T1 post op', 'T1'],
    ['T1 posterior fossa', 'T1'],
    ['AX T1 PRE', 'T1'],
    ['AX T1 POST', 'T1c'],
    ['AX T1 +C', 'T1c'],
    ['T1 C+', 'T1c'],
    ['T1c', 'T1c'],
    ['T1ce', 'T1c'],
    ['T1-CE', 'T1c'],
    ['SAG T1 POST GAD', 'T1c'],
    ['t1_mprage_sag_KM', 'T1c'],
    ['t1_se_cor_nach KM', 'T1c'],
    ['T1 EG 3D APRES INJ', 'T1c'],
    ['T1 con contraste', 'T1c'],
    ['T1 con mdc', 'T1c'],
    ['T1W_TSE_Gd', 'T1c'],
    ['t1_vibe post contrast', 'T1c'],
    ['T2', 'T2'],
    ['AX FSE T2', 'T2'],
    ['t2_tse_tra_512', 'T2'],
    ['T2W_TSE', 'T2'],
    ['Ax T2 PROPELLER', 'T2'],
    ['cor tse', 'T2'],
    ['FLAIR', 'FLAIR'],
    ['AX T2 FLAIR', 'FLAIR'],
    ['t2_tirm_tra_dark-fluid', 'FLAIR'],
    ['3D_Brain_VIEW_FLAIR', 'FLAIR'],
    ['t2_spc_da-fl_sag_p2_iso', 'FLAIR'],
    ['FLAIR POST', 'FLAIR'],
    ['ep2d_diff_3scan_trace_p2', 'DWI'],
    ['DWI b1000', 'DWI'],
    ['ep2d_diff_3scan_trace_p2_ADC', 'ADC'],
    ['Apparent Diffusion Coefficient (mm2/s)', 'ADC'],
    ['t2_fl2d_tra_hemo', 'other'],
    ['T2* GRE', 'other'],
    ['T2_star', 'other'],
    ['AX SWAN', 'other'],
    ['T2 STIR', 'other'],
    ['AAHead_Scout', 'other'],
    ['3-plane localizer', 'other'],
    ['3D TOF', 'other'],
    ['Perfusion_Weighted', 'other'],
    ['relCBF', 'other'],
    ['T1 map', 'other'],
    ['PD TSE', 'other'],
    ['PD/T2 dual echo', 'unknown'],
    ['T1 T2', 'unknown'],
    ['Series 4', 'unknown'],
    ['', 'unknown'],
  ])('%j mean %s', (seriesDescription, expected) => {
    expect(sequenceOf({ seriesDescription })).toBe(expected);
  });

  it('come from the protocol where the description says nothing', () => {
    expect(sequenceOf({ seriesDescription: 'Serie 3', protocolName: 'T2 AX' })).toBe('T2');
    expect(sequenceOf({ seriesDescription: 'FLAIR', protocolName: 'T2 AX' })).toBe('FLAIR');
  });

  it('may say both of contrast, which says nothing', () => {
    expect(sequenceWords('T1 pre and post')).toEqual({ weighting: 'T1', contrast: undefined });
  });
});

describe('The parameters of an MR series', () => {
  it.each<[string, Partial<SequenceAttributes>, string]>([
    ['a spin echo of short times', t1, 'T1'],
    ['a spin echo of long times', t2, 'T2'],
    ['an inversion that nulls water', flair, 'FLAIR'],
    ['an inversion that nulls fat', { ...flair, inversionTime: 160 }, 'other'],
    ['an inversion between', { scanningSequence: ['GR', 'IR'], repetitionTime: 2300, echoTime: 3, inversionTime: 900 }, 'T1'],
    ['an echo-planar series', { scanningSequence: ['EP', 'SE'], repetitionTime: 5000, echoTime: 90 }, 'other'],
    ['proton density', { ...t2, echoTime: 20 }, 'other'],
    ['a gradient echo, T1 or inflow', { scanningSequence: ['GR'], repetitionTime: 25, echoTime: 4 }, 'unknown'],
    ['no echo time', { scanningSequence: ['SE'], repetitionTime: 500 }, 'unknown'],
    ['a research sequence', { scanningSequence: ['RM'], repetitionTime: 500, echoTime: 12 }, 'unknown'],
  ])('decide where no words do: %s', (_, change, expected) => {
    expect(sequenceOf(change)).toBe(expected);
  });

  it('name T1 with an agent T1c', () => {
    expect(sequenceOf({ ...t1, contrastAgent: true })).toBe('T1c');
    expect(sequenceOf({ ...t1, seriesDescription: 'T1', contrastAgent: true })).toBe('T1c');
    expect(sequenceOf({ ...t2, contrastAgent: true })).toBe('T2');
  });

  it.each<[string, Partial<SequenceAttributes>, string]>([
    ['T2 with the times of T1', { ...t1, seriesDescription: 'AX T2' }, 'contradictory T2'],
    ['T1 with the times of T2', { ...t2, seriesDescription: 'AX T1 POST' }, 'contradictory T1c'],
    ['FLAIR that nulls fat', { ...flair, inversionTime: 150, seriesDescription: 't2_tirm' }, 'contradictory FLAIR'],
    ['FLAIR without inversion', { ...t2, seriesDescription: 'FLAIR' }, 'contradictory FLAIR'],
    ['T1 before contrast, with an agent', { ...t1, seriesDescription: 'T1 pre', contrastAgent: true }, 'contradictory T1'],
    ['T2 that inverts', { ...flair, seriesDescription: 'AX T2' }, 'contradictory T2'],
  ])('contradict the words: %s', (_, change, expected) => {
    expect(sequenceOf(change)).toBe(expected);
  });

  it('allow two weightings where both are possible', () => {
    expect([...(weightingsAllowed(series({ scanningSequence: ['SE'], repetitionTime: 1200, echoTime: 15 })) ?? [])]).toEqual([
      'T1',
      'other',
    ]);
  });
});

describe('An enhanced MR object (PS3.3 C.8.13)', () => {
  const sq = (...Value: DicomJson[]) => ({ vr: 'SQ', Value });
  const enhanced = (echoTime: number, pulse: string, inversionTimes: number[] = []): DicomJson => ({
    '00189008': { vr: 'CS', Value: [pulse] },
    '52009229': sq({
      '00189112': sq({ '00180080': { vr: 'DS', Value: [9000] } }),
      '00189114': sq({ '00189082': { vr: 'FD', Value: [echoTime] } }),
      '00189115': sq({
        '00189009': { vr: 'CS', Value: [inversionTimes.length > 0 ? 'YES' : 'NO'] },
        '00189079': { vr: 'FD', Value: inversionTimes },
      }),
    }),
  });

  it('is told by the attributes of its functional groups', () => {
    expect(sequenceOf(sequenceAttributes(enhanced(100, 'SPIN')))).toBe('T2');
    expect(sequenceOf(sequenceAttributes(enhanced(100, 'SPIN', [2500])))).toBe('FLAIR');
    expect(sequenceOf(sequenceAttributes({ ...enhanced(100, 'SPIN'), '0008103E': { vr: 'LO', Value: ['T1'] } }))).toBe('contradictory T1');
  });

  it('is what Acquisition Contrast says, where it says something', () => {
    const stating = (term: string) => sequenceOf(sequenceAttributes({ ...enhanced(100, 'SPIN'), '00089209': { vr: 'CS', Value: [term] } }));
    expect(['T1', 'FLUID_ATTENUATED', 'TOF', 'UNKNOWN'].map(stating)).toEqual(['T1', 'FLAIR', 'other', 'T2']);
  });
});

describe('Agents and image types', () => {
  const agent = (Value: string[]) => sequenceAttributes({ '00180010': { vr: 'LO', Value } }).contrastAgent;
  it('an agent that is none is none', () => {
    expect(agent(['GADOVIST'])).toBe(true);
    expect(['NONE', 'no', 'ohne', 'N/A'].map((value) => agent([value]))).toEqual([false, false, false, false]);
  });

  it('a derived map is what its image type says', () => {
    expect(sequenceOf({ imageType: ['DERIVED', 'PRIMARY', 'DIFFUSION', 'ADC'], seriesDescription: 'T2' })).toBe('ADC');
    expect(sequenceOf({ imageType: ['DERIVED', 'PRIMARY', 'PROJECTION IMAGE'], seriesDescription: 'T1' })).toBe('other');
  });

  onCorpus.each([
    ['demo/mr-brain-study/ax-fse-t2/i021.dcm', 'T2'],
    ['demo/mr-brain-study/mocomemprage_220fov-rms/i021.dcm', 'T1'],
    ['demo/mr-brain-study/perfusion_weighted/i001.dcm', 'other'],
    ['demo/mr-brain-study/relcbf/i001.dcm', 'other'],
    ['demo/mr-series/mr01.dcm', 'unknown'],
    ['demo/mr-abdomen/adb1_1.dcm', 'other'],
  ])('of a real series: %s is %s', async (path, expected) => {
    expect(sequenceOf(sequenceAttributes(await datasetOf(path)))).toBe(expected);
  });
});
