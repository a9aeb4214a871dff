import { typeDefinition, type ElementMembers } from './definitions/definitions.js';
import { exactJson } from './edit/exact-json.js';
import { BadSearchParameter } from './search/faults.js';
import { isObject, type JsonObject } from './validation/json-object.js';

/** A part of a resource that is asked for instead of the whole (R4 search.html#summary, #elements). */
export type Subset = { readonly kind: 'summary' | 'text' | 'data' } | { readonly kind: 'elements'; readonly names: ReadonlySet<string> };

const SUMMARIES = { true: 'summary', text: 'text', data: 'data' } as const;

/** The part of resources that a query asks for; undefined: the whole. @throws BadSearchParameter */
export function subsetAsked(parameters: readonly (readonly [string, string])[]): Subset | undefined {
  const valueOf = (asked: string): string | undefined => parameters.find(([name]) => name === asked)?.[1];
  const [summary, elements] = [valueOf('_summary'), valueOf('_elements')];
  if (summary !== undefined && summary !== 'false' && summary !== 'count' && !Object.hasOwn(SUMMARIES, summary))
    throw new BadSearchParameter('_summary', 'must be true, text, data, count or false');
  if (elements !== undefined)
    return { kind: 'elements', names: new Set(elements.split(',').map((name) => name.replace(/^[A-Z]\w*\./, ''))) };
  if (summary === undefined || summary === 'false' || summary === 'count') return undefined;
  return { kind: SUMMARIES[summary as keyof typeof SUMMARIES] };
}

const SUBSETTED = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };
const ALWAYS: ReadonlySet<string> = new Set(['resourceType', 'id', 'meta']);

/**
 * The part of a resource's text that is asked for, tagged as one, so that nobody stores it as the whole. What R4 makes mandatory
 * stays, and what a primitive's extensions say goes with it.
 */
export function subsetText(content: string, subset: Subset): string {
  const resource = exactJson(content, JSON.parse(content)) as JsonObject;
  const members = typeDefinition(String(resource['resourceType']))?.members;
  const kept = members === undefined ? resource : subsetOf(resource, members, subset);
  const meta = (resource['meta'] ?? {}) as JsonObject;
  const tags = Array.isArray(meta['tag']) ? (meta['tag'] as unknown[]) : [];
  const { resourceType, id, meta: _, ...rest } = kept;
  return JSON.stringify({ resourceType, id, meta: { ...meta, tag: [...tags, SUBSETTED] }, ...rest });
}

function subsetOf(resource: JsonObject, members: ElementMembers, subset: Subset): JsonObject {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(resource)) {
    const member = members.byName.get(name.replace(/^_/, ''));
    const mandatory = (member?.element.min ?? 0) > 0;
    if (ALWAYS.has(name) || mandatory || wanted(name, member?.element, subset))
      kept[name] = subset.kind === 'summary' ? summaryOf(value, member?.element.members) : value;
  }
  return kept;
}

function wanted(name: string, element: { readonly pathName: string; readonly isSummary: boolean } | undefined, subset: Subset): boolean {
  switch (subset.kind) {
    case 'summary':
      return element?.isSummary ?? false;
    case 'text':
      return name === 'text';
    case 'data':
      return name !== 'text';
    case 'elements':
      return element !== undefined && subset.names.has(element.pathName);
  }
}

/** Within a part that a resource has of its own (contact, component), those of its members that a summary has. */
function summaryOf(value: unknown, members: ElementMembers | undefined): unknown {
  if (members === undefined) return value;
  if (Array.isArray(value)) return value.map((one: unknown) => summaryOf(one, members));
  if (!isObject(value)) return value;
  return subsetOf(value, members, { kind: 'summary' });
}
