import type { GraphQLSchema } from 'graphql';

/** The schema with its root types described: they are no classes of ours. */
export function rootsDescribed(schema: GraphQLSchema): GraphQLSchema {
  const roots = [
    [schema.getQueryType(), 'What can be asked'],
    [schema.getMutationType(), 'What can be changed'],
    [schema.getSubscriptionType(), 'What can be followed as it happens'],
  ] as const;
  for (const [type, description] of roots) if (type) type.description = description;
  return schema;
}
