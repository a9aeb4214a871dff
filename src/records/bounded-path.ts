const LONGEST_PATH = 500;
/** One within another multiplies what they take. */
const MOST_FILTERS = 4;
const FILTERS: ReadonlySet<string> = new Set(['where', 'exists', 'all']);

/**
 * Whether a FHIRPath from outside takes no more time than there are elements: short, of these functions alone (each of which must
 * be so by itself), without what reaches out of the element it starts at or makes more than it was given.
 */
export function isBounded(path: string, functions: ReadonlySet<string>): boolean {
  if (path.length > LONGEST_PATH) return false;
  const bare = path.replace(/'(?:[^'\\]|\\.)*'/g, "''");
  const calls = [...bare.matchAll(/([A-Za-z]\w*)\s*\(/g)].map(([, name]) => name).filter((name) => name !== 'and' && name !== 'or');
  return (
    !/[%|&*/]|\$(?!this\b)/.test(bare) &&
    calls.every((name) => functions.has(name)) &&
    calls.filter((name) => FILTERS.has(name)).length <= MOST_FILTERS
  );
}
