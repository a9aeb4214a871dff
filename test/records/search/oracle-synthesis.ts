import {
  typeDefinition,
  type ElementDefinition,
  type ElementMembers,
  type TypeReference,
} from '../../../src/records/definitions/definitions.js';
import { hasErrors } from '../../../src/records/validation/issue.js';
import { validateResource } from '../../../src/records/validation/validate-resource.js';
import { searchParameters, type SearchParameter } from '../../../src/records/search/search-parameters.js';
import { partsOf, type Members, type Resource } from './oracle-query.js';
import { ALONE, NEIGHBOURS, samplesOf } from './oracle-samples.js';

/**
 * Small resources that have, between them, each kind of value that each parameter of a type is found by: for every expression and
 * every type of the element that it leads to, what stands there and what R4 asks of its neighbours, and no more.
 */
export function syntheticResources(type: string): Resource[] {
  const made = new Map<string, Members>();
  for (const parameter of searchParameters(type).values())
    for (const expression of parameter.expressions)
      for (const resource of resourcesAt(type, expression, parameter)) made.set(JSON.stringify(resource), resource);
  return [...made.values()]
    .map((resource, i) => ({ ...resource, resourceType: type, id: `synthetic-${i}` }))
    .filter((resource) => !hasErrors(validateResource(resource))); // a few values of a type fit no invariant of their place
}

/** The n-th value of an element, under the name that JSON has for its type. */
interface Alternative {
  readonly written: string;
  readonly isList: boolean;
  readonly isAlone?: boolean;
  readonly count: number;
  readonly value: (n: number) => unknown;
}

interface Step {
  readonly name: string;
  readonly ofType?: string;
  readonly target?: string;
  readonly where?: readonly [key: string, value: string];
}

const STEP = /(\w+)((?:\.ofType\(\w+\)|\.where\([^()]*(?:\(\))?[^()]*\)|\[\d\])*)\.?/g;

function stepsOf(expression: string): Step[] {
  const path = expression.replace(/\.exists\(\) and .*$/, '').replace(/^[A-Z]\w*\.?/, '');
  return [...path.matchAll(STEP)].map(([, name, qualifiers]) => {
    const [, ofType] = /ofType\((\w+)\)/.exec(qualifiers) ?? [];
    const [, target] = /resolve\(\) is (\w+)/.exec(qualifiers) ?? [];
    const [, key, value] = /where\((\w+)='([^']*)'\)/.exec(qualifiers) ?? [];
    return { name, ofType, target, ...(key !== undefined && { where: [key, value] as const }) };
  });
}

function resourcesAt(type: string, expression: string, parameter: SearchParameter): Members[] {
  const { targets } = parameter;
  const components = partsOf(parameter);
  const members = (typeDefinition(type) as { members: ElementMembers }).members;
  const steps = stepsOf(expression);
  if (components.length === 0) return alternatives(type, members, steps, targets).flatMap((one) => spread(type, members, [one]));
  const place = (path: string, at: ElementMembers): Alternative[][] =>
    components
      .map(([, given]) => given.split(' | ').flatMap((part) => alternatives(path, at, stepsOf(part), [])))
      .reduce<Alternative[][]>((all, part) => all.flatMap((before) => part.map((one) => [...before, one])), [[]]);
  if (steps.length === 0) return place(type, members).flatMap((parts) => spread(type, members, parts));
  const [{ name }] = steps;
  const element = elementOf(members, name);
  const within = membersOf(element, element.types[0]) as ElementMembers;
  return place(`${type}.${name}`, within).flatMap((parts) => {
    const at = (n: number): Members =>
      completed(`${type}.${name}`, within, Object.fromEntries(parts.map((part) => [part.written, valueOf(part, n)])));
    return spread(type, members, [{ written: name, isList: true, count: Math.max(...parts.map(({ count }) => count)), value: at }]);
  });
}

/** Resources that have the first, the second … value of all these elements. */
function spread(type: string, members: ElementMembers, parts: readonly Alternative[]): Members[] {
  return Array.from({ length: Math.max(...parts.map(({ count }) => count)) }, (_, n) =>
    completed(type, members, Object.fromEntries(parts.map((part) => [part.written, valueOf(part, n)]))),
  );
}

/** Where there may be several, this one and the next. */
const valueOf = ({ isList, isAlone, count, value }: Alternative, n: number): unknown =>
  !isList ? value(n) : count === 1 || isAlone === true ? [value(n)] : [value(n), value(n + 1)];

const elementOf = ({ elements }: ElementMembers, name: string): ElementDefinition =>
  elements.find(({ pathName }) => pathName === name) as ElementDefinition;

const membersOf = (element: ElementDefinition, { code }: TypeReference): ElementMembers | undefined =>
  element.members ?? typeDefinition(code)?.members;

function alternatives(from: string, members: ElementMembers, [step, ...rest]: readonly Step[], targets: readonly string[]): Alternative[] {
  const { name, ofType, target, where } = step;
  const element = elementOf(members, name);
  const path = `${from}.${name}`;
  const types: readonly TypeReference[] = element.types.length === 0 ? [{ code: 'BackboneElement', targets: [] }] : element.types;
  return types.flatMap((type, i) => {
    if (ofType !== undefined && type.code !== ofType) return [];
    const own = { written: element.writtenNames[i] ?? element.writtenNames[0], isList: element.max > 1, isAlone: ALONE.has(path) };
    if (type.code === 'Resource')
      return [{ ...own, count: 2, value: (n: number) => ({ ...resourceOf(targets[0]), resourceType: targets[0], id: `id-${n % 2}` }) }];
    const within = membersOf(element, type);
    const whole = (value: Members): Members =>
      completed(path, within as ElementMembers, { ...value, ...(where && { [where[0]]: where[1] }) });
    if (rest.length > 0)
      return alternatives(path, within as ElementMembers, rest, targets).map((one) => ({
        ...own,
        count: one.count,
        value: (n: number) => whole({ [one.written]: valueOf(one, n) }),
      }));
    const samples = samplesOf(element, type, target);
    if (samples.length === 0) return [{ ...own, count: 1, value: () => whole({}) }];
    return [
      {
        ...own,
        count: samples.length,
        value: (n: number) => {
          const sample = samples[n % samples.length];
          return where ? whole(sample as Members) : sample;
        },
      },
    ];
  });
}

const resourceOf = (type: string): Members => completed(type, (typeDefinition(type) as { members: ElementMembers }).members, {});

/** With what R4 asks for and is not there yet. */
function completed(path: string, { elements }: ElementMembers, given: Members): Members {
  const whole = { ...NEIGHBOURS[path], ...given };
  const missing = elements.filter(({ min, writtenNames }) => min > 0 && !writtenNames.some((name) => name in whole));
  return { ...whole, ...Object.fromEntries(missing.map((element) => [element.writtenNames[0], least(path, element)])) };
}

function least(from: string, element: ElementDefinition): unknown {
  const type = element.types.at(0) ?? { code: 'BackboneElement', targets: [] };
  const [sample] = element.fixed === undefined ? samplesOf(element, type) : [element.fixed];
  const value = sample ?? completed(`${from}.${element.pathName}`, membersOf(element, type) as ElementMembers, {});
  return element.max > 1 ? [value] : value;
}
