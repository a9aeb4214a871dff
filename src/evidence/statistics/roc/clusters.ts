import { requireThat } from '../input-checks.js';

/**
 * Clusters numbered in the order in which they first appear, and how many there are.
 * @throws E_DOMAIN  a case whose cluster is missing: null, undefined, NaN
 */
export function numberedClusters(clusters: ArrayLike<number | string>): { clusterOf: Uint32Array; count: number } {
  const numbers = new Map<number | string, number>();
  const clusterOf = new Uint32Array(clusters.length);
  for (let i = 0; i < clusters.length; i++) {
    const cluster = clusters[i];
    requireThat(typeof cluster === 'string' || Number.isFinite(cluster), 'E_DOMAIN');
    const known = numbers.get(cluster);
    const number = known ?? numbers.size;
    if (known === undefined) numbers.set(cluster, number);
    clusterOf[i] = number;
  }
  return { clusterOf, count: numbers.size };
}
