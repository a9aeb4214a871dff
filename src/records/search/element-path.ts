import { typeDefinition, type ElementDefinition, type ElementMembers } from '../definitions/definitions.js';

/** A value that a path leads to, with what R4 says of its place. */
export interface Found {
  readonly value: unknown;
  /** R4's name of its type; that of the resource itself where it is one. */
  readonly type: string;
  readonly members: ElementMembers | undefined;
  /** Codes by system that its element is bound to. */
  readonly codes: ElementDefinition['codes'];
}

export type Step = (found: readonly Found[]) => readonly Found[];
/** Leads from a resource, or an element within, to the values that a search parameter looks at. */
export type ElementPath = (from: Found) => readonly Found[];

/** The resource itself, where every path begins. */
export const theResource = (resource: { readonly resourceType: string }): Found => ({
  value: resource,
  type: resource.resourceType,
  members: typeDefinition(resource.resourceType)?.members,
  codes: undefined,
});

const STEP =
  /^(?:\.?(?:ofType\((?<ofType>\w+)\)|where\((?<key>\w+)='(?<value>[^']*)'\)|where\(resolve\(\) is (?<target>\w+)\)|(?<name>[a-z]\w*))|\[(?<index>\d+)\])/i;
const TRUE_UNLESS_FALSE = /^(?<path>[\w.]+)\.exists\(\) and \k<path> != false$/;

/**
 * The part of FHIRPath that R4's search parameters are written in, as a plain function: members, `ofType(T)`,
 * `where(member='text')`, `where(resolve() is T)` (told by the reference's own words: nothing is fetched), `[n]`, and
 * "is there and is not false". A leading type name is the resource itself. Throws where an expression is of another form.
 */
export function elementPath(expression: string): ElementPath {
  const steps = stepsOf(expression).map(({ step }) => step);
  return (from) => steps.reduce<readonly Found[]>((found, step) => (found.length === 0 ? found : step(found)), [from]);
}

/** Its steps one by one; those of one key are the same. Throws as elementPath. */
export function stepsOf(expression: string): { readonly key: string; readonly step: Step }[] {
  const present = TRUE_UNLESS_FALSE.exec(expression)?.groups?.['path'];
  if (present !== undefined) return [{ key: expression, step: presence(elementPath(present)) }];
  const steps: { key: string; step: Step }[] = [];
  for (let rest = expression.replace(/^[A-Z]\w*\.?/, ''); rest !== '';) {
    const read = STEP.exec(rest);
    if (read === null) throw new Error(`not a search parameter's path: ${expression}`);
    steps.push({ key: read[0].replace(/^\./, ''), step: stepOf(read.groups ?? {}) });
    rest = rest.slice(read[0].length);
  }
  return steps;
}

const presence =
  (path: ElementPath): Step =>
  ([from]) => [{ value: path(from).some(({ value }) => value !== false), type: 'boolean', members: undefined, codes: undefined }];

function stepOf({ ofType, key, value, target, name, index }: Readonly<Record<string, string | undefined>>): Step {
  if (ofType !== undefined) return (found) => found.filter(({ type }) => type === ofType);
  if (key !== undefined) return (found) => found.filter((one) => memberOf(one, key).some((member) => member.value === value));
  if (target !== undefined) return (found) => found.filter((one) => referredType(one.value) === target);
  if (index !== undefined) return (found) => found.slice(Number(index), Number(index) + 1);
  const member = name ?? '';
  return (found) => (found.length === 1 ? memberOf(found[0], member) : found.flatMap((one) => memberOf(one, member)));
}

/** The type that a reference says it is of: by its `type`, or by its address. */
function referredType(value: unknown): string | undefined {
  const { type, reference } = (value ?? {}) as { type?: unknown; reference?: unknown };
  const named =
    typeof reference === 'string'
      ? /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[^/]+)?$/.exec(reference)?.[1]
      : undefined;
  return named ?? (typeof type === 'string' ? type : undefined);
}

function memberOf({ value, members }: Found, name: string): readonly Found[] {
  const element = members && elementsOf(members).get(name);
  if (element === undefined || typeof value !== 'object' || value === null) return [];
  const found: Found[] = [];
  for (const [i, written] of element.writtenNames.entries()) {
    const given = (value as Record<string, unknown>)[written];
    if (given === undefined) continue;
    const { code } = element.types.at(i) ?? { code: '' };
    if (Array.isArray(given)) for (const one of given as unknown[]) found.push(placed(one, code, element));
    else found.push(placed(given, code, element));
  }
  return found;
}

function placed(value: unknown, code: string, element: ElementDefinition): Found {
  const { resourceType } = (value ?? {}) as { resourceType?: unknown };
  const type = code === 'Resource' && typeof resourceType === 'string' ? resourceType : code;
  return { value, type, members: element.members ?? typeDefinition(type)?.members, codes: element.codes };
}

const elementsByName = new WeakMap<ElementMembers, ReadonlyMap<string, ElementDefinition>>();

function elementsOf(members: ElementMembers): ReadonlyMap<string, ElementDefinition> {
  const known = elementsByName.get(members);
  if (known !== undefined) return known;
  const made = new Map(members.elements.map((element) => [element.pathName, element]));
  elementsByName.set(members, made);
  return made;
}
