import { HashIndex } from './hash-index.js';

/**
 * In how many of 64 bits the perceptual hashes of two pictures may differ that are called alike. Measured on 4,997 chest radiographs
 * (docs/evidence.md): of pictures that were made smaller, larger or saved again as JPEG 99 to 100 % are this near the original; of pictures
 * of different patients 1.5 in a million pairs.
 */
export const ALIKE_WITHIN = 5;

/** As many alike pairs are told at most, the nearest ones: where there are more, the pictures are not told apart by their looks. */
export const MOST_ALIKE_PAIRS = 10_000;

export interface HashedCase {
  readonly caseKey: string;
  readonly pixelSha256: string;
  readonly perceptualHash: string;
}

/** Groups of cases with the same pixels, two at least in each: keys in order, groups by their first. */
export function exactGroups(cases: Iterable<Pick<HashedCase, 'caseKey' | 'pixelSha256'>>): string[][] {
  const groups = new Map<string, string[]>();
  for (const { caseKey, pixelSha256 } of cases) {
    const group = groups.get(pixelSha256);
    if (group === undefined) groups.set(pixelSha256, [caseKey]);
    else group.push(caseKey);
  }
  return [...groups.values()]
    .filter(({ length }) => length > 1)
    .map((keys) => keys.sort())
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

export interface AlikePair {
  readonly a: string;
  readonly b: string;
  readonly distance: number;
}

/**
 * Pairs of cases whose pictures look alike and are not the same pixels, the nearest first, then by keys.
 * @param within  bits, 0 to 15
 */
export function alikePairs(cases: readonly HashedCase[], within = ALIKE_WITHIN): AlikePair[] {
  const inOrder = cases.toSorted((one, other) => (one.caseKey < other.caseKey ? -1 : 1));
  const index = new HashIndex(
    inOrder.map(({ perceptualHash }) => perceptualHash),
    within,
  );
  const nearest = new NearestPairs(within);
  for (const [place, { caseKey, pixelSha256, perceptualHash }] of inOrder.entries()) {
    if (nearest.areFinal) break;
    const hear = (at: number, distance: number): void => {
      const other = inOrder[at];
      if (other.pixelSha256 !== pixelSha256) nearest.add({ a: other.caseKey, b: caseKey, distance });
    };
    index.near(perceptualHash, hear, place);
  }
  return nearest.inOrder();
}

/** The nearest MOST_ALIKE_PAIRS of all pairs that are added. */
class NearestPairs {
  private readonly byDistance: readonly AlikePair[][];
  private count = 0;

  constructor(within: number) {
    this.byDistance = Array.from({ length: within + 1 }, () => []);
  }

  /** Whether no pair could be nearer than those that are there. */
  get areFinal(): boolean {
    return this.byDistance[0].length === MOST_ALIKE_PAIRS;
  }

  add(pair: AlikePair): void {
    if (this.count === MOST_ALIKE_PAIRS) {
      const farthest = this.byDistance.findLastIndex(({ length }) => length > 0);
      if (farthest <= pair.distance) return;
      this.byDistance[farthest].pop();
      this.count--;
    }
    this.byDistance[pair.distance].push(pair);
    this.count++;
  }

  inOrder(): AlikePair[] {
    const byKeys = (x: AlikePair, y: AlikePair): number => (x.a === y.a ? (x.b < y.b ? -1 : 1) : x.a < y.a ? -1 : 1);
    return this.byDistance.flatMap((pairs) => pairs.sort(byKeys));
  }
}
