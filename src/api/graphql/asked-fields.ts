import {
  getDirectiveValues,
  getNamedType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isObjectType,
  Kind,
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLResolveInfo,
  type SelectionNode,
} from 'graphql';

type Walk = Pick<GraphQLResolveInfo, 'fragments' | 'schema' | 'variableValues'>;

/** Whether an operation asks for a field that lies this far below the one that is resolved, by the names that the schema has for them. */
export function asksFor(info: GraphQLResolveInfo, path: readonly string[]): boolean {
  let nodes: readonly FieldNode[] = info.fieldNodes;
  let type: GraphQLNamedType = getNamedType(info.returnType);
  for (const name of path) {
    const field: GraphQLField<unknown, unknown> | undefined = isObjectType(type) ? type.getFields()[name] : undefined;
    nodes = namedBelow(nodes, name, type, info);
    if (field === undefined || nodes.length === 0) return false;
    type = getNamedType(field.type);
  }
  return true;
}

const namedBelow = (nodes: readonly FieldNode[], name: string, type: GraphQLNamedType, walk: Walk): FieldNode[] =>
  nodes.flatMap(({ selectionSet }) => fieldsNamed(name, selectionSet?.selections ?? [], type, walk));

/** The fields of this name among selections, those of fragments too that are of the type. No document has circles of fragments here. */
function fieldsNamed(name: string, selections: readonly SelectionNode[], type: GraphQLNamedType, walk: Walk): FieldNode[] {
  return selections.flatMap((selection) => {
    if (!isIncluded(selection, walk)) return [];
    if (selection.kind === Kind.FIELD) return selection.name.value === name ? [selection] : [];
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? walk.fragments[selection.name.value] : selection;
    const isOfType = fragment.typeCondition === undefined || fits(fragment.typeCondition.name.value, type, walk);
    return isOfType ? fieldsNamed(name, fragment.selectionSet.selections, type, walk) : [];
  });
}

/** Whether what is of `type`, an object type, is of a type that a fragment is on. */
function fits(condition: string, type: GraphQLNamedType, { schema }: Walk): boolean {
  const on = schema.getType(condition);
  return on === type || (isObjectType(type) && type.getInterfaces().some((one) => one === on));
}

/** GraphQL 3.13: both must let it through. */
const isIncluded = (node: SelectionNode, { variableValues }: Walk): boolean =>
  getDirectiveValues(GraphQLSkipDirective, node, variableValues)?.['if'] !== true &&
  getDirectiveValues(GraphQLIncludeDirective, node, variableValues)?.['if'] !== false;
