import { GraphQLError, Kind, type ASTVisitor, type FragmentDefinitionNode, type SelectionSetNode, type ValidationContext } from 'graphql';

/** Of a query's text: bounds the parser itself. */
export const MAXIMUM_TOKENS = 2_000;
const MAXIMUM_DEPTH = 12;
const MAXIMUM_FIELDS = 500;

/**
 * A validation rule: at most 12 levels deep and 500 fields with fragments spread out (aliases count each), so that no
 * query costs more than an app's screen needs. Fragment cycles are refused by graphql's own rule; here they only stop.
 */
export function queryLimits(context: ValidationContext): ASTVisitor {
  const measure = (set: SelectionSetNode | undefined, depth: number, seen: readonly string[], count: { fields: number }): void => {
    if (!set || count.fields > MAXIMUM_FIELDS) return;
    if (depth > MAXIMUM_DEPTH)
      return context.reportError(
        new GraphQLError(`The query is deeper than ${MAXIMUM_DEPTH} levels.`, { extensions: { code: 'QUERY_TOO_DEEP' } }),
      );
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        count.fields += 1;
        // Introspection is deep by nature and costs nothing of the database.
        if (!selection.name.value.startsWith('__')) measure(selection.selectionSet, depth + 1, seen, count);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) measure(selection.selectionSet, depth, seen, count);
      else if (!seen.includes(selection.name.value)) {
        const fragment: FragmentDefinitionNode | null | undefined = context.getFragment(selection.name.value);
        measure(fragment?.selectionSet, depth, [...seen, selection.name.value], count);
      }
    }
  };
  return {
    OperationDefinition(operation) {
      // graphql finds this out only on the way, as if it were the server's fault.
      if (!context.getSchema().getRootType(operation.operation))
        context.reportError(
          new GraphQLError(`There is no ${operation.operation} here.`, {
            nodes: operation,
            extensions: { code: 'OPERATION_NOT_SUPPORTED' },
          }),
        );
      const count = { fields: 0 };
      measure(operation.selectionSet, 1, [], count);
      if (count.fields > MAXIMUM_FIELDS)
        context.reportError(
          new GraphQLError(`The query asks for more than ${MAXIMUM_FIELDS} fields.`, { extensions: { code: 'QUERY_TOO_LARGE' } }),
        );
    },
  };
}
