import { nextUniform, streamState } from '../../evidence/statistics/resampling/random-stream.js';

/** What a reader with the model is shown. */
export interface Shown {
  readonly score?: number;
}

export interface SimulatedReading {
  readonly rating: number;
  readonly clinicalAction: 0 | 1;
}

/** How well each simulated reader tells the kinds apart, in standard deviations, and from which rating on they would treat. */
const SKILLS = [
  { separation: 1.4, treatsFrom: 6 },
  { separation: 1.8, treatsFrom: 5 },
  { separation: 2.2, treatsFrom: 6 },
];

/**
 * A reading by a program, not by a person: it knows the truth, and reads it with noise of its own; with the model's answer it leans towards
 * it. The same reader reads the same case the same way each time.
 * @param place  of the case among the cases
 */
export function simulatedReading(reader: number, place: number, truth: 0 | 1, shown: Shown | null): SimulatedReading {
  const { separation, treatsFrom } = SKILLS[reader % SKILLS.length];
  const stream = streamState(BigInt(7_000 + reader), place);
  // Box and Muller: two uniform numbers give a normal one.
  const noise = Math.sqrt(-2 * Math.log(1 - nextUniform(stream))) * Math.cos(2 * Math.PI * nextUniform(stream));
  const own = (truth === 1 ? separation / 2 : -separation / 2) + noise;
  const seen = shown?.score === undefined ? own : own + 2 * (shown.score - 0.5);
  const rating = Math.min(10, Math.max(1, Math.round(5.5 + 2 * seen)));
  return { rating, clinicalAction: rating >= treatsFrom ? 1 : 0 };
}
