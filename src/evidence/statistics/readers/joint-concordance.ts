/**
 * Sum over all pairs of a positive and a negative case of the product of two readers' kernels, each 1 where the positive case is
 * rated higher, ½ where both are rated the same: the count of pairs that lie in order for both, by a Fenwick tree over the second
 * reader's ratings while the first one's are passed in their order. In n log n where all pairs would be n².
 * @param truth  [cases], 0 or 1
 * @param first, second  [cases], places of the ratings from 0
 */
export function jointConcordance(truth: ArrayLike<number>, first: Uint32Array, second: Uint32Array): number {
  const order = casesByRank(first);
  const tree = new Uint32Array(second.reduce((most, rank) => Math.max(most, rank), 0) + 2);
  /** negatives passed so far whose second rating has a place below `rank` */
  const below = (rank: number): number => {
    let count = 0;
    for (let i = rank; i > 0; i -= i & -i) count += tree[i];
    return count;
  };
  let quarters = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && first[order[to]] === first[order[from]]) to++;
    // a kernel is the mean of "higher" and "not lower": the negatives of this place are passed between the two looks
    const look = (): void => {
      for (let k = from; k < to; k++) {
        const i = order[k];
        if (truth[i] === 1) quarters += below(second[i]) + below(second[i] + 1);
      }
    };
    look();
    for (let k = from; k < to; k++) {
      const i = order[k];
      if (truth[i] === 0) for (let node = second[i] + 1; node < tree.length; node += node & -node) tree[node]++;
    }
    look();
    from = to;
  }
  return quarters / 4;
}

/** Cases from the lowest place up, by counting. */
function casesByRank(ranks: Uint32Array): Uint32Array {
  const next = new Uint32Array(ranks.reduce((most, rank) => Math.max(most, rank), 0) + 2);
  for (const rank of ranks) next[rank + 1]++;
  for (let rank = 1; rank < next.length; rank++) next[rank] += next[rank - 1];
  const order = new Uint32Array(ranks.length);
  for (let i = 0; i < ranks.length; i++) order[next[ranks[i]]++] = i;
  return order;
}
