import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  type ASTVisitor,
  type DocumentNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import { introspectionErrors } from './introspection-limits.js';

/** Of a query's text: bounds the parser itself. */
export const MAXIMUM_TOKENS = 2_000;

/** What a query of a graph may ask for. Fragments count where they are spread, and aliases each. */
export interface QueryLimits {
  readonly depth: number;
  readonly fields: number;
  /** Fields of other names than their own; undefined: those of the fields. */
  readonly aliases?: number;
  /** Whether the graph says anything of itself. */
  readonly isDescribed: boolean;
  /** The operations that there are. */
  readonly operations: readonly string[];
}

interface Measure {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
}

const NOTHING: Measure = { depth: 0, fields: 0, aliases: 0 };

/**
 * What a document asks for beyond its limits: found out by one look at each of its parts, however often fragments spread each other.
 * A fragment within itself ends there; graphql refuses it by a rule of its own.
 */
export function limitErrors(document: DocumentNode, limits: QueryLimits): GraphQLError[] {
  const fragments = new Map(
    document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [])),
  );
  const known = new Map<string, Measure>();

  const measure = (set: SelectionSetNode | undefined): Measure => {
    if (set === undefined) return NOTHING;
    let [depth, fields, aliases] = [0, 0, 0];
    for (const one of set.selections) {
      const own = one.kind === Kind.FRAGMENT_SPREAD ? ofFragment(one.name.value) : measure(one.selectionSet);
      const isField = one.kind === Kind.FIELD;
      // Introspection is deep by nature, and has limits of its own.
      depth = Math.max(depth, isField ? (one.name.value.startsWith('__') ? 1 : own.depth + 1) : own.depth);
      fields += own.fields + (isField ? 1 : 0);
      aliases += own.aliases + (isField && one.alias !== undefined ? 1 : 0);
    }
    return { depth, fields, aliases };
  };
  const ofFragment = (name: string): Measure => {
    let found = known.get(name);
    if (found !== undefined) return found;
    known.set(name, NOTHING);
    found = measure(fragments.get(name)?.selectionSet);
    known.set(name, found);
    return found;
  };

  const errors = document.definitions.flatMap((one) => {
    if (one.kind !== Kind.OPERATION_DEFINITION) return [];
    const { depth, fields, aliases } = measure(one.selectionSet);
    const { aliases: mostAliases = Infinity } = limits;
    return [
      // graphql finds this out only on the way, as if it were the server's fault.
      ...(limits.operations.includes(one.operation) ? [] : [refusal('OPERATION_NOT_SUPPORTED', `There is no ${one.operation} here.`)]),
      ...(depth > limits.depth ? [refusal('QUERY_TOO_DEEP', `The query is deeper than ${limits.depth} levels.`)] : []),
      ...(fields > limits.fields ? [refusal('QUERY_TOO_LARGE', `The query asks for more than ${limits.fields} fields.`)] : []),
      ...(aliases > mostAliases ? [refusal('QUERY_TOO_LARGE', `The query has more than ${mostAliases} aliases.`)] : []),
    ];
  });
  return [...errors, ...introspectionErrors(document, limits.isDescribed)];
}

const refusal = (code: string, message: string): GraphQLError => new GraphQLError(message, { extensions: { code } });

/** The app's own graph: no query costs more than an app's screen needs. */
const APP_LIMITS = { depth: 12, fields: 500, isDescribed: true };

/** The limits of the app's own graph, as a validation rule. Whether it describes itself is a rule of graphql's. */
export function queryLimits(context: ValidationContext): ASTVisitor {
  return {
    Document(document) {
      const schema = context.getSchema();
      const operations = Object.values(OperationTypeNode).filter((one) => schema.getRootType(one));
      for (const error of limitErrors(document, { ...APP_LIMITS, operations })) context.reportError(error);
    },
  };
}
