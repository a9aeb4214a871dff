import {
  buildSchema,
  getArgumentValues,
  getNamedType,
  GraphQLDirective,
  isLeafType,
  isObjectType,
  type GraphQLField,
  type GraphQLObjectType,
} from 'graphql';
import { readFileSync } from 'node:fs';
import type { Caller } from '../../src/access/caller.js';
import type { Interaction } from '../../src/access/grant.js';
import { isGranted } from '../../src/access/may-touch.js';
import { permitOf } from '../../src/access/permits.js';
import { ROLE_PERMITS, type Operation, type Role } from '../../src/access/roles.js';

/** The graph as it is published. */
export const schema = buildSchema(readFileSync(new URL('../../../openapi/schema.graphql', import.meta.url), 'utf8'));
const LETTERS: Readonly<Record<string, Interaction>> = { CREATE: 'c', READ: 'r', UPDATE: 'u', DELETE: 'd', SEARCH: 's' };

export interface Need {
  readonly type: string;
  readonly interaction: Interaction;
  readonly operation?: Operation;
}
const REQUIRES = schema.getDirective('requires') as GraphQLDirective;
export const needsOf = ({ name: field, args, astNode }: GraphQLField<unknown, unknown>): Need[] => [
  // What is asked for by its id is guarded as what leads there: here a report.
  ...(args.length > 0 && /^nodes?$/.test(field) ? [{ type: 'DiagnosticReport', interaction: 'r' as const }] : []),
  ...(astNode?.directives ?? [])
    .filter(({ name }) => name.value === 'requires')
    .map((node) => {
      const { type, interaction, operation } = getArgumentValues(REQUIRES, node) as {
        type: string;
        interaction: string;
        operation?: Operation;
      };
      return { type, interaction: LETTERS[interaction] ?? (interaction as Interaction), ...(operation && { operation }) };
    }),
];

/** What is not a part of a patient's chart is open whole or not at all. */
const WHOLE: ReadonlySet<string> = new Set(['workitems', 'worklistChanged', 'assignWorkitem', 'claimWorkitem', 'audit']);

export function isPermitted(caller: Caller, role: Role, name: string, { type, interaction, operation }: Need): boolean {
  if (operation !== undefined) return ROLE_PERMITS[role].operations.includes(operation) && isGranted(caller, type, interaction);
  const permit = permitOf(caller, type, interaction);
  return WHOLE.has(name) ? permit === 'all' : permit !== undefined;
}

export interface Step {
  readonly field: GraphQLField<unknown, unknown>;
  readonly arguments: string;
}

export const fieldsOf = (type: GraphQLObjectType): GraphQLField<unknown, unknown>[] => Object.values(type.getFields());
/** What a field is asked with; undefined where the test knows nothing. */
export type ArgumentsOf = (name: string) => string | undefined;

const step = (field: GraphQLField<unknown, unknown>, argumentsOf: ArgumentsOf): Step => ({
  field,
  arguments: (field.args.length > 0 && argumentsOf(field.name)) || '',
});

/** The shortest way from the root to each type that has fields. */
export function ways(argumentsOf: ArgumentsOf): Map<string, Step[]> {
  const query = schema.getQueryType() as GraphQLObjectType;
  const found = new Map<string, Step[]>([[query.name, []]]);
  for (const [name, way] of found) {
    const type = schema.getType(name);
    if (!isObjectType(type)) continue;
    for (const field of fieldsOf(type)) {
      const to = getNamedType(field.type);
      if (isObjectType(to) && !found.has(to.name)) found.set(to.name, [...way, step(field, argumentsOf)]);
    }
  }
  return found;
}

const selection = (field: GraphQLField<unknown, unknown>): string => (isLeafType(getNamedType(field.type)) ? '' : ' { __typename }');
/** The selection that leads to a field. */
export const written = (way: readonly Step[], last: GraphQLField<unknown, unknown>, argumentsOf: ArgumentsOf): string => {
  const { arguments: given } = step(last, argumentsOf);
  return way.reduceRight(
    (inner, { field, arguments: asked }) => `${field.name}${asked} { ${inner} }`,
    `${last.name}${given}${selection(last)}`,
  );
};
