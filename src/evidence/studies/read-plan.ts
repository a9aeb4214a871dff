import type { JsonPlace } from '../../json-place.js';
import type { AnalysisPlan, Factor, PlannedEndpoint } from '../analysis/plan.js';

type Kind = PlannedEndpoint['kind'];
type Reader<T> = (place: JsonPlace) => T;

const id: Reader<string> = (at) => at.text(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/, 'a letter, then letters, digits, hyphens: 32 at most');
const failures = (at: JsonPlace) => at.oneOf(['worst-case', 'excluded'] as const);
const column: Reader<string> = (at) => at.text(/^[a-z][a-z0-9_]{0,62}$/, 'the name of a variable');
const share: Reader<number> = (at) => at.number(0, 1);
const byReaders = (at: JsonPlace) => at.oneOf(['auc', 'sensitivity', 'specificity'] as const);
const byCalls = (at: JsonPlace) => at.oneOf(['sensitivity', 'specificity'] as const);

const MOST_ENDPOINTS = 200;
const MOST_FACTORS = 20;
const MOST_BANDS = 100;

/** A list that is not longer than what is computed in reasonable time. */
export const atMost = <T>(place: JsonPlace, list: T[], most: number): T[] =>
  list.length <= most ? list : place.refuse(`must have ${most} entries at most`);

/** What each kind has beside `id`, `kind` and `failures`. */
const MEMBERS: { readonly [K in Kind]: Readonly<Record<string, Reader<unknown>>> } = {
  auc: {},
  'clustered-auc': {},
  accuracy: {},
  'paired-accuracy': { measure: byCalls, comparator: column, margin: share },
  'against-readers': { measure: byReaders, margin: share },
  'aided-readers': { measure: byReaders, covariance: (at) => at.oneOf(['delong', 'jackknife'] as const) },
  subgroups: {
    measure: byCalls,
    factors: (at) => atMost(at, at.list(factorAt), MOST_FACTORS),
    adjustment: (at) => at.oneOf(['holm', 'hochberg', 'bonferroni'] as const),
  },
  calibration: { bins: (at) => at.whole(2, 100), hlGroups: (at) => at.whole(3, 100) },
  'reader-agreement': { arm: (at) => at.oneOf(['unaided', 'aided'] as const) },
  'comparator-agreement': { comparator: column, weights: (at) => at.oneOf(['none', 'linear', 'quadratic'] as const) },
  repeat: {
    of: (at) => {
      const ids = atMost(at, at.list(id), MOST_ENDPOINTS);
      return new Set(ids).size === ids.length ? ids : at.refuse('must name each endpoint once');
    },
  },
};

/** The part of a protocol that numbers are computed from. A place refuses by the fault that its reader chose. */
export const planAt = (place: JsonPlace): AnalysisPlan =>
  place.object<AnalysisPlan>({
    threshold: (at) => at.number(-1e12, 1e12),
    scoreRange: (at) => {
      const [lowest, highest, ...more] = at.list((one) => one.number(-1e12, 1e12));
      if (more.length > 0 || highest === undefined) at.refuse('must be two numbers');
      return [lowest, highest] as const;
    },
    conf: (at) => at.number(0.5, 0.9999),
    alphaOneSided: (at) => at.number(0.00001, 0.5),
    failures,
    minSubgroupN: (at) => at.whole(1, 1e9),
    endpoints: (at) => atMost(at, at.list(endpointAt), MOST_ENDPOINTS),
  });

function endpointAt(place: JsonPlace): PlannedEndpoint {
  const kind = place.member('kind').oneOf(Object.keys(MEMBERS) as Kind[]);
  const members: Readonly<Record<string, Reader<unknown>>> = { id, kind: () => kind, failures, ...MEMBERS[kind] };
  const read = place.object<Partial<Record<string, unknown>>>(members, kind === 'repeat' ? [] : ['failures']);
  return read as unknown as PlannedEndpoint; // its members are those of its kind
}

const factorAt = (place: JsonPlace): Factor =>
  place.object<Factor>(
    {
      name: (at) => at.text(/^[^\0]{1,100}$/, 'text'),
      column,
      bands: (at) =>
        atMost(
          at,
          at.list((one) =>
            one.object({
              label: (label) => label.text(/^[^\0]{1,100}$/, 'text'),
              from: (number) => number.whole(-1e9, 1e9),
              to: (number) => number.whole(-1e9, 1e9),
            }),
          ),
          MOST_BANDS,
        ),
    },
    ['bands'],
  );
