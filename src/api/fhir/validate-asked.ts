import type { FastifyRequest } from 'fastify';
import { BadSearchParameter } from '../../records/search/faults.js';
import type { Issue } from '../../records/validation/issue.js';
import { isObject, objectsOf, type JsonObject } from '../../records/validation/json-object.js';
import { validateText } from '../../records/validation/validate-text.js';
import { queryPairs } from './answer.js';

/** What is meant to be done with the resource; each is checked as the interaction itself would be. */
export type ValidationMode = 'create' | 'update' | 'delete';
const MODES: ReadonlySet<string> = new Set<ValidationMode>(['create', 'update', 'delete']);

/** What `$validate` is asked (R4 resource-operation-validate.html). */
export interface ValidationAsked {
  /** Undefined: there is none in the body. */
  readonly resource: JsonObject | undefined;
  /** FHIRPath of the resource, as the outcome names it. */
  readonly place: string;
  /** What is wrong with the body against R4 and the profiles that the resource declares. */
  readonly issues: readonly Issue[];
  /** Canonicals of further profiles that it must hold. */
  readonly profiles: readonly string[];
  readonly mode: ValidationMode | undefined;
}

/**
 * Reads the query and the body, a resource or Parameters with `resource`, `mode`, `profile`; of Parameters all that is wrong with
 * them is told, the resource's places as they are within. @param type  of the address. @throws MalformedJson, BadSearchParameter
 */
export function validationAsked(request: FastifyRequest, type: string, text: string): ValidationAsked {
  const inQuery = (name: string): string[] => queryPairs(request).flatMap(([one, value]) => (one === name ? [value] : []));
  if (text === '')
    return { resource: undefined, place: type, issues: [], profiles: inQuery('profile'), mode: modeOf(inQuery('mode').at(0)) };
  const { value, issues } = validateText(text);
  const given = isObject(value) ? value : {};
  if (type === 'Parameters' || given['resourceType'] !== 'Parameters')
    return { resource: given, place: type, issues, profiles: inQuery('profile'), mode: modeOf(inQuery('mode').at(0)) };
  const named = (name: string) => objectsOf(given['parameter']).find((one) => one['name'] === name) ?? {};
  const said = (name: string): string[] =>
    Object.entries(named(name)).flatMap(([key, one]) => (key.startsWith('value') && typeof one === 'string' ? [one] : []));
  const { resource } = named('resource');
  return {
    resource: isObject(resource) ? resource : undefined,
    place: 'Parameters.parameter.resource',
    issues,
    profiles: [...inQuery('profile'), ...said('profile')],
    mode: modeOf([...said('mode'), ...inQuery('mode')].at(0)),
  };
}

function modeOf(given: string | undefined): ValidationMode | undefined {
  if (given === undefined || given === 'profile') return undefined; // what R5 calls to check nothing else
  if (!MODES.has(given)) throw new BadSearchParameter('mode', `must be ${[...MODES].join(', ')}`);
  return given as ValidationMode;
}
