import { GraphQLError, Kind, type DocumentNode, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';

/** Looks at single types in one query, each by `__type`. */
const MOST_TYPES = 10;

/** The meta fields that lead to a type that another one names (`TypeRef` of graphql's own introspection query). */
const REFERENCES: ReadonlySet<string> = new Set(['type', 'ofType', 'interfaces', 'possibleTypes']);
/** Those that are lists, and multiply what is asked for below them. */
const LISTS: ReadonlySet<string> = new Set([
  'types',
  'directives',
  'fields',
  'args',
  'inputFields',
  'enumValues',
  'interfaces',
  'possibleTypes',
]);

/** Where a walk is: outside of what a schema says of itself, within it, or at a type that another one names. */
type Place = 'outside' | 'within' | 'reference';

/**
 * What a document asks of the schema beyond what tools need: the whole schema once, ten types by name, nothing under a second name, and
 * of a type that another one names no lists, which would each be the schema again. What getIntrospectionQuery asks passes.
 * @param isDescribed  whether the graph says anything of itself at all
 */
export function introspectionErrors(document: DocumentNode, isDescribed: boolean): GraphQLError[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of document.definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  const refused = new Map<string, GraphQLError>();
  const refuse = (message: string, code = 'QUERY_TOO_LARGE'): void =>
    void refused.set(message, new GraphQLError(message, { extensions: { code } }));
  let [schemas, types] = [0, 0];
  let seen = new Set<string>();

  const walk = (set: SelectionSetNode | undefined, place: Place): void => {
    for (const one of set?.selections ?? [])
      if (one.kind === Kind.FRAGMENT_SPREAD) spread(one.name.value, place);
      else if (one.kind === Kind.INLINE_FRAGMENT) walk(one.selectionSet, place);
      else {
        const name = one.name.value;
        if (place === 'outside') walk(one.selectionSet, entered(name));
        else {
          if (one.alias !== undefined) refuse('Nothing within __schema or __type has a second name.');
          if (place === 'reference' && LISTS.has(name)) refuse('Of a type within a type only its names are told: ask __type for it.');
          walk(one.selectionSet, REFERENCES.has(name) ? 'reference' : place);
        }
      }
  };
  const entered = (name: string): Place => {
    if (name !== '__schema' && name !== '__type') return 'outside';
    schemas += name === '__schema' ? 1 : 0;
    types += name === '__type' ? 1 : 0;
    return 'within';
  };
  /** Each once for each place: fields of one name that are spread again are one in the answer. */
  const spread = (name: string, place: Place): void => {
    const key = `${place} ${name}`;
    if (seen.has(key)) return;
    seen.add(key);
    walk(fragments.get(name)?.selectionSet, place);
  };

  for (const one of document.definitions) {
    if (one.kind !== Kind.OPERATION_DEFINITION) continue;
    [schemas, types, seen] = [0, 0, new Set()];
    walk(one.selectionSet, 'outside');
    if (!isDescribed && schemas + types > 0) refuse('This graph does not describe itself.', 'GRAPHQL_VALIDATION_FAILED');
    if (schemas > 1) refuse('The query asks for the schema more than once.');
    if (types > MOST_TYPES) refuse(`The query asks for more than ${MOST_TYPES} types of the schema.`);
  }
  return [...refused.values()];
}
