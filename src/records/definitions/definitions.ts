import definitions from './fhir-r4.json' with { type: 'json' };

/** What R4 says of one element of a type. */
export interface ElementDefinition {
  /** As R4 writes it: `value[x]` where its type is part of the name in JSON. */
  readonly name: string;
  /** As FHIRPath names it: `value`. */
  readonly pathName: string;
  /** The names that it may have in JSON. */
  readonly writtenNames: readonly string[];
  readonly min: number;
  /** Infinity: any number, as a list. */
  readonly max: number;
  readonly types: readonly TypeReference[];
  /** Members of an element that has no type of its own (BackboneElement). */
  readonly members: ElementMembers | undefined;
  /** Codes by system that it may have; undefined where it is not bound, or to no list. */
  readonly codes: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  readonly rules: readonly Rule[];
  readonly fixed: unknown;
  /** Part of a summary (R4 search.html#summary). */
  readonly isSummary: boolean;
}

export interface TypeReference {
  readonly code: string;
  /** Types that a reference may point to; empty: any. */
  readonly targets: readonly string[];
}

/** An invariant: a FHIRPath expression that must be true of the element it stands at. */
export interface Rule {
  readonly key: string;
  readonly expression: string;
  readonly human: string;
}

/** A member as it is written: of `value[x]` one for each type. */
export interface Member {
  readonly element: ElementDefinition;
  readonly type: TypeReference | undefined;
}

export interface ElementMembers {
  readonly elements: readonly ElementDefinition[];
  readonly byName: ReadonlyMap<string, Member>;
}

export interface TypeDefinition {
  readonly name: string;
  readonly kind: 'primitive-type' | 'complex-type' | 'resource';
  readonly isAbstract: boolean;
  readonly members: ElementMembers;
  readonly rules: readonly Rule[];
}

interface More {
  readonly same?: string;
  readonly codes?: string;
  readonly rules?: readonly string[];
  readonly fixed?: unknown;
  readonly summary?: boolean;
}

type WrittenType = string | readonly [string, readonly string[]];
type WrittenElement = readonly [path: string, min: number, max: number, types: readonly WrittenType[], more?: More];
interface Written {
  readonly types: Readonly<Record<string, readonly [kind: TypeDefinition['kind'], base: string, elements: readonly WrittenElement[]]>>;
  readonly rules: Readonly<Record<string, readonly [expression: string, human: string]>>;
  readonly valueSets: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** Its shape is that of scripts/generate-fhir-definitions.mjs. */
const WRITTEN = definitions as unknown as Written;
const ABSTRACT = new Set(['Resource', 'DomainResource', 'Element', 'BackboneElement']);

const typesByName = new Map<string, TypeDefinition>();
const valueSetsByUrl = new Map<string, ElementDefinition['codes']>();

/** A type of R4 by its name; undefined where there is none. Made when it is first asked for. */
export function typeDefinition(name: string): TypeDefinition | undefined {
  const known = typesByName.get(name);
  if (known !== undefined || !Object.hasOwn(WRITTEN.types, name)) return known;
  const made = typeOf(name);
  typesByName.set(name, made);
  return made;
}

/** The names of all types that resources may have. */
export const RESOURCE_TYPES: readonly string[] = Object.entries(WRITTEN.types).flatMap(([name, [kind]]) =>
  kind === 'resource' && !ABSTRACT.has(name) ? [name] : [],
);

/** A resource type by its name, one that resources may have; undefined where there is none. */
export function resourceDefinition(name: string): TypeDefinition | undefined {
  const type = typeDefinition(name);
  return type?.kind === 'resource' && !type.isAbstract ? type : undefined;
}

function typeOf(name: string): TypeDefinition {
  const [kind, , elements] = WRITTEN.types[name];
  const [, , , , more] = elements[0];
  const below = new Map<string, WrittenElement[]>();
  for (const element of elements.slice(1)) {
    const parent = element[0].slice(0, Math.max(0, element[0].lastIndexOf('.')));
    below.set(parent, [...(below.get(parent) ?? []), element]);
  }
  const membersByPath = new Map<string, ElementMembers>();
  return { name, kind, isAbstract: ABSTRACT.has(name), members: membersAt(''), rules: rulesOf(more?.rules) };

  function membersAt(path: string): ElementMembers {
    const known = membersByPath.get(path);
    if (known !== undefined) return known;
    const [made, byName] = [[] as ElementDefinition[], new Map<string, Member>()];
    const members = { elements: made, byName };
    membersByPath.set(path, members); // before its own members: an element may have the form of one above it
    for (const element of below.get(path) ?? []) {
      const definition = elementOf(element);
      made.push(definition);
      // Of several names each has its own type; of one, the first is the element's.
      definition.writtenNames.forEach((written, i) => byName.set(written, { element: definition, type: definition.types.at(i) }));
    }
    return members;
  }

  function elementOf([path, min, max, types, { same, codes, rules, fixed, summary } = {}]: WrittenElement): ElementDefinition {
    const formOf = same?.slice(name.length + 1) ?? path;
    const own = path.slice(path.lastIndexOf('.') + 1);
    const typed = types.map((one) => (typeof one === 'string' ? { code: one, targets: [] } : { code: one[0], targets: one[1] }));
    const pathName = own.replace(/\[x\]$/, '');
    return {
      name: own,
      pathName,
      writtenNames: own === pathName ? [own] : typed.map(({ code }) => pathName + code[0].toUpperCase() + code.slice(1)),
      min,
      max: max === -1 ? Infinity : max,
      types: typed,
      members: below.has(formOf) ? membersAt(formOf) : undefined,
      codes: codes === undefined ? undefined : valueSet(codes),
      rules: rulesOf(rules),
      fixed,
      isSummary: summary ?? false,
    };
  }
}

const rulesOf = (keys: readonly string[] = []): Rule[] =>
  keys.map((name) => ({ key: name.split('@')[0], expression: WRITTEN.rules[name][0], human: WRITTEN.rules[name][1] }));

function valueSet(url: string): ElementDefinition['codes'] {
  if (!valueSetsByUrl.has(url) && Object.hasOwn(WRITTEN.valueSets, url)) {
    const codes = Object.entries(WRITTEN.valueSets[url]).map(([system, own]) => [system, new Set(own)] as const);
    valueSetsByUrl.set(url, new Map(codes));
  }
  return valueSetsByUrl.get(url);
}

/** The codes of a value set of R4's, by system; undefined where it is not known, or is no list. */
export const valueSetCodes = (url: string): ElementDefinition['codes'] => valueSet(url);
