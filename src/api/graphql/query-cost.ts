import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  isInterfaceType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { DEFAULT_PAGE } from './paging.js';

/** Units that an operation may cost: one is one object that its answer may hold. */
export const MAXIMUM_COST = 10_000;
/** Things that a list without a page of its own is taken to hold: series of a study, findings of a report … */
const LIST = 5;
/** Fields looked at: fragments that spread each other again and again are not followed to their end. */
const MOST_FIELDS = 5_000;

interface Walk {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly valueOf: (node: ValueNode | undefined) => unknown;
  fields: number;
  cost: number;
}

/**
 * What an operation may cost: the objects of each field, times those of the lists around it; `first` and `last` say how many a page
 * has, `ids` how many nodes. Counting ends above MAXIMUM_COST. Fields that are not in the schema cost nothing: they are refused.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Readonly<Record<string, unknown>> | null | undefined,
): number {
  const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  const operation = operationName == null ? operations.at(0) : operations.find(({ name }) => name?.value === operationName);
  const root = operation && schema.getRootType(operation.operation);
  if (!operation || !root) return 0;
  const fragments = document.definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
  const walk: Walk = {
    schema,
    fragments: new Map(fragments.map((one) => [one.name.value, one])),
    valueOf: valuesOf(operation, variables ?? {}),
    fields: 0,
    cost: 0,
  };
  count(walk, operation.selectionSet, root, { times: 1, page: LIST, within: [] });
  return walk.cost;
}

/** Where the walk is: how often this place may be there, the page of the connection around it, the fragments it lies in. */
interface Place {
  readonly times: number;
  readonly page: number;
  readonly within: readonly string[];
}

function count(walk: Walk, set: SelectionSetNode, type: GraphQLCompositeType, place: Place): void {
  for (const selection of set.selections) {
    if (walk.cost > MAXIMUM_COST) return;
    if ((walk.fields += 1) > MOST_FIELDS) return void (walk.cost = Infinity);
    if (selection.kind === Kind.FIELD) countField(walk, selection, type, place);
    else {
      const name = selection.kind === Kind.FRAGMENT_SPREAD ? selection.name.value : undefined;
      const fragment = name === undefined ? (selection as Exclude<typeof selection, { name: unknown }>) : walk.fragments.get(name);
      if (!fragment || (name !== undefined && place.within.includes(name))) continue; // a circle is refused by graphql's own rule
      const on = fragment.typeCondition ? walk.schema.getType(fragment.typeCondition.name.value) : type;
      const within = name === undefined ? place.within : [...place.within, name];
      if (isCompositeType(on)) count(walk, fragment.selectionSet, on, { ...place, within });
    }
  }
}

function countField(walk: Walk, node: FieldNode, type: GraphQLCompositeType, place: Place): void {
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined; // introspection costs the database nothing
  const named = field && getNamedType(field.type);
  if (!field || !isCompositeType(named) || !node.selectionSet) return;
  const times = place.times * sizeOf(walk, node, field, place.page);
  walk.cost += times;
  const page = named.name.endsWith('Connection') ? pageAsked(walk, node) : LIST;
  count(walk, node.selectionSet, named, { times, page, within: place.within });
}

/** How many things a field gives, at most or as lists go. */
function sizeOf(walk: Walk, node: FieldNode, field: GraphQLField<unknown, unknown>, page: number): number {
  if (!isListType(getNullableType(field.type))) return 1;
  if (field.name === 'edges') return page;
  const ids = argument(walk, node, 'ids');
  return Array.isArray(ids) ? ids.length : LIST;
}

function pageAsked(walk: Walk, node: FieldNode): number {
  const asked = argument(walk, node, 'first') ?? argument(walk, node, 'last');
  return typeof asked === 'number' && asked > 0 ? asked : DEFAULT_PAGE;
}

const argument = ({ valueOf }: Walk, node: FieldNode, name: string): unknown =>
  valueOf(node.arguments?.find((one) => one.name.value === name)?.value);

/** Reads an argument's value: as it is written, or of the variable that stands for it. */
function valuesOf({ variableDefinitions = [] }: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>) {
  const valueOf = (node: ValueNode | undefined): unknown => {
    if (node?.kind === Kind.INT) return Number(node.value);
    if (node?.kind === Kind.LIST) return node.values;
    if (node?.kind !== Kind.VARIABLE) return undefined;
    const name = node.name.value;
    if (Object.hasOwn(variables, name)) return variables[name];
    return valueOf(variableDefinitions.find(({ variable }) => variable.name.value === name)?.defaultValue);
  };
  return valueOf;
}
