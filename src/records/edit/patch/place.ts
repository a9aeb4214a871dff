import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4/index.js';
import { isBounded } from '../../bounded-path.js';
import { typeDefinition, type ElementMembers, type Member } from '../../definitions/definitions.js';
import { isObject } from '../../validation/json-object.js';
import { PatchFailed } from './faults.js';

/** Where an element lies: the names and list places that lead to it from the resource. */
export type Place = readonly (readonly [name: string, index: number | undefined])[];
export type MutableObject = Record<string, unknown>;

/** What fhirpath tells of an element that it found (its ResourceNode). */
interface Node {
  readonly propName: string | null;
  readonly index: number | null;
  readonly parentResNode: Node | null;
}

/** What finds an element, each of which takes no more time than there are elements. */
const FUNCTIONS: ReadonlySet<string> = new Set([
  'where',
  'exists',
  'not',
  'empty',
  'first',
  'last',
  'single',
  'ofType',
  'as',
  'is',
  'extension',
]);
/** The places that a FHIRPath leads to in a resource. @throws PatchFailed */
export function placesOf(resource: MutableObject, type: string, path: string): Place[] {
  if (!isBounded(path, FUNCTIONS)) throw new PatchFailed('has a path that is not evaluated here');
  // The narrative's `div` is an operator too; HL7's own patches write it without the marks that tell it apart.
  const asked = path.replace(/\.div\b/g, '.`div`');
  let found: unknown[];
  try {
    found = fhirpath.evaluate(resource, asked, {}, r4, { resolveInternalTypes: false, traceFn: () => undefined }) as unknown[];
  } catch {
    throw new PatchFailed('has a path that is no FHIRPath');
  }
  return found.map((node) => {
    if (!isObject(node) || !('parentResNode' in node)) throw new PatchFailed('has a path that leads to no element');
    return asWritten(resource, type, placeOf(node as unknown as Node));
  });
}

function placeOf({ parentResNode, propName, index }: Node): Place {
  return parentResNode === null || propName === null ? [] : [...placeOf(parentResNode), [propName, index ?? undefined]];
}

/** FHIRPath names a choice without its type: its name in JSON is the one that is there. */
function asWritten(resource: MutableObject, type: string, place: Place): Place {
  const written: (readonly [string, number | undefined])[] = [];
  for (const [name, index] of place) {
    const at = objectAt(resource, written);
    const element = membersAt(type, written)?.elements.find(({ pathName }) => pathName === name);
    const own = element?.writtenNames.find((one) => at[one] !== undefined || at[`_${one}`] !== undefined);
    written.push([own ?? name, index]);
  }
  return written;
}

/** The object at a place of a tree that is written to. */
export function objectAt(tree: MutableObject, place: Place): MutableObject {
  let at: unknown = tree;
  for (const [name, index] of place) {
    at = (at as MutableObject)[name];
    if (index !== undefined) at = (at as unknown[])[index];
  }
  if (!isObject(at)) throw new PatchFailed('has a path that leads to no element with members');
  return at;
}

/** What R4 says of the members of the element at a place. */
export function membersAt(resourceType: string, place: Place): ElementMembers | undefined {
  let members = typeDefinition(resourceType)?.members;
  for (const [name] of place) {
    const member: Member | undefined = members?.byName.get(name);
    members = member?.element.members ?? typeDefinition(member?.type?.code ?? '')?.members;
  }
  return members;
}
