/** What a refused request asked for, so that it is found as what succeeds is. */
export interface AskedFor {
  readonly interaction: RefusedInteraction;
  /** As looks have it. */
  readonly what: string;
}

/** Interactions of FHIR's (R4 http.html), transactions of DICOMweb's, and what is for who administers or runs the server. */
export type RefusedInteraction =
  | 'read'
  | 'vread'
  | 'create'
  | 'update'
  | 'patch'
  | 'delete'
  | 'history-instance'
  | 'history-type'
  | 'history-system'
  | 'search-type'
  | 'search-system'
  | 'transaction'
  | 'operation'
  | 'store'
  | 'query'
  | 'retrieve'
  | 'change'
  | 'remove'
  | 'administer';

const HISTORIES = ['history-system', 'history-type', 'history-instance'] as const;

const segmentsOf = (address: string): string[] =>
  address
    .split('?', 1)[0]
    .split('/')
    .filter((one) => one !== '');

/** @param address  below the FHIR server's own, as a request or an entry of a Bundle has it */
export function fhirInteraction(method: string, address: string): RefusedInteraction {
  const segments = segmentsOf(address);
  const { length } = segments;
  if (segments.some((one) => /^(\$|%24)/.test(one))) return 'operation';
  if (segments.at(-1) === '_search') return length === 1 ? 'search-system' : 'search-type';
  const history = segments.indexOf('_history');
  if (history >= 0) return history === length - 1 ? (HISTORIES[history] ?? 'history-instance') : 'vread';
  switch (method) {
    case 'POST':
      return length === 0 ? 'transaction' : 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return 'delete';
    default:
      if (length === 2) return 'read';
      return length === 0 || segments.at(-1) === '*' ? 'search-system' : 'search-type';
  }
}

/** What DICOMweb's resources below a study are called in looks at them. */
const RETRIEVED: readonly (readonly [segment: string, what: string])[] = [
  ['rendered', 'rendered'],
  ['thumbnail', 'rendered'],
  ['metadata', 'metadata'],
  ['frames', 'frames'],
  ['bulkdata', 'bulk data'],
  ['pixeldata', 'pixel data'],
];

/** @param address  below /dicom-web or /wado */
export function dicomInteraction(method: string, address: string): AskedFor & { readonly type: 'study' | 'workitem' } {
  const segments = segmentsOf(address);
  if (segments[0] === 'workitems') return { type: 'workitem', interaction: workitemInteraction(method, segments), what: 'workitem' };
  const what = RETRIEVED.find(([segment]) => segments.includes(segment))?.[1] ?? 'instances';
  return { type: 'study', interaction: studyInteraction(method, segments), what };
}

/** PS3.18 10 */
function studyInteraction(method: string, segments: readonly string[]): RefusedInteraction {
  if (method === 'POST') return 'store';
  if (method === 'DELETE') return 'remove';
  if (method === 'PATCH') return 'change';
  return /^(studies|series|instances)$/.test(segments.at(-1) ?? '') ? 'query' : 'retrieve';
}

/** PS3.18 11 */
function workitemInteraction(method: string, { length }: readonly string[]): RefusedInteraction {
  if (length > 1) return method === 'GET' || method === 'HEAD' ? 'read' : 'update';
  return method === 'POST' ? 'create' : 'query';
}
