import type { SequenceVerdict } from './mr-sequence.js';
import type { MrSequence } from './sequence-words.js';

/** A series that could be one of a card's sequences, as a volume. */
export interface SequenceCandidate {
  /** Place in the caller's list. */
  readonly series: number;
  readonly verdict: SequenceVerdict;
  /** Image Type's value 1 is ORIGINAL. */
  readonly original: boolean;
  readonly slices: number;
  /** mm between slices, rows, columns. */
  readonly spacing: readonly [number, number, number];
  readonly frameOfReferenceUID: string | undefined;
  /** Acquisition or series date and time, YYYYMMDDHHMMSS; the later sorts after. */
  readonly acquired: string;
}

export type WhyNoSequences = 'sequence-missing' | 'sequence-contradictory' | 'frame-of-reference-absent' | 'mixed-frame-of-reference';

export type SequencesVerdict =
  | { readonly reads: true; readonly chosen: readonly SequenceCandidate[] }
  | { readonly reads: false; readonly why: { readonly code: WhyNoSequences; readonly text: string } };

/**
 * One series for each sequence that a card names, in its order, all in one frame of reference (PS3.3 C.7.4.1): only there do
 * positions of different series mean the same place; one sequence needs none. Of several candidates the original before the derived, then the one of
 * most slices, then the nearest to isotropic, then the latest, then the first given. Of several frames of reference with every
 * sequence the one whose chosen series have most slices together.
 */
export function chooseSequences(wanted: readonly MrSequence[], candidates: readonly SequenceCandidate[]): SequencesVerdict {
  const isOf = (sequence: MrSequence) => (one: SequenceCandidate) => one.verdict.kind === 'sequence' && one.verdict.sequence === sequence;
  const lacking = wanted.filter((sequence) => !candidates.some(isOf(sequence)));
  const contradictory = lacking.filter((sequence) =>
    candidates.some(({ verdict }) => verdict.kind === 'contradictory' && verdict.claimed === sequence),
  );
  if (contradictory.length > 0)
    return no('sequence-contradictory', `what is called ${contradictory.join(', ')} was not acquired as such, by its times`);
  if (lacking.length > 0) return no('sequence-missing', `lacks ${lacking.join(', ')}`);
  const frames = [...new Set(candidates.map(({ frameOfReferenceUID }) => frameOfReferenceUID))];
  const comparable = wanted.length === 1 ? frames : frames.filter((frame) => frame !== undefined);
  const whole = comparable.flatMap((frame) => {
    const here = candidates.filter(({ frameOfReferenceUID }) => frameOfReferenceUID === frame);
    const chosen = wanted.flatMap((sequence) => here.filter(isOf(sequence)).sort(byPreference).slice(0, 1));
    return chosen.length === wanted.length ? [chosen] : [];
  });
  if (whole.length === 0 && frames.includes(undefined))
    return no(
      'frame-of-reference-absent',
      `${wanted.join(', ')} do not all say their frame of reference: their positions cannot be compared`,
    );
  if (whole.length === 0)
    return no('mixed-frame-of-reference', `${wanted.join(', ')} do not share a frame of reference: their positions cannot be compared`);
  return { reads: true, chosen: whole.sort((a, b) => slicesOf(b) - slicesOf(a))[0] };
}

const no = (code: WhyNoSequences, text: string): SequencesVerdict => ({ reads: false, why: { code, text } });

const slicesOf = (chosen: readonly SequenceCandidate[]): number => chosen.reduce((sum, { slices }) => sum + slices, 0);

const anisotropy = ({ spacing }: SequenceCandidate): number => Math.max(...spacing) / Math.min(...spacing);

/** Array sort is stable: equals stay in the order given. */
function byPreference(a: SequenceCandidate, b: SequenceCandidate): number {
  return (
    Number(b.original) - Number(a.original) ||
    b.slices - a.slices ||
    anisotropy(a) - anisotropy(b) ||
    (a.acquired < b.acquired ? 1 : a.acquired > b.acquired ? -1 : 0)
  );
}
