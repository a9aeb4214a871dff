/** More steps than any bracket of doubles needs by halving alone. */
const MOST_STEPS = 2_200;

/**
 * Where a function that changes its sign between two places is zero, to the last digits: Chandrupatla's method (Advances in
 * Engineering Software 28 (1997) 145), inverse quadratic where that is safe and halving elsewhere. Infinite values are
 * allowed: they only say on which side the zero lies.
 */
export function findRoot(f: (x: number) => number, from: number, to: number): number {
  let a = to;
  let b = from;
  let fa = f(a);
  let fb = f(b);
  if (fa === 0) return a;
  if (fb === 0) return b;
  let c = a;
  let fc = fa;
  let share = 0.5;
  for (let step = 0; step < MOST_STEPS; step++) {
    const x = a + share * (b - a);
    const fx = f(x);
    if (fx === 0 || x === a || x === b) return x;
    if (Math.sign(fx) === Math.sign(fa)) [c, fc] = [a, fa];
    else [c, fc, b, fb] = [b, fb, a, fa];
    [a, fa] = [x, fx];
    const best = Math.abs(fa) < Math.abs(fb) ? a : b;
    const tolerance = 2 * Number.EPSILON * Math.abs(best) + Number.MIN_VALUE;
    const least = tolerance / Math.abs(b - a);
    if (least > 0.5) return best;
    share = Math.min(1 - least, Math.max(least, interpolated({ a, b, c, fa, fb, fc })));
  }
  return a;
}

interface Points {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly fa: number;
  readonly fb: number;
  readonly fc: number;
}

/** The share of the way from a to b by inverse quadratic interpolation where Chandrupatla's condition holds, else half. */
function interpolated({ a, b, c, fa, fb, fc }: Points): number {
  const xi = (a - b) / (c - b);
  const phi = (fa - fb) / (fc - fb);
  if (!(phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi)) return 0.5;
  const share = (fa / (fb - fa)) * (fc / (fb - fc)) + ((c - a) / (b - a)) * (fa / (fc - fa)) * (fb / (fc - fb));
  return Number.isFinite(share) ? share : 0.5;
}
