import type { Provenance } from 'fhir/r4.js';
import type { Caller } from '../../access/caller.js';
import { sought } from '../../records/search/sought.js';
import { parseSearch } from '../../records/search/parse-search.js';
import type { RecordSearch } from '../../records/search/record-search.js';
import type { Decision } from '../report-status.js';
import { decisionOf, REVIEW_PROFILE } from './review-provenance.js';

/** On a page, and in all. */
const PAGE = 1_000;
const MOST = 20_000;

/** A decision that a person took. */
export interface PastReview {
  readonly reportId: string;
  readonly decision: Decision;
  readonly time: Date;
  readonly reviewer: string;
  readonly onBehalfOf: string | null;
  readonly reason: string | null;
  readonly provenanceId: string;
}

/** Who decided what of reports, as the Provenance of each review says it. */
export class PastReviews {
  constructor(private readonly search: RecordSearch) {}

  /** Of any of these reports, oldest first; on record. */
  async of(caller: Caller, reportIds: readonly string[]): Promise<PastReview[]> {
    const parameters = [
      ['target', reportIds.map((id) => `DiagnosticReport/${id}`).join(',')],
      ['_profile', REVIEW_PROFILE],
      ['_sort', 'recorded'],
      ['_count', String(PAGE)],
      ['_total', 'none'],
    ] as const;
    const { search } = parseSearch({ type: 'Provenance', parameters, lenient: false }, { base: '', now: Date.now() });
    const found = await this.search.searchAll(caller, search, sought({ type: 'Provenance' }, parameters), MOST);
    return found.flatMap(({ content }) => pastReview(JSON.parse(content) as Provenance & { id: string })); // the store holds valid resources
  }
}

function pastReview({ id, target, recorded, reason, activity, agent }: Provenance & { id: string }): PastReview[] {
  const report = target.flatMap(({ reference = '' }) => /^DiagnosticReport\/([^/]+)/.exec(reference)?.[1] ?? []).at(0);
  const decision = decisionOf(activity?.coding?.[0]?.code);
  if (report === undefined || decision === undefined) return [];
  const [verifier] = agent; // reviewProvenance puts the person first
  return [
    {
      reportId: report,
      decision,
      time: new Date(recorded),
      reviewer: verifier.who.reference ?? '',
      onBehalfOf: verifier.onBehalfOf?.reference ?? null,
      reason: reason?.[0]?.text ?? null,
      provenanceId: id,
    },
  ];
}
