import { GraphQLError, Kind, parse, visit, type ASTVisitor, type ObjectFieldNode, type ValidationContext } from 'graphql';
import type { AskedOfGraph } from '../refused-fields.js';

/** Members of inputs that tell who somebody is: nobody keeps them, and nothing repeats them. */
const SECRETS: ReadonlySet<string> = new Set(['password', 'oneTimeCode']);
const KEPT_OUT = '(kept out)';

const isSecret = ({ name }: ObjectFieldNode): boolean => SECRETS.has(name.value);

/**
 * A validation rule: a secret comes in variables. Documents are kept by their hashes, and put on record with what was refused of them; a
 * password that stood in one would be kept with it.
 */
export function secretsInVariables(context: ValidationContext): ASTVisitor {
  const defaults = new Set<string>();
  const meant = new Set<string>();
  const refuse = () => context.reportError(new GraphQLError('A password or one-time code comes in variables, never in the document.'));
  return {
    VariableDefinition: ({ variable, defaultValue }) => void (defaultValue !== undefined && defaults.add(variable.name.value)),
    ObjectField(node) {
      if (!isSecret(node) || node.value.kind === Kind.NULL) return;
      if (node.value.kind === Kind.VARIABLE) meant.add(node.value.name.value);
      else refuse();
    },
    Document: {
      leave() {
        for (const name of meant) if (defaults.has(name)) refuse();
      },
    },
  };
}

/** The operation as it may be put on record: without what stands for a secret in its variables. */
export function withoutSecrets({ query, variables }: AskedOfGraph): AskedOfGraph {
  if (!variables) return { query, variables };
  const named = namesIn(query);
  const kept = Object.entries(variables).map(([name, value]) => [name, named.has(name) ? KEPT_OUT : scrubbed(value)]);
  return { query, variables: Object.fromEntries(kept) as Record<string, unknown> };
}

/** Variables that stand for a secret by themselves. */
function namesIn(query: string | undefined): Set<string> {
  const names = new Set<string>();
  if (query === undefined || !mentions(query)) return names;
  visit(parse(query, { noLocation: true }), {
    ObjectField(node) {
      if (isSecret(node) && node.value.kind === Kind.VARIABLE) names.add(node.value.name.value);
    },
  });
  return names;
}

const mentions = (text: string): boolean => [...SECRETS].some((one) => text.includes(one));

function scrubbed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(scrubbed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, SECRETS.has(name) ? KEPT_OUT : scrubbed(one)]));
}
