import {
  getNamedType,
  getNullableType,
  GraphQLError,
  isLeafType,
  isListType,
  isTypeSubTypeOf,
  typeFromAST,
  type ASTVisitor,
  type GraphQLSchema,
  type GraphQLType,
  type ValidationContext,
} from 'graphql';
import { ANY_SCALAR } from './scalars.js';

/**
 * GraphQL's rule that a variable has the type of the place where it stands (October 2021, 5.8.5), as R4's queries need it: HL7's
 * own have a variable that may be absent where a value must be (what is absent then is found out when the value is asked for), and
 * HL7's schema, other servers and their clients name the types of ids and of values of searches differently: any scalar goes there.
 */
export function variablesInPosition(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(operation) {
      const definitions = new Map((operation.variableDefinitions ?? []).map((one) => [one.variable.name.value, one]));
      for (const { node, type: place } of context.getRecursiveVariableUsages(operation)) {
        const definition = definitions.get(node.name.value);
        const type = definition && typeFromAST(context.getSchema(), definition.type);
        if (definition === undefined || !type || !place || goes(context.getSchema(), type, place)) continue;
        const words = `Variable "$${node.name.value}" of type "${String(type)}" can't stand where "${String(place)}" is expected.`;
        context.reportError(new GraphQLError(words, { nodes: [definition, node] }));
      }
    },
  };
}

function goes(schema: GraphQLSchema, type: GraphQLType, place: GraphQLType): boolean {
  const [given, wanted] = [getNullableType(type), getNullableType(place)];
  if (ANY_SCALAR.has(getNamedType(wanted).name)) return isLeafType(getNamedType(given)) && (isListType(wanted) || !isListType(given));
  return isTypeSubTypeOf(schema, given, wanted);
}
