import { describe, expect, it } from '@jest/globals';
import { chooseSequences, type SequenceCandidate } from '../../../../src/inference/preparation/volume/choose-sequences.js';
import type { MrSequence } from '../../../../src/inference/preparation/volume/sequence-words.js';

const WANTED: readonly MrSequence[] = ['T1', 'T1c', 'T2', 'FLAIR'];
const aSeries = (sequence: MrSequence, change: Partial<SequenceCandidate> = {}): SequenceCandidate => ({
  series: 0,
  verdict: { kind: 'sequence', sequence },
  original: true,
  slices: 20,
  spacing: [5, 1, 1],
  frameOfReferenceUID: '1.2',
  acquired: '20260101120000',
  ...change,
});
const study = () => WANTED.map((sequence, series) => aSeries(sequence, { series }));
const chosen = (candidates: readonly SequenceCandidate[], wanted = WANTED) => {
  const verdict = chooseSequences(wanted, candidates);
  return verdict.reads ? verdict.chosen.map(({ series }) => series) : verdict.why;
};

describe('The sequences of a study', () => {
  it('come in the order of the card', () => {
    expect(chosen(study().reverse())).toEqual([0, 1, 2, 3]);
  });

  it('are not read where one is missing, and it is said which', () => {
    expect(chosen(study().slice(0, 3))).toEqual({ code: 'sequence-missing', text: 'lacks FLAIR' });
    expect(chosen([])).toEqual({ code: 'sequence-missing', text: 'lacks T1, T1c, T2, FLAIR' });
  });

  it('are not read where the only one of a name is not what its name says', () => {
    const false_ = aSeries('FLAIR', { series: 4, verdict: { kind: 'contradictory', claimed: 'FLAIR' } });
    expect(chosen([...study().slice(0, 3), false_])).toEqual({
      code: 'sequence-contradictory',
      text: 'what is called FLAIR was not acquired as such, by its times',
    });
    expect(chosen([...study(), false_])).toEqual([0, 1, 2, 3]);
  });

  it('are not read across frames of reference, nor without one', () => {
    const moved = study().map((one) => (one.series === 3 ? { ...one, frameOfReferenceUID: '1.3' } : one));
    expect(chosen(moved)).toMatchObject({ code: 'mixed-frame-of-reference' });
    const nowhere = study().map((one) => ({ ...one, frameOfReferenceUID: undefined }));
    expect(chosen(nowhere)).toMatchObject({ code: 'frame-of-reference-absent' });
    expect(chosen(nowhere.slice(0, 1), ['T1'])).toEqual([0]); // alone it is compared with nothing
    // Repeated after the patient moved: the frame of reference that has all of them is taken.
    expect(chosen([...moved, aSeries('FLAIR', { series: 9, slices: 5 })])).toEqual([0, 1, 2, 9]);
  });

  it.each<[string, Partial<SequenceCandidate>, number]>([
    ['the original', { original: false, slices: 90 }, 0],
    ['the one of more slices', { slices: 21 }, 7],
    ['the more isotropic', { spacing: [2, 1, 1] }, 7],
    ['the later', { acquired: '20260101120500' }, 7],
    ['the first of equals', {}, 0],
  ])('of two candidates %s is chosen', (_, change, expected) => {
    expect(chosen([aSeries('T1'), aSeries('T1', { series: 7, ...change })], ['T1'])).toEqual([expected]);
  });
});
