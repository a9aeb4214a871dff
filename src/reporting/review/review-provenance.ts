import type { Provenance, Signature } from 'fhir/r4.js';
import { narrative } from '../../records/narrative.js';
import { resourceId } from '../../records/resource-id.js';
import type { Decision } from '../report-status.js';
import { reviewerOf, type Review } from './review.js';

/** What the signature of a decision means (ASTM E1762-95; FHIR valueset-signature-type). */
const MEANINGS: Readonly<Record<Decision, readonly [code: string, display: string]>> = {
  accept: ['1.2.840.10065.1.12.1.5', 'Verification Signature'],
  amend: ['1.2.840.10065.1.12.1.16', 'Modification Signature'],
  reject: ['1.2.840.10065.1.12.1.13', 'Review Signature'],
};
const ACTIVITIES: Readonly<Record<Decision, readonly [system: string, code: string, display: string]>> = {
  accept: ['http://terminology.hl7.org/CodeSystem/v3-DocumentCompletion', 'LA', 'legally authenticated'],
  amend: ['http://terminology.hl7.org/CodeSystem/v3-DataOperation', 'UPDATE', 'revise'],
  reject: ['http://terminology.hl7.org/CodeSystem/v3-DataOperation', 'NULLIFY', 'nullify'],
};

export const REVIEW_PROFILE = 'urn:wetread:profile:review';

/** The decision that an activity's code stands for; undefined for other activities. */
export const decisionOf = (code: string | undefined): Decision | undefined =>
  (Object.keys(ACTIVITIES) as Decision[]).find((decision) => ACTIVITIES[decision][1] === code);

/** What the reviewer signed: each version with the SHA-256 of its canonical form (RFC 8785). */
export interface SignedContent {
  readonly who: string;
  readonly when: string;
  /** Code of FHIR's signature types. */
  readonly meaning: string;
  readonly targets: readonly { readonly reference: string; readonly sha256: string }[];
}

export const signedContent = (review: Review, targets: SignedContent['targets'], now: Date): SignedContent => ({
  who: reviewerOf(review).reference,
  when: now.toISOString(),
  meaning: MEANINGS[review.decision][0],
  targets,
});

/** Of the Provenance of a review. @param version  the report's, that it made */
export const reviewId = (reportId: string, version: number): string => resourceId('Provenance', reportId, 'review', String(version));

/**
 * Who reviewed a report, why, and their signature (R4 provenance.html; HL7 AI Transparency: a human verifier at sign-off).
 * @param given  the report's version before and after; the AI's Device, where it is known; the JWS (RFC 7515) over `content`
 */
export function reviewProvenance(
  review: Review,
  content: SignedContent,
  given: { reportId: string; before: number; after: number; device: string | undefined; jws: string },
): Provenance & { id: string } {
  const { reason, decision, organization } = review;
  const [system, code, display] = ACTIVITIES[decision];
  const who = reviewerOf(review);
  const onBehalfOf = organization === undefined ? {} : { onBehalfOf: { reference: `Organization/${organization}` } };
  return {
    resourceType: 'Provenance',
    id: reviewId(given.reportId, given.after),
    meta: { profile: [REVIEW_PROFILE] },
    text: narrative(`${DONE[decision]} by ${who.reference}${reason === undefined ? '' : `: ${reason}`}`),
    target: content.targets.map(({ reference }) => ({ reference })),
    occurredDateTime: content.when,
    recorded: content.when,
    ...(reason !== undefined && { reason: [{ text: reason }] }),
    activity: { coding: [{ system, code, display }] },
    agent: [
      { type: participant('verifier', 'Verifier'), who, ...onBehalfOf },
      ...(given.device === undefined ? [] : [{ type: participant('author', 'Author'), who: { reference: given.device } }]),
    ],
    entity: [{ role: 'revision', what: { reference: `DiagnosticReport/${given.reportId}/_history/${given.before}` } }],
    signature: [signature(review, content, given.jws)],
  };
}

const DONE: Readonly<Record<Decision, string>> = { accept: 'Accepted', amend: 'Amended', reject: 'Rejected' };

const participant = (code: string, display: string) => ({
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type', code, display }],
});

function signature(review: Review, content: SignedContent, jws: string): Signature {
  const [code, display] = MEANINGS[review.decision];
  return {
    type: [{ system: 'urn:iso-astm:E1762-95:2013', code, display }],
    when: content.when,
    who: reviewerOf(review),
    targetFormat: 'application/fhir+json',
    sigFormat: 'application/jose',
    data: Buffer.from(jws).toString('base64'),
  };
}
