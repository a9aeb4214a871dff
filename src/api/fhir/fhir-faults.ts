import type { OperationOutcomeIssue } from 'fhir/r4.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Fault } from '../../faults.js';
import { EntryFailed } from '../../records/bundle/faults.js';
import { ResourceInvalid } from '../../records/edit/faults.js';
import { RecordGone } from '../../records/faults.js';
import type { Issue } from '../../records/validation/issue.js';
import { jsonToXml } from '../../records/xml/to-xml.js';
import { etagOf, FHIR_JSON, formAsked, XML_TYPES } from './answer.js';

/** R4 issue-type by status; http.html says which status means what. */
const ISSUE_TYPE: Readonly<Record<number, OperationOutcomeIssue['code']>> = {
  400: 'invalid',
  401: 'login',
  403: 'forbidden',
  404: 'not-found',
  405: 'not-supported',
  406: 'not-supported',
  409: 'conflict',
  410: 'deleted',
  412: 'conflict',
  413: 'too-long',
  414: 'too-long',
  415: 'not-supported',
  422: 'processing',
  428: 'required',
  429: 'throttled',
  503: 'transient',
};

/** A fault as an OperationOutcome: every error below /fhir leaves so. */
export function sendFhirFault(fault: Fault, reply: FastifyReply): void {
  const issue = issuesOf(fault);
  if (fault instanceof RecordGone) reply.header('ETag', etagOf(fault.version));
  const text = JSON.stringify({ resourceType: 'OperationOutcome', issue });
  const isXml = XML_TYPES.some((one) => one === formOfFault(reply.request));
  void reply
    .code(fault.status)
    .type(`application/fhir+${isXml ? 'xml' : 'json'}; charset=utf-8`)
    .send(isXml ? jsonToXml(text) : text);
}

/** A fault is told even to who asks for a form that there is not. */
function formOfFault(request: FastifyRequest): string {
  try {
    return formAsked(request);
  } catch {
    return FHIR_JSON;
  }
}

/** What an outcome says of a fault: of what a transaction's entry met, at its place. */
export function issuesOf(fault: Fault): OperationOutcomeIssue[] {
  if (fault instanceof ResourceInvalid) return fault.issues.map(issueOf);
  if (!(fault instanceof EntryFailed)) return [ownIssue(fault)];
  const place = `Bundle.entry[${fault.entry}]`;
  const within = fault.fault instanceof ResourceInvalid ? fault.fault.issues.map(issueOf) : [];
  return [{ ...ownIssue(fault), expression: [place] }, ...within];
}

/** Those that know it have the place of what is wrong. */
const placeOf = (fault: Fault): Pick<OperationOutcomeIssue, 'expression'> =>
  'expression' in fault && typeof fault.expression === 'string' ? { expression: [fault.expression] } : {};

const ownIssue = (fault: Fault): OperationOutcomeIssue => ({
  severity: 'error',
  code: ISSUE_TYPE[fault.status] ?? 'exception',
  details: { coding: [{ system: 'urn:wetread:fault', code: fault.code }], text: fault.message },
  ...placeOf(fault),
});

/** What a validator found, as an outcome says it. */
export const issueOf = ({ severity, code, expression, words }: Issue): OperationOutcomeIssue => ({
  severity,
  code,
  details: { text: `${expression} ${words}`.trim() },
  ...(expression !== '' && { expression: [expression] }),
});
