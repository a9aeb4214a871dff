import { typeDefinition, type ElementMembers } from '../../definitions/definitions.js';
import { isObject, objectsOf, type JsonObject } from '../../validation/json-object.js';
import { draftOfValue } from '../draft.js';
import type { Patch } from '../edit.js';
import { exactJson } from '../exact-json.js';
import { PatchFailed } from './faults.js';
import { membersAt, objectAt, placesOf, type MutableObject, type Place } from './place.js';

const MOST_OPERATIONS = 1_000;
/** Operations by characters of the resource: each looks at the whole. About a second. */
const MOST_WORK = 48 * 1024 * 1024;

/** An operation's parts by name; several of a name stay several. */
type Parts = ReadonlyMap<string, JsonObject>;

/**
 * A FHIRPath Patch (R4 fhirpatch.html): Parameters whose operations add, insert, delete, replace or move elements, one after
 * another. @param parameters  with the digits of its numbers (exactJson). @throws PatchFailed
 */
export function fhirPathPatch(parameters: JsonObject, base?: string): Patch {
  const operations = objectsOf(parameters['parameter']);
  if (operations.length > MOST_OPERATIONS) throw new PatchFailed(`has more than ${MOST_OPERATIONS} operations`);
  return (content, type) => {
    if (operations.length * content.length > MOST_WORK)
      throw new PatchFailed('is too much work: fewer operations at a time are taken for so long a resource');
    const tree = exactJson(content, JSON.parse(content)) as MutableObject;
    applyFhirPathOperations(tree, operations, type);
    return draftOfValue(tree, type, base);
  };
}

/** Changes a resource by the operations of a FHIRPath Patch, in place; half of it where one fails. @throws PatchFailed */
export function applyFhirPathOperations(tree: MutableObject, operations: readonly JsonObject[], type: string): void {
  for (const [i, operation] of operations.entries()) {
    if (operation['name'] !== 'operation') throw new PatchFailed(`has a parameter that is no operation in place ${i}`);
    apply(tree, new Map(objectsOf(operation['part']).map((part) => [String(part['name']), part])), type);
  }
}

function apply(tree: MutableObject, parts: Parts, type: string): void {
  const [kind, path] = [textOf(parts, 'type'), textOf(parts, 'path')];
  const places = placesOf(JSON.parse(JSON.stringify(tree)) as MutableObject, type, path);
  switch (kind) {
    case 'add':
      return add(tree, one(places), type, parts);
    case 'insert': {
      const value = valueOf(parts, members(type, places), lastName(places));
      listAt(tree, places)((list, isValues) => list.splice(wholeOf(parts, 'index', places.length), 0, isValues ? value : null));
      return;
    }
    case 'delete':
      if (places.length > 0) remove(tree, one(places));
      return;
    case 'replace':
      return replace(tree, one(places), type, parts);
    case 'move':
      listAt(
        tree,
        places,
      )((list) => {
        const [moved] = list.splice(wholeOf(parts, 'source', list.length - 1), 1);
        list.splice(wholeOf(parts, 'destination', list.length), 0, moved);
      });
      return;
    default:
      throw new PatchFailed('has an operation that is none of add, insert, delete, replace and move');
  }
}

function one(places: readonly Place[]): Place {
  if (places.length !== 1) throw new PatchFailed(`has a path that leads to ${places.length === 0 ? 'nothing' : 'more than one element'}`);
  return places[0];
}

const members = (type: string, places: readonly Place[]): ElementMembers | undefined => membersAt(type, (places.at(0) ?? []).slice(0, -1));
const lastName = (places: readonly Place[]): string => places.at(0)?.at(-1)?.[0] ?? '';

/**
 * The list that all of the places lie in, to be changed: of primitives twice, with what their extensions say, which stands in a
 * list beside them (R4 json.html#primitive).
 */
function listAt(tree: MutableObject, places: readonly Place[]): (change: (list: unknown[], isValues: boolean) => void) => void {
  const [first] = places;
  if (first === undefined || first.length === 0) throw new PatchFailed('has a path that leads to no list');
  const at = objectAt(tree, first.slice(0, -1));
  const name = lastName(places);
  const [list, beside] = [at[name], at[`_${name}`]];
  if (!Array.isArray(list) || list.length !== places.length) throw new PatchFailed('has a path that leads to no list, or to a part of one');
  return (change) => {
    if (Array.isArray(beside)) {
      while (beside.length < places.length) beside.push(null);
      change(beside, false);
    }
    change(list as unknown[], true);
  };
}

