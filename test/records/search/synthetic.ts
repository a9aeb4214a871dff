import { typeDefinition, type ElementDefinition, type ElementMembers } from '../../../src/records/definitions/definitions.js';
import { searchParameters } from '../../../src/records/search/search-parameters.js';
import given from '../../../src/records/search/search-parameters.json' with { type: 'json' };
import type { Resource } from './oracle.js';
import { valueOfType } from './synthetic-values.js';

/**
 * Small resources that together have a value for every search parameter of a type, two of each: what no example has is found by
 * all the same. They are no valid R4 (they lack what must be there), and go past the validation: what is tried is the index.
 */
export function syntheticResources(type: string): Resource[] {
  const made: Draft[] = [];
  let number = 0;
  for (const variant of [0, 1])
    for (const { expressions, components, type: kind } of searchParameters(type).values())
      for (const expression of expressions) {
        if (components.length > 0 || kind === 'special') continue;
        // What is in the way of another choice goes into the next resource.
        const place = made.find((one) => put(one, type, expression, variant, number)) ?? newDraft(made, type, variant);
        if (place === made.at(-1) && place.isFresh) put(place, type, expression, variant, number);
        place.isFresh = false;
        number++;
      }
  for (const variant of [0, 1])
    for (const [place, parts] of composites(type)) {
      const draft = newDraft(made, type, variant);
      for (const part of parts) put(draft, type, `${place}.${part}`, variant, number);
      if (place !== type) for (const part of parts) put(draft, type, `${place}.${part}`, variant, number + 1, true);
      number += 2;
    }
  return made.map(({ resource }) => resource);
}

interface Draft {
  readonly resource: Resource & Record<string, unknown>;
  readonly variant: number;
  isFresh: boolean;
}

function newDraft(made: Draft[], type: string, variant: number): Draft {
  const draft = { resource: { resourceType: type, id: `s${made.length}` }, variant, isFresh: true };
  made.push(draft);
  return draft;
}

/** The places of composite parameters with what stands there. */
function* composites(type: string): Generator<readonly [place: string, parts: readonly string[]]> {
  for (const [, [, expressions, , components]] of writtenComposites(type))
    for (const place of expressions) yield [place, components.map(([, expression]) => expression.split(' | ')[0])];
}

type Written = readonly [
  type: string,
  expressions: readonly string[],
  targets: readonly string[],
  components: readonly (readonly string[])[],
];

/** Composite parameters as R4 writes them. */
export const writtenComposites = (type: string): [name: string, written: Written][] =>
  Object.entries(WRITTEN.parameters[type] ?? {}).filter(([, [kind]]) => kind === 'composite');
const WRITTEN = given as unknown as { readonly parameters: Readonly<Record<string, Readonly<Record<string, Written>>>> };

const TOKEN =
  /^\.?(?:ofType\((?<ofType>\w+)\)|where\((?<key>\w+)='(?<value>[^']*)'\)|where\(resolve\(\) is (?<target>\w+)\)|(?<name>\w+)|\[\d+\])/;

interface Step {
  readonly name: string;
  ofType?: string;
  where?: readonly [string, string];
  target?: string;
}

function stepsOf(expression: string): Step[] {
  const steps: Step[] = [];
  const path = expression.replace(/\.exists\(\).*$/, '');
  for (let rest = path.replace(/^[A-Z]\w*\.?/, ''); rest !== '';) {
    const read = TOKEN.exec(rest);
    if (read === null) throw new Error(`no path: ${expression}`);
    const { ofType, key, value, target, name } = read.groups ?? {};
    const last = steps.at(-1);
    if (name !== undefined) steps.push({ name });
    else if (last !== undefined)
      Object.assign(last, {
        ofType: ofType ?? last.ofType,
        where: key === undefined ? last.where : [key, value],
        target: target ?? last.target,
      });
    rest = rest.slice(read[0].length);
  }
  return steps;
}

/** Puts a value where an expression leads; false where something else is in its way, and nothing is changed. */
function put({ resource, variant: own }: Draft, type: string, expression: string, variant: number, number: number, again = false): boolean {
  if (own !== variant) return false;
  const steps = stepsOf(expression);
  let members: ElementMembers | undefined = typeDefinition(type)?.members;
  let at = resource as Record<string, unknown>;
  for (const [i, step] of steps.entries()) {
    const element = members?.elements.find(({ pathName }) => pathName === step.name);
    if (element === undefined) throw new Error(`no element: ${expression}`);
    const [written, code] = formOf(element, step, number);
    if (element.writtenNames.some((name) => name !== written && at[name] !== undefined)) return false;
    const isLeaf = i === steps.length - 1;
    if (isLeaf) return leaf(at, written, element, step, code, number, again);
    at = objectAt(at, written, element, step, again && i === 0);
    members = element.members ?? typeDefinition(code)?.members;
  }
  return false;
}

/** The name and type that a choice is written by: what is asked for, or one after the other. */
function formOf({ writtenNames, types }: ElementDefinition, { ofType }: Step, number: number): readonly [string, string] {
  const place = ofType === undefined ? number % types.length : types.findIndex(({ code }) => code === ofType);
  return [
    writtenNames[writtenNames.length === 1 ? 0 : place],
    types.at(writtenNames.length === 1 && ofType === undefined ? 0 : place)?.code ?? '',
  ];
}

function objectAt(
  at: Record<string, unknown>,
  written: string,
  { max }: ElementDefinition,
  { where }: Step,
  isNew: boolean,
): Record<string, unknown> {
  const fresh: Record<string, unknown> = where === undefined ? {} : { [where[0]]: where[1] };
  if (max === 1) return (at[written] ??= fresh) as Record<string, unknown>;
  const list = (at[written] ??= []) as Record<string, unknown>[];
  const there = isNew ? undefined : list.find((one) => where === undefined || one[where[0]] === where[1]);
  if (there !== undefined) return there;
  list.push(fresh);
  return fresh;
}

function leaf(
  at: Record<string, unknown>,
  written: string,
  element: ElementDefinition,
  step: Step,
  code: string,
  number: number,
  again: boolean,
): boolean {
  const targets = step.target === undefined ? (element.types.find((one) => one.code === code)?.targets ?? []) : [step.target];
  const value = valueOfType(code, { number, targets, codes: element.codes });
  const whole = step.where === undefined ? value : { ...(value as object), [step.where[0]]: step.where[1] };
  if (element.max > 1) {
    ((at[written] ??= []) as unknown[]).push(whole);
    return true;
  }
  // Another parameter has put it there: it serves, unless it refers to something else.
  if (at[written] !== undefined && !again) return step.target === undefined || JSON.stringify(at[written]).includes(`"${step.target}/`);
  at[written] = whole;
  return true;
}

/** The codes that the element is bound to that an expression leads to. */
export function bindingOf(type: string, expression: string): ElementDefinition['codes'] {
  let members: ElementMembers | undefined = typeDefinition(type)?.members;
  let codes: ElementDefinition['codes'];
  for (const step of stepsOf(expression)) {
    const element = members?.elements.find(({ pathName }) => pathName === step.name);
    codes = element?.codes;
    members = element && (element.members ?? typeDefinition(formOf(element, step, 0)[1])?.members);
  }
  return codes;
}
