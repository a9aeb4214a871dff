import { requireFinite, requireOpenUnit, requireSome, requireThat, requireUnit } from '../input-checks.js';
import type { Flag } from '../results.js';

export interface ShiftedPrevalence {
  readonly prevalence: number;
  /** Probabilities under that prevalence, one a case. */
  readonly adjusted: Float64Array;
}

/** Likelihood ratios of a case under the training prevalence: p/π for the ill, (1−p)/(1−π) for the healthy. */
interface Densities {
  readonly ill: Float64Array;
  readonly healthy: Float64Array;
}

/**
 * Prevalence of a new population by maximum likelihood from calibrated probabilities: the fixed point of Saerens, Latinne
 * and Decaestecker's EM (2002), q ← mean(a q / (a q + b (1−q))). The likelihood is concave in q, so that Newton's method
 * between bounds finds the point itself, where EM's steps shrink before they arrive.
 * @param p                   probabilities that were calibrated under the training prevalence, 0…1
 * @param trainingPrevalence  0 < π < 1
 * @throws E_EMPTY, E_NON_FINITE, E_DOMAIN, E_DEGENERATE every p is the training prevalence: no q is likelier than another
 */
export function prevalenceByLikelihood(p: ArrayLike<number>, trainingPrevalence: number): ShiftedPrevalence {
  requireSome(p);
  requireFinite(p);
  requireOpenUnit(trainingPrevalence);
  const densities = { ill: new Float64Array(p.length), healthy: new Float64Array(p.length) };
  let informative = false;
  for (let i = 0; i < p.length; i++) {
    requireThat(p[i] >= 0 && p[i] <= 1, 'E_DOMAIN');
    informative ||= p[i] !== trainingPrevalence;
    densities.ill[i] = p[i] / trainingPrevalence;
    densities.healthy[i] = (1 - p[i]) / (1 - trainingPrevalence);
  }
  requireThat(informative, 'E_DEGENERATE');
  const q = likeliestShare(densities, trainingPrevalence);
  const adjusted = densities.ill.map((a, i) => {
    const [ill, healthy] = [a * q, densities.healthy[i] * (1 - q)];
    return ill + healthy > 0 ? ill / (ill + healthy) : p[i]; // at a bound that this case rules out there is no posterior
  });
  return { prevalence: q, adjusted };
}

/** Root in 0…1 of the score Σ (a − b) / (q a + (1−q) b), which falls from q = 0 to q = 1; a bound where it has none. */
function likeliestShare(densities: Densities, start: number): number {
  if (score(densities, 0).value <= 0) return 0;
  if (score(densities, 1).value >= 0) return 1;
  let [low, high, q] = [0, 1, start];
  for (let step = 0; step < 200; step++) {
    const { value, slope } = score(densities, q);
    if (value === 0) return q;
    if (value > 0) low = q;
    else high = q;
    const newton = q - value / slope;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - q) <= Number.EPSILON * q) return next;
    q = next;
  }
  return q;
}

function score({ ill, healthy }: Densities, q: number): { value: number; slope: number } {
  let value = 0;
  let slope = 0;
  for (let i = 0; i < ill.length; i++) {
    const difference = ill[i] - healthy[i];
    if (difference === 0) continue;
    const term = difference / (q * ill[i] + (1 - q) * healthy[i]);
    value += term;
    slope -= term * term;
  }
  return { value, slope };
}

export interface RoganGladen {
  /** Null where the test does no better than chance: se + sp ≤ 1. */
  readonly prevalence: number | null;
  readonly clipped: boolean;
  readonly flags: readonly Flag[];
}

/**
 * True prevalence from the apparent one and a test's accuracy (Rogan and Gladen 1978; black-box shift estimation, Lipton et
 * al. 2018, in two classes), clipped to 0…1.
 * @throws E_DOMAIN unless all three are in 0…1
 */
export function roganGladen({ apparent, se, sp }: { apparent: number; se: number; sp: number }): RoganGladen {
  requireUnit(apparent);
  requireUnit(se);
  requireUnit(sp);
  const youden = se + sp - 1;
  if (!(youden > 0)) return { prevalence: null, clipped: false, flags: ['ZERO_DENOMINATOR'] };
  const prevalence = (apparent + sp - 1) / youden;
  return { prevalence: Math.min(1, Math.max(0, prevalence)), clipped: prevalence < 0 || prevalence > 1, flags: [] };
}
