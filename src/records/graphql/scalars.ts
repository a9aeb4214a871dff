import { GraphQLBoolean, GraphQLError, GraphQLInt, GraphQLScalarType, GraphQLString, Kind, print, type ValueNode } from 'graphql';

/** What a literal says, where its kind does not matter: HL7's queries write ids and codes without quotes (`Patient(id: example)`). */
function plainLiteral(node: ValueNode): string {
  if (node.kind === Kind.STRING || node.kind === Kind.ENUM || node.kind === Kind.INT || node.kind === Kind.FLOAT) return node.value;
  if (node.kind === Kind.BOOLEAN) return String(node.value);
  throw new GraphQLError(`${print(node).slice(0, 40)} is no plain value.`, { nodes: node });
}

function plainValue(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new GraphQLError('A plain value is a text, a number or a boolean.');
}

/** A resource's or element's id. GraphQL's own of that name takes no bare word. */
export const ID = new GraphQLScalarType({ name: 'ID', parseLiteral: plainLiteral, parseValue: plainValue });

/** A value that something is looked for by, as FHIR's search writes it; a bare word, a number and a boolean are as good as a text. */
export const SEARCH_VALUE = new GraphQLScalarType({
  name: 'SearchValue',
  description: 'A value as in a search: a text, a bare word, a number or a boolean. A list: any of them',
  parseLiteral: plainLiteral,
  parseValue: plainValue,
});

/** What takes a variable of any scalar type. */
export const ANY_SCALAR: ReadonlySet<string> = new Set([ID.name, SEARCH_VALUE.name]);

const primitives = new Map<string, GraphQLScalarType>([
  ['boolean', GraphQLBoolean],
  ['string', GraphQLString],
  ['integer', GraphQLInt],
]);

/**
 * R4's primitives (datatypes.html#primitive) by the names that HL7's GraphQL schema gives them. What is stored was checked as it was
 * written, so it goes out as it is: a decimal with its digits.
 */
export function primitiveScalar(name: string): GraphQLScalarType {
  let scalar = primitives.get(name);
  if (scalar === undefined)
    primitives.set(name, (scalar = new GraphQLScalarType({ name, specifiedByURL: `http://hl7.org/fhir/StructureDefinition/${name}` })));
  return scalar;
}
