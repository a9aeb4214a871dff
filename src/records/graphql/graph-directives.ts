import { DirectiveLocation, GraphQLDirective, GraphQLNonNull, GraphQLString, type FieldNode } from 'graphql';

const ON_FIELDS = [DirectiveLocation.FIELD];

/** Names that are told apart by what a path says of each element. */
export const SLICE = new GraphQLDirective({
  name: 'slice',
  description: 'Adds to the names what a FHIRPath says of each element, or its $index',
  locations: ON_FIELDS,
  args: { path: { type: new GraphQLNonNull(GraphQLString) } },
});

/** What R4 adds to GraphQL to make tables of trees (R4 graphql.html, "Flattening the output"). */
export const GRAPH_DIRECTIVES: readonly GraphQLDirective[] = [
  new GraphQLDirective({ name: 'flatten', description: 'Leaves the element out: its members stand where it would', locations: ON_FIELDS }),
  new GraphQLDirective({ name: 'first', description: 'Only the first of a list', locations: ON_FIELDS }),
  new GraphQLDirective({
    name: 'singleton',
    description: 'One value is expected, though it is in a list that is flattened; more are an error',
    locations: ON_FIELDS,
  }),
  SLICE,
];

export type GraphDirective = 'flatten' | 'first' | 'singleton' | 'slice';

export const has = (node: FieldNode, name: GraphDirective): boolean =>
  node.directives !== undefined && node.directives.some((one) => one.name.value === name);