function add(tree: MutableObject, place: Place, type: string, parts: Parts): void {
  const at = objectAt(tree, place);
  const own = membersAt(type, place);
  const asked = textOf(parts, 'name');
  const { name, isList } = writtenName(own, asked, parts.get('value'));
  const value = valueOf(parts, own, name);
  if (!isList) at[name] = value;
  else {
    const [list, beside] = [at[name], at[`_${name}`]].map((one) => (Array.isArray(one) ? (one as unknown[]) : []));
    // What has only extensions stands as null among the values.
    while (list.length < beside.length) list.push(null);
    at[name] = [...list, value];
    if (beside.length > 0) at[`_${name}`] = [...beside, ...Array.from({ length: list.length + 1 - beside.length }, () => null)];
  }
}

/** An element goes with what its extensions say; the last of a list, or of an element's members, takes that with it. */
function remove(tree: MutableObject, place: Place): void {
  const last = place.at(-1);
  if (last === undefined) throw new PatchFailed('would delete the whole resource');
  const at = objectAt(tree, place.slice(0, -1));
  const [name, index] = last;
  for (const key of [name, `_${name}`]) {
    const value = at[key];
    if (index === undefined || !Array.isArray(value)) delete at[key];
    else if (value.length <= 1) delete at[key];
    else value.splice(index, 1);
  }
  if (place.length > 1 && Object.keys(at).length === 0) remove(tree, place.slice(0, -1));
}

function replace(tree: MutableObject, place: Place, type: string, parts: Parts): void {
  const last = place.at(-1);
  if (last === undefined) throw new PatchFailed('would replace the whole resource');
  const [before, index] = last;
  const at = objectAt(tree, place.slice(0, -1));
  const own = membersAt(type, place.slice(0, -1));
  const element = own?.byName.get(before)?.element;
  const { name } = writtenName(own, element?.pathName ?? before, parts.get('value'));
  const value = valueOf(parts, own, name);
  if (index !== undefined) (at[name] as unknown[])[index] = value;
  else {
    if (name !== before) remove(tree, place);
    at[name] = value;
  }
}

/** An element's name in JSON: of a choice, with the type of the value that it gets. */
function writtenName(own: ElementMembers | undefined, asked: string, value: JsonObject | undefined): { name: string; isList: boolean } {
  const element = own?.elements.find(({ pathName, writtenNames }) => pathName === asked || writtenNames.includes(asked));
  if (element === undefined) throw new PatchFailed('names an element that there is not');
  const written = Object.keys(value ?? {}).find((key) => key.startsWith('value'));
  const name = element.writtenNames.length === 1 ? element.writtenNames[0] : `${element.pathName}${(written ?? '').slice('value'.length)}`;
  if (!element.writtenNames.includes(name)) throw new PatchFailed('has a value of a type that the element cannot have');
  return { name, isList: element.max > 1 };
}

/** The value of an operation: as it is, or put together of parts where its type has no name (R4 fhirpatch.html#concept). */
function valueOf(parts: Parts, own: ElementMembers | undefined, name: string): unknown {
  const part = parts.get('value');
  if (part === undefined) throw new PatchFailed('has an operation without a value');
  return partValue(part, own, name);
}

function partValue(part: JsonObject, own: ElementMembers | undefined, name: string): unknown {
  const written = Object.entries(part).find(([key]) => /^value[A-Z]/.test(key));
  if (written !== undefined) return written[1];
  if (isObject(part['resource'])) return part['resource'];
  const member = own?.byName.get(name);
  const within = member?.element.members ?? typeDefinition(member?.type?.code ?? '')?.members;
  const made: MutableObject = {};
  for (const inner of objectsOf(part['part'])) {
    const { name: key, isList } = writtenName(within, String(inner['name']), inner);
    const value = partValue(inner, within, key);
    if (isList) made[key] = [...((made[key] as unknown[] | undefined) ?? []), value];
    else made[key] = value;
  }
  return made;
}

function textOf(parts: Parts, name: string): string {
  const { valueString, valueCode } = parts.get(name) ?? {};
  const text = valueString ?? valueCode;
  if (typeof text !== 'string') throw new PatchFailed(`has an operation without a ${name}`);
  return text;
}

function wholeOf(parts: Parts, name: string, most: number): number {
  const { valueInteger } = parts.get(name) ?? {};
  if (typeof valueInteger !== 'number' || !Number.isInteger(valueInteger) || valueInteger < 0 || valueInteger > most)
    throw new PatchFailed(`has an operation whose ${name} is outside of its list`);
  return valueInteger;
}
