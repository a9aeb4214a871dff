import { Kind, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';
import { typeDefinition } from '../definitions/definitions.js';
import { searchParameters } from '../search/search-parameters.js';

type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

const known = new Map<string, ReadonlyMap<string, number>>();

/** Of each reference of a type by its name the number of the parameter that has it, and nothing else, in the index. */
function parametersOf(type: string): ReadonlyMap<string, number> {
  let found = known.get(type);
  if (found === undefined) {
    const whole = [...searchParameters(type).values()].filter(
      (one) => one.type === 'reference' && one.expressions.length === 1 && /^\w+\.\w+$/.test(one.expressions[0]),
    );
    found = new Map(whole.map(({ expressions: [path], numbers }) => [path.slice(path.indexOf('.') + 1), numbers.own]));
    known.set(type, found);
  }
  return found;
}

/**
 * The parameters by which a query follows references of a resource, in whatever it asks of it: `subject { resource { … } }` and the
 * like, that come whatever the resource says. What these lead to is read together with it.
 */
export function followedParameters(type: string, sets: readonly (SelectionSetNode | undefined)[], fragments: Fragments): number[] {
  const parameters = parametersOf(type);
  const members = typeDefinition(type)?.members.byName;
  const found = new Set<number>();
  const look = (set: SelectionSetNode | undefined): void => {
    for (const one of set?.selections ?? []) {
      if (one.directives !== undefined && one.directives.length > 0) continue; // it may be left out
      if (one.kind === Kind.FIELD) {
        const number = parameters.get(one.name.value);
        const isReference = members?.get(one.name.value)?.type?.code === 'Reference';
        if (number !== undefined && isReference && isWhole(one.arguments) && follows(one.selectionSet)) found.add(number);
      } else {
        const fragment = one.kind === Kind.FRAGMENT_SPREAD ? fragments[one.name.value] : one;
        if (fragment !== undefined && (fragment.typeCondition === undefined || fragment.typeCondition.name.value === type))
          look(fragment.selectionSet);
      }
    }
  };
  sets.forEach(look);
  return [...found];
}

const isWhole = (asked: readonly unknown[] | undefined): boolean => asked === undefined || asked.length === 0;

/** Whether what is referred to is asked for, of whatever type. */
const follows = (set: SelectionSetNode | undefined): boolean =>
  set !== undefined &&
  set.selections.some(
    (one) => one.kind === Kind.FIELD && one.name.value === 'resource' && isWhole(one.arguments) && isWhole(one.directives),
  );
