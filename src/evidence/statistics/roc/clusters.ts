/** Clusters numbered in the order in which they first appear, and how many there are. */
export function numberedClusters(clusters: ArrayLike<number | string>): { clusterOf: Uint32Array; count: number } {
  const numbers = new Map<number | string, number>();
  const clusterOf = new Uint32Array(clusters.length);
  for (let i = 0; i < clusters.length; i++) {
    const known = numbers.get(clusters[i]);
    const number = known ?? numbers.size;
    if (known === undefined) numbers.set(clusters[i], number);
    clusterOf[i] = number;
  }
  return { clusterOf, count: numbers.size };
}
