import { Directive } from '@nestjs/graphql';
import {
  defaultFieldResolver,
  DirectiveLocation,
  getArgumentValues,
  GraphQLDirective,
  GraphQLEnumType,
  GraphQLNonNull,
  GraphQLString,
  isObjectType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import type { Caller } from '../../access/caller.js';
import type { Interaction } from '../../access/grant.js';
import { isGranted, mayTouch } from '../../access/may-touch.js';
import { requireOperation } from '../../access/operations.js';
import type { Operation } from '../../access/roles.js';
import { NotPermitted } from './faults.js';

const LETTERS = { CREATE: 'c', READ: 'r', UPDATE: 'u', DELETE: 'd', SEARCH: 's' } as const satisfies Record<string, Interaction>;
type InteractionName = keyof typeof LETTERS;

/** Says in the schema what a field needs; `guarded` holds to what it says. */
export const REQUIRES = new GraphQLDirective({
  name: 'requires',
  description:
    'What the caller must be permitted by its roles, and granted by its token (SMART scopes 2.2), for this field. Where an operation is named, a role must permit that instead.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
  isRepeatable: true,
  args: {
    type: { type: new GraphQLNonNull(GraphQLString), description: 'FHIR resource type' },
    interaction: {
      description: 'What must be permitted and granted',
      type: new GraphQLNonNull(
        new GraphQLEnumType({
          name: 'Interaction',
          description: 'What is done with resources of a type: the letters of a SMART scope',
          values: Object.fromEntries(Object.entries(LETTERS).map(([name, value]) => [name, { value, description: `${value} of a scope` }])),
        }),
      ),
    },
    operation: { type: GraphQLString, description: 'Beyond reading and writing: report.review, say' },
  },
});

/** On a field: what it needs. @param operation  what a role must permit instead of the interaction */
export const Requires = (type: string, interaction: InteractionName, operation?: Operation): MethodDecorator & PropertyDecorator =>
  Directive(`@requires(type: "${type}", interaction: ${interaction}${operation === undefined ? '' : `, operation: "${operation}"`})`);

interface Need {
  readonly type: string;
  readonly interaction: Interaction;
  readonly operation?: Operation;
}

/** The schema with each field held to the `@requires` that stand on it: the one place where the graph checks rights. */
export function guarded(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType))
    for (const field of Object.values(type.getFields())) {
      const needs = needsOf(field);
      if (needs.length === 0) continue;
      // Before it begins, and with each event: rights may end meanwhile.
      if (type === schema.getSubscriptionType()) field.subscribe = behind(needs, field.subscribe ?? defaultFieldResolver);
      field.resolve = behind(needs, field.resolve ?? defaultFieldResolver);
    }
  return schema;
}

const needsOf = ({ astNode }: GraphQLField<unknown, unknown>): Need[] =>
  (astNode?.directives ?? [])
    .filter(({ name }) => name.value === REQUIRES.name)
    .map((node) => getArgumentValues(REQUIRES, node) as unknown as Need); // its arguments are of these types

const behind =
  (needs: readonly Need[], resolve: GraphQLFieldResolver<unknown, { caller: Caller }>): GraphQLFieldResolver<unknown, { caller: Caller }> =>
  (source, given, context, info) => {
    for (const need of needs) check(context.caller, need);
    return resolve(source, given, context, info);
  };

/** @throws NotPermitted, OperationNotPermitted */
export function check(caller: Caller, { type, interaction, operation }: Need): void {
  if (operation === undefined) {
    if (!mayTouch(caller, type, interaction)) throw new NotPermitted(type);
  } else {
    requireOperation(caller, operation);
    if (!isGranted(caller, type, interaction)) throw new NotPermitted(type);
  }
}
