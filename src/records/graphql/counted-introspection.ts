import { getNullableType, introspectionTypes, isListType, isObjectType, type GraphQLFieldResolver } from 'graphql';

/** What keeps count of an answer. */
export interface MetaCount {
  /** That it was too much. */
  readonly over: Error | undefined;
  /** A meta field is answered: whether the answer may have it. */
  takesMeta(value: unknown): boolean;
}

type Resolver = GraphQLFieldResolver<unknown, { readonly spending?: MetaCount } | undefined>;

/**
 * What a schema says of itself is resolved by types of graphql's that all schemas share, past any resolver of theirs: from here on each
 * of these fields is counted in its query's spending, and no list of them is given beyond it.
 */
for (const type of introspectionTypes)
  for (const field of isObjectType(type) ? Object.values(type.getFields()) : []) {
    const resolve = field.resolve as Resolver;
    const isList = isListType(getNullableType(field.type));
    const counted: Resolver = (source, given, context, info) => {
      const value = resolve(source, given, context, info);
      const { spending } = context ?? {};
      // Lists alone multiply; a refusal of each thing in one would itself be a long answer.
      if (spending && !spending.takesMeta(value) && isList) throw spending.over;
      return value;
    };
    field.resolve = counted;
  }
