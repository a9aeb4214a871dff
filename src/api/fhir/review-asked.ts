import type { FastifyRequest } from 'fastify';
import { Fault } from '../../faults.js';
import { conditionsOf } from '../../records/edit/conditions.js';
import { ResourceInvalid } from '../../records/edit/faults.js';
import { hasErrors } from '../../records/validation/issue.js';
import { isObject, objectsOf, type JsonObject } from '../../records/validation/json-object.js';
import { validateText } from '../../records/validation/validate-text.js';
import type { Decision } from '../../reporting/report-status.js';
import type { Review } from '../../reporting/review/review.js';
import { BodyAbsent } from './validate-faults.js';

/** A parameter of `$review` is not there, is there twice or is of another kind. */
export class BadReview extends Fault {
  readonly code = 'bad-review';
  readonly status = 400;

  constructor(
    readonly parameter: string,
    words: string,
  ) {
    super(`The parameter ${parameter} ${words}.`);
  }
}

/** Nobody signs a report without saying which version of it they have read (RFC 6585 3). */
export class VersionRequired extends Fault {
  readonly code = 'version-required';
  readonly status = 428;

  constructor() {
    super('If-Match must name the version of the report that was read.');
  }
}

const NAMES = new Set(['decision', 'reviewer', 'organization', 'reason', 'conclusion', 'finding']);
const DECISIONS: ReadonlySet<Decision> = new Set(['accept', 'amend', 'reject']);

/**
 * What the Parameters in a body ask for: `decision` (valueCode: accept, amend, reject), `reviewer` (valueReference),
 * `organization` (valueReference), `reason`, `conclusion` (valueString), `finding` (parts `code`, valueCoding, and `present`,
 * valueBoolean), any number of it.
 * @param base  the server's own FHIR address
 * @throws BodyAbsent, MalformedJson, ResourceInvalid, BadReview, VersionRequired
 */
export function reviewFrom(request: FastifyRequest, body: unknown, base: string): Review {
  const { versions } = conditionsOf(request.headers['if-match'], undefined);
  if (versions === undefined) throw new VersionRequired();
  const version = versions.length === 1 ? versions[0] : 0; // who names several has not read one
  const parameters = parametersIn(body);
  const unknown = parameters.find(({ name }) => !NAMES.has(String(name)));
  if (unknown !== undefined) throw new BadReview('that was given', `must be one of ${[...NAMES].join(', ')}`);
  const decision = valueOf(parameters, 'decision', 'valueCode') as Decision | undefined;
  if (decision === undefined || !DECISIONS.has(decision)) throw new BadReview('decision', 'must be accept, amend or reject');
  const reviewer = referenceOf(parameters, 'reviewer', ['Practitioner', 'PractitionerRole'], base);
  if (reviewer === undefined) throw new BadReview('reviewer', 'must refer to the Practitioner who has read the report');
  return {
    decision,
    version,
    reviewer: { type: reviewer.type as Review['reviewer']['type'], id: reviewer.id },
    organization: referenceOf(parameters, 'organization', ['Organization'], base)?.id,
    reason: wordsOf(parameters, 'reason'),
    conclusion: wordsOf(parameters, 'conclusion'),
    findings: parameters.filter(({ name }) => name === 'finding').map(findingOf),
  };
}

function parametersIn(body: unknown): JsonObject[] {
  if (typeof body !== 'string' || body === '') throw new BodyAbsent();
  const { value, issues } = validateText(body);
  if (hasErrors(issues) || !isObject(value)) throw new ResourceInvalid(issues);
  if (value['resourceType'] !== 'Parameters') throw new BadReview('decision', 'must stand in a Parameters resource');
  return objectsOf(value['parameter']);
}

function valueOf(parameters: readonly JsonObject[], name: string, member: string): unknown {
  const [first, ...more] = parameters.filter((one) => one['name'] === name);
  if (more.length > 0) throw new BadReview(name, 'must be there once');
  if (first === undefined) return undefined;
  if (first[member] === undefined) throw new BadReview(name, `must have a ${member}`);
  return first[member];
}

function wordsOf(parameters: readonly JsonObject[], name: string): string | undefined {
  const words = (valueOf(parameters, name, 'valueString') as string | undefined)?.trim(); // valid: a string
  if (words === '') throw new BadReview(name, 'must say something');
  return words;
}

function referenceOf(
  parameters: readonly JsonObject[],
  name: string,
  types: readonly string[],
  base: string,
): { type: string; id: string } | undefined {
  const value = valueOf(parameters, name, 'valueReference') as JsonObject | undefined;
  if (value === undefined) return undefined;
  const literal = (value['reference'] ?? '') as string; // valid: a string
  const [, type, id] = /^([A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(literal.replace(`${base}/`, '')) ?? [];
  if (id === undefined || !types.includes(type)) throw new BadReview(name, `must refer to a ${types.join(' or ')} of this server`);
  return { type, id };
}

function findingOf({ part }: JsonObject): Review['findings'][number] {
  const parts = objectsOf(part);
  const { system, code } = (valueOf(parts, 'code', 'valueCoding') ?? {}) as { system?: string; code?: string };
  const present = valueOf(parts, 'present', 'valueBoolean') as boolean | undefined;
  if (system === undefined || code === undefined || present === undefined)
    throw new BadReview('finding', 'must have the parts code (valueCoding with system and code) and present (valueBoolean)');
  return { system, code, present };
}
