import { readdirSync, readFileSync } from 'node:fs';
import { StatisticsError } from '../../../src/evidence/statistics/statistics-error.js';

/** The numeric references of ../shared/stats: a file a method, its conventions in the README there. */
const FOLDER = new URL('../../../../../shared/stats/', import.meta.url);

export interface ReferenceCase {
  readonly name: string;
  readonly input: object;
  readonly expected: object;
  readonly tolerance: { readonly abs: number; readonly rel: number };
  readonly method: string;
}

/** Calls our function with a case's input as it stands in the file; its answer's names are the file's, in camel case. */
export type Adapter = (input: never) => unknown;

/** Methods that have a file, without the ending; none where ../shared is absent. */
export function referenceMethods(): string[] {
  try {
    return readdirSync(FOLDER)
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -'.json'.length))
      .sort();
  } catch {
    return [];
  }
}

export function referenceCases(method: string): ReferenceCase[] {
  const { cases } = JSON.parse(readFileSync(new URL(`${method}.json`, FOLDER), 'utf8')) as { cases: ReferenceCase[] };
  return cases;
}

/** How far an answer is from the reference at the worst of its numbers. */
export interface WorstError {
  /** error over what is allowed; 1 would be the limit */
  readonly ratio: number;
  readonly absolute: number;
  /** numbers compared */
  readonly numbers: number;
  /** texts, nulls and error codes compared */
  readonly exact: number;
}

export const NOTHING_COMPARED: WorstError = { ratio: 0, absolute: 0, numbers: 0, exact: 0 };

export const worse = (a: WorstError, b: WorstError): WorstError => ({
  ratio: Math.max(a.ratio, b.ratio),
  absolute: Math.max(a.absolute, b.absolute),
  numbers: a.numbers + b.numbers,
  exact: a.exact + b.exact,
});

/** The answer of a call, a thrown StatisticsError as the reference writes it. Other errors are bugs and go through. */
export function answerOf(adapter: Adapter, input: object): unknown {
  try {
    return adapter(input as never);
  } catch (error) {
    if (error instanceof StatisticsError) return { error: error.code };
    throw error;
  }
}

/** Compares every field of `expected`. Differences are sentences, none where the case passes. */
export function compare(
  expected: unknown,
  got: unknown,
  tolerance: ReferenceCase['tolerance'],
): { differences: string[]; worst: WorstError } {
  const differences: string[] = [];
  let worst = NOTHING_COMPARED;
  const visit = (path: string, expected: unknown, got: unknown): void => {
    if (typeof expected === 'number') {
      const absolute = typeof got === 'number' ? Math.abs(got - expected) : Infinity;
      const allowed = Math.max(tolerance.abs, tolerance.rel * Math.abs(expected));
      worst = worse(worst, { ratio: absolute === 0 ? 0 : absolute / allowed, absolute, numbers: 1, exact: 0 });
      if (!(absolute <= allowed)) differences.push(`${path}: ${String(got)} is not ${expected} (within ${allowed})`);
    } else if (Array.isArray(expected)) {
      const list = got as ArrayLike<unknown> | null | undefined;
      if (list?.length !== expected.length) differences.push(`${path}: length ${String(list?.length)} is not ${expected.length}`);
      else for (let i = 0; i < expected.length; i++) visit(`${path}[${i}]`, expected[i], list[i]);
    } else if (typeof expected === 'object' && expected !== null) {
      for (const [name, value] of Object.entries(expected)) visit(`${path}.${name}`, value, fieldOf(got, name));
    } else {
      worst = worse(worst, { ...NOTHING_COMPARED, exact: 1 });
      if (got !== expected) differences.push(`${path}: ${String(got)} is not ${String(expected)}`);
    }
  };
  visit('', expected, got);
  return { differences, worst };
}

/** A field by the reference's name (`se_hanley_mcneil`) or by ours (`seHanleyMcneil`). */
function fieldOf(answer: unknown, name: string): unknown {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const fields = answer as Record<string, unknown>;
  return name in fields ? fields[name] : fields[name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())];
}

/** The errors of all methods as a table of text. */
export function errorTable(worstByMethod: ReadonlyMap<string, { readonly cases: number; readonly worst: WorstError }>): string {
  const rows = [...worstByMethod].map(([method, { cases, worst }]) =>
    [
      method.padEnd(32),
      String(cases).padStart(5),
      String(worst.numbers).padStart(8),
      String(worst.exact).padStart(6),
      worst.ratio.toExponential(1).padStart(14),
      worst.absolute.toExponential(1).padStart(12),
    ].join(' '),
  );
  const head = `${'method'.padEnd(32)} cases  numbers  exact  worst/allowed  worst error`;
  return [head, ...rows].join('\n');
}
