import {
  execute,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  Kind,
  specifiedRules,
  TypeInfo,
  validate,
  VariablesInAllowedPositionRule,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Caller } from '../../access/caller.js';
import { Fault } from '../../faults.js';
import type { Records } from '../records.js';
import type { RecordSearch } from '../search/record-search.js';
import { followedParameters } from './followed.js';
import { GraphContext } from './graph-context.js';
import { graphSchema } from './graph-schema.js';
import { KnownQueries, type KnownQuery } from './known-queries.js';
import { checkListCost } from './list-cost.js';
import { fieldMeant } from './loose-fields.js';
import { Reshape, reshapes, withoutNulls } from './shape-answer.js';
import { variablesInPosition } from './variables-in-position.js';

export interface GraphAsked {
  readonly query: string;
  /** The query's document within the limits of the wire, or what is wrong with it. */
  readonly parse: (query: string) => DocumentNode | readonly GraphQLError[];
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The server's own FHIR address. */
  readonly base: string;
  /** The resource that the query is of; undefined: the whole server. */
  readonly of: { readonly type: string; readonly id: string } | undefined;
  /** What stands for what is absent: `nothing` as in FHIR, or `null` as GraphQL says. */
  readonly absent: 'nothing' | 'null';
}

const RULES = [...specifiedRules.filter((rule) => rule !== VariablesInAllowedPositionRule), variablesInPosition];
const MOST_ERRORS = 20;

/** FHIR's GraphQL (R4 graphql.html) over the store. */
export class FhirGraph {
  private readonly known = new KnownQueries();

  constructor(
    private readonly records: Records,
    private readonly search: RecordSearch,
  ) {}

  /**
   * What a query gives, by GraphQL's own form of data and errors; without data where the query itself is wrong.
   * Throws RecordAbsent, RecordGone where the resource that it is of is not there.
   */
  async run(caller: Caller, asked: GraphAsked): Promise<ExecutionResult> {
    const { query, operationName, base, of, absent } = asked;
    const schema = graphSchema(of?.type);
    const read = this.known.find(of?.type ?? '', query) ?? this.readNew(schema, asked);
    if (!('document' in read)) return { errors: read };
    const { document } = read;
    const variables = { ...asked.variables, ...read.texts };
    const operation = getOperationAST(document, operationName);
    const context = new GraphContext(caller, { records: this.records, search: this.search }, base);
    try {
      if (!operation) return { errors: [wrong('The document has no such operation.', 'OPERATION_RESOLUTION_FAILURE')] };
      const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
      if (errors) return { errors: errors.map(({ message }) => wrong(message, 'BAD_USER_INPUT')) };
      checkListCost(document, operation, variables);
      const rootValue = of && (await context.read(of.type, of.id, followedBy(of.type, document, operation)));
      const result = await execute({ schema, document, rootValue, contextValue: context, variableValues: variables, operationName });
      if (context.spending.over) throw context.spending.over;
      if (!result.data) return result;
      if (reshapes(query)) return { ...result, data: new Reshape(document, context.slices).answer(operation, result.data) };
      return absent === 'nothing' ? { ...result, data: withoutNulls(result.data) } : result;
    } catch (error) {
      if (error instanceof Fault && error.status === 400) return { errors: [new GraphQLError(error.message, { originalError: error })] };
      throw error;
    }
  }

  /** A query that is not known, or what is wrong with it. */
  private readNew(schema: GraphQLSchema, { query, parse, of }: GraphAsked): KnownQuery | readonly GraphQLError[] {
    const document = parse(query);
    if (!('kind' in document)) return document;
    const errors = validate(schema, document, RULES, { maxErrors: MOST_ERRORS }, new TypeInfo(schema, undefined, fieldMeant));
    if (errors.length > 0) return errors;
    this.known.remember(of?.type ?? '', query, document);
    return { document, texts: {} };
  }
}

const wrong = (message: string, code: string): GraphQLError => new GraphQLError(message, { extensions: { code } });

const followedBy = (type: string, { definitions }: DocumentNode, { selectionSet }: OperationDefinitionNode): number[] =>
  followedParameters(
    type,
    [selectionSet],
    Object.fromEntries(definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : []))),
  );
