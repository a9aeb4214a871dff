import type { MrSequence } from './sequence-words.js';

/** How an MR series was acquired (MR Image module, PS3.3 C.8.3.1); times in ms, undefined where absent. */
export interface SequenceParameters {
  readonly echoTime: number | undefined;
  readonly repetitionTime: number | undefined;
  readonly inversionTime: number | undefined;
  /** Scanning Sequence (0018,0020): SE, IR, GR, EP, RM; of an enhanced object made from its own attributes. */
  readonly scanningSequence: readonly string[];
  /** Acquisition Contrast (0008,9209) of an enhanced object (PS3.3 C.8.13.3.1.4). */
  readonly acquisitionContrast: string | undefined;
}

export type Weighting = Extract<MrSequence, 'T1' | 'T2' | 'FLAIR' | 'other'>;

/**
 * Bounds in ms. Spin echo: a short TR is near the tissues' T1 and below 500, a long one above 1500, a short TE below 30, a
 * long one above 90 (IMAIOS e-MRI, "Signal weighting"; 1.5 T). They are drawn wider here, to 1000, 40 and 60, as T1 lengthens by
 * a quarter to a third at 3 T and turbo echoes give an effective TE: where two weightings are possible, both are.
 */
const SHORT_TR = 1000;
const LONG_TR = 1500;
const SHORT_TE = 40;
const LONG_TE = 60;
/**
 * Inversion nulls what has T1 = TI / ln 2 (TR much longer): fat (T1 240 ms) at 170, water (T1 3000 to 4500 ms) at 2000 to 3000,
 * less where TR does not let it recover. Between them lie the T1-weighted inversions (MPRAGE, BRAVO: 400 to 1200).
 */
const FAT_NULLED = 300;
const WATER_NULLED = 1500;
const WATER_NULLED_LOW_FIELD = 1200;
/** Gradient echoes of a longer TE are weighted by T2*. */
const SHORT_TE_GRADIENT = 15;

/** What the scanner itself says of an enhanced object; UNKNOWN and others say nothing. */
const STATED: ReadonlyMap<string, Weighting> = new Map([
  ['T1', 'T1'],
  ['T2', 'T2'],
  ['FLUID_ATTENUATED', 'FLAIR'],
  ...['DIFFUSION', 'FLOW_ENCODED', 'PERFUSION', 'PROTON_DENSITY', 'STIR', 'T2_STAR', 'TOF', 'TAGGING', 'TEMPERATURE'].map(
    (term) => [term, 'other'] as const,
  ),
]);

/** Which weightings the parameters allow; undefined where they are too few to say anything. */
export function weightingsAllowed(parameters: SequenceParameters): ReadonlySet<Weighting> | undefined {
  const { echoTime, repetitionTime, inversionTime = 0, scanningSequence, acquisitionContrast } = parameters;
  const stated = STATED.get(acquisitionContrast ?? '');
  if (stated !== undefined) return new Set([stated]);
  const has = (sequence: string): boolean => scanningSequence.includes(sequence);
  if (has('EP')) return new Set(['other']); // diffusion, perfusion, function
  if (echoTime === undefined || echoTime <= 0) return undefined;
  if (inversionTime > 0) return new Set(inverted(inversionTime, echoTime));
  if (has('GR')) return new Set(gradientEcho(echoTime));
  if (repetitionTime === undefined || repetitionTime <= 0) return undefined;
  if (has('IR')) return new Set(['T1', 'FLAIR', 'other']); // when was it inverted?
  return has('SE') ? new Set(spinEcho(repetitionTime, echoTime)) : undefined;
}

function inverted(inversionTime: number, echoTime: number): Weighting[] {
  if (inversionTime < FAT_NULLED) return ['other'];
  if (inversionTime >= WATER_NULLED) return echoTime >= LONG_TE ? ['FLAIR'] : ['other'];
  if (echoTime < LONG_TE) return ['T1'];
  return inversionTime >= WATER_NULLED_LOW_FIELD ? ['FLAIR', 'other'] : ['other'];
}

/** Never T2 or FLAIR. Whether T1 or the inflow of blood is shown, these parameters do not tell. */
const gradientEcho = (echoTime: number): Weighting[] => (echoTime < SHORT_TE_GRADIENT ? ['T1', 'other'] : ['other']);

function spinEcho(repetitionTime: number, echoTime: number): Weighting[] {
  if (echoTime >= LONG_TE) return repetitionTime >= LONG_TR ? ['T2'] : ['T2', 'other'];
  if (repetitionTime < SHORT_TR) return echoTime < SHORT_TE ? ['T1'] : ['T1', 'other'];
  if (repetitionTime < LONG_TR) return ['T1', 'other'];
  return echoTime < SHORT_TE ? ['other'] : ['T2', 'other']; // proton density, or between it and T2
}
