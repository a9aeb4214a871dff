import { chanceOf, drawn } from './chance.js';
import { SampleImpossible } from './faults.js';

/** A case that may be drawn. */
export interface Drawable {
  /** Names it; the order of names is nothing. */
  readonly id: string;
  readonly patient: string;
  readonly stratum: string;
}

/** How many patients: in all, shared by the strata as they are; or of each stratum. */
export type SampleSize = { readonly size: number } | { readonly sizes: Readonly<Record<string, number>> };

/**
 * A stratified sample without replacement, of patients: whoever is drawn comes with all cases, nobody in half. A patient with cases in
 * several strata counts to the first of them by its text. The same seed gives the same sample, whatever the order of the cases.
 * @returns ids of the cases
 * @throws SampleImpossible  more patients are asked for than there are, or of a stratum that is not there
 */
export function stratifiedSample(cases: readonly Drawable[], asked: SampleSize, seed: number): Set<string> {
  const stratumOf = new Map<string, string>();
  for (const { patient, stratum } of cases) {
    const known = stratumOf.get(patient);
    if (known === undefined || stratum < known) stratumOf.set(patient, stratum);
  }
  const strata = new Map<string, string[]>();
  for (const [patient, stratum] of stratumOf) strata.set(stratum, [...(strata.get(stratum) ?? []), patient]);
  const names = [...strata.keys()].sort();
  const counts = names.map((name) => strata.get(name)?.length ?? 0);
  const sizes = 'size' in asked ? proportional(counts, asked.size) : fixed(names, counts, asked.sizes);
  const taken = new Set(names.flatMap((name, place) => drawn(strata.get(name) ?? [], sizes[place], chanceOf(seed, 'sampling', place))));
  return new Set(cases.filter(({ patient }) => taken.has(patient)).map(({ id }) => id));
}

/**
 * Shares by largest remainder (Hamilton): of each stratum the whole part of size × its share, and one more where the rest is largest;
 * of equal rests the earlier stratum. In whole numbers, so that no rounding decides.
 */
export function proportional(counts: readonly number[], size: number): number[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (!Number.isSafeInteger(size) || size < 1) throw new SampleImpossible('A sample has one patient at least.');
  if (size > all) throw new SampleImpossible(`There are ${all} patients, fewer than the ${size} of the sample.`);
  const sizes = counts.map((count) => Math.floor((size * count) / all));
  const left = size - sizes.reduce((sum, share) => sum + share, 0);
  const byRest = [...counts.keys()].sort((a, b) => ((size * counts[b]) % all) - ((size * counts[a]) % all) || a - b);
  for (const place of byRest.slice(0, left)) sizes[place]++;
  return sizes;
}

function fixed(names: readonly string[], counts: readonly number[], sizes: Readonly<Record<string, number>>): number[] {
  for (const [name, size] of Object.entries(sizes)) {
    const there = counts[names.indexOf(name)] ?? 0;
    if (!Number.isSafeInteger(size) || size < 0) throw new SampleImpossible('The size of a stratum is no whole number.');
    if (size > there) throw new SampleImpossible(`A stratum has ${there} patients, fewer than the ${size} asked for.`);
  }
  return names.map((name) => (Object.hasOwn(sizes, name) ? sizes[name] : 0));
}
