/** Deeper than anything that a package has; what is deeper was made to break who reads it. */
const DEEPEST = 100;

/**
 * The one text of a JSON value (RFC 8785): members in the order of their names' UTF-16 code units, numbers as ECMAScript writes them. The
 * server writes it with a package of npm's (signing/canonical), which no single file can have: a test holds the two to each other.
 * @param value  what JSON.parse gives, or is made of the same. Throws TypeError on what JSON cannot hold
 */
export function canonicalForm(value: unknown, depth = 0): string {
  if (depth > DEEPEST) throw new TypeError('it is too deep');
  if (typeof value === 'string' && !value.isWellFormed()) throw new TypeError('it has half of a surrogate pair');
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('it has a number that JSON has not');
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((one) => canonicalForm(one ?? null, depth + 1)).join(',')}]`;
  if (typeof value !== 'object') throw new TypeError('it is no JSON value');
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const text = members
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${canonicalForm(name)}:${canonicalForm(member, depth + 1)}`);
  return `{${text.join(',')}}`;
}

/** Where two JSON values differ first, as a path of members; undefined where they do not. */
export function differenceOf(a: unknown, b: unknown, path: readonly (string | number)[] = []): Difference | undefined {
  if (Object.is(a, b)) return undefined;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b))
    return { path, a, b };
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  for (const name of Array.isArray(a) ? names.map(Number) : names.sort()) {
    const found = differenceOf((a as Readonly<Record<string, unknown>>)[name], (b as Readonly<Record<string, unknown>>)[name], [
      ...path,
      name,
    ]);
    if (found !== undefined) return found;
  }
  return undefined;
}

export interface Difference {
  readonly path: readonly (string | number)[];
  readonly a: unknown;
  readonly b: unknown;
}

/** Whether two JSON values differ in the last digits of their numbers alone: nine agree. */
export function areNear(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const names = Object.keys(a);
  const [some, others] = [a, b] as Readonly<Record<string, unknown>>[];
  return (
    Array.isArray(a) === Array.isArray(b) &&
    names.length === Object.keys(b).length &&
    names.every((name) => areNear(some[name], others[name]))
  );
}
