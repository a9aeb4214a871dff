import { typeDefinition } from '../definitions/definitions.js';
import type { JsonObject } from './json-object.js';

/** A resource's own type and id at the end of a reference, with or without base and version. */
const LITERAL = /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9.-]{1,64}(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/;

/** Resources beside the one at hand: contained in it, or of its Bundle. */
export interface Neighbours {
  readonly contained: readonly JsonObject[];
  /** Of the Bundle it is in, by fullUrl. */
  readonly byFullUrl: ReadonlyMap<string, JsonObject>;
}

const typeNameOf = (resource: JsonObject | undefined): string | undefined => {
  const name = resource?.['resourceType'];
  return typeof name === 'string' ? name : undefined;
};

/** The type that a reference points to; undefined where it can't be told. */
export function referredType(reference: JsonObject, { contained, byFullUrl }: Neighbours): string | undefined {
  const { type, reference: literal } = reference;
  if (typeof literal === 'string') {
    if (literal.startsWith('#')) return typeNameOf(contained.find(({ id }) => id === literal.slice(1)));
    const inBundle = byFullUrl.get(literal);
    if (inBundle !== undefined) return typeNameOf(inBundle);
    const name = LITERAL.exec(literal)?.[1] ?? /^([A-Z][A-Za-z]+)\?/.exec(literal)?.[1]; // or a conditional one
    if (name !== undefined && typeDefinition(name)?.kind === 'resource') return name;
  }
  return typeof type === 'string' ? type : undefined;
}

/** A resource's own type and id, with or without a version, and nothing before them. */
const RELATIVE = /^([A-Z][A-Za-z]+)\/[A-Za-z0-9.-]{1,64}(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/;

/** The type that a relative reference (R4 references.html#literal) names, whether there is such a one; undefined where it is none. */
export const relativeType = (reference: string): string | undefined => RELATIVE.exec(reference)?.[1];

/** Whether a relative reference is of a type that R4 does not have: it can lead nowhere, on any server. */
export function namesNoType({ reference }: JsonObject): boolean {
  const name = typeof reference === 'string' ? relativeType(reference) : undefined;
  return name !== undefined && typeDefinition(name)?.kind !== 'resource';
}
