import {
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { isServed } from '../served-types.js';
import { GraphTooLarge } from './faults.js';

const DEFAULT_COUNT = 20;
const MAXIMUM_COUNT = 1_000;
/** Resources that lists within lists may give together, as far as the query says. */
const MOST_RESOURCES = 10_000;

/** What an argument is given: a list as one, a variable as what stands for it, which may be its default. */
function valueOf(node: ValueNode | undefined, operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>): unknown {
  if (node === undefined || node.kind === Kind.NULL) return undefined;
  if (node.kind === Kind.LIST) return node.values.map((one) => valueOf(one, operation, variables));
  if (node.kind !== Kind.VARIABLE) return 'value' in node ? node.value : undefined;
  const name = node.name.value;
  if (Object.hasOwn(variables, name)) return variables[name];
  return valueOf(operation.variableDefinitions?.find(({ variable }) => variable.name.value === name)?.defaultValue, operation, variables);
}

/**
 * How many resources the lists of a query would give, each full: those within a list once for each of its resources. Found out
 * before anything is read. @throws GraphTooLarge
 */
export function checkListCost(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): void {
  const fragments = new Map(
    document.definitions
      .filter((one): one is FragmentDefinitionNode => one.kind === Kind.FRAGMENT_DEFINITION)
      .map((one) => [one.name.value, one]),
  );
  const known = new Map<string, number>();
  const costOf = ({ selections }: SelectionSetNode): number => {
    let sum = 0;
    for (const one of selections) {
      if (one.kind === Kind.FRAGMENT_SPREAD) sum += costOfFragment(one.name.value);
      else if (one.kind === Kind.INLINE_FRAGMENT) sum += costOf(one.selectionSet);
      else {
        const [, type] = /^(\w+?)(?:List|Connection)$/.exec(one.name.value) ?? [];
        const count = type !== undefined && isServed(type) ? countOf(one.arguments?.find(({ name }) => name.value === '_count')?.value) : 0;
        const below = one.selectionSet === undefined ? 0 : costOf(one.selectionSet);
        sum += count === 0 ? below : count * (1 + below);
      }
    }
    return sum;
  };
  const costOfFragment = (name: string): number => {
    let cost = known.get(name);
    const fragment = fragments.get(name);
    if (cost === undefined && fragment !== undefined) known.set(name, (cost = costOf(fragment.selectionSet)));
    return cost ?? 0;
  };
  const countOf = (node: ValueNode | undefined): number => {
    const [value, ...others] = [valueOf(node, operation, variables)].flat();
    const count = others.length > 0 ? NaN : Number(value ?? DEFAULT_COUNT);
    return Number.isFinite(count) ? Math.min(Math.max(count, 1), MAXIMUM_COUNT) : MAXIMUM_COUNT;
  };
  if (costOf(operation.selectionSet) > MOST_RESOURCES) throw new GraphTooLarge(`more than ${MOST_RESOURCES} resources in lists`);
}
