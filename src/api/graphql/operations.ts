import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyRequest } from 'fastify';
import {
  getOperationAST,
  getVariableValues,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql';
import type { Settings } from '../../settings.js';
import { Manifest, RegisteredQueries, sha256Of } from './persisted-queries.js';
import type { GraphContext } from './loaders.js';
import { answerForm } from './answer-form.js';
import { bounded } from './argument-limits.js';
import { direct } from './direct-fields.js';
import { OpenOperations } from './open-operations.js';
import { costOf, MAXIMUM_COST } from './query-cost.js';
import { MAXIMUM_TOKENS, queryLimits } from '../query-limits.js';
import { repetitionLimits } from './repetition-limits.js';
import { guarded } from './requires.js';
import { rootsDescribed } from './root-types.js';
import { secretsInVariables } from './secret-members.js';
import { counted } from './spending.js';
import { Turns } from '../turns.js';

/** Characters of a document: room enough for 2,000 tokens with their comments. */
const LONGEST_DOCUMENT = 131_072;

/** An operation as a client asks for it. */
export interface AskedOperation {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

/** The same, where a hash may stand for the document. */
export interface NamedOperation extends Omit<AskedOperation, 'query'> {
  readonly query?: string;
  /** SHA-256 of the document, in hex (Automatic Persisted Queries). */
  readonly hash?: string;
}

/** Apollo's own, so that what is registered one way is found the other way. */
const HASH_PREFIX = 'apq:';

/** Which operations are let through, whichever way they come: over HTTP, over a WebSocket, as an event stream. */
export class Operations {
  private readonly manifest: Manifest | undefined;
  /** Beside graphql's own. */
  readonly rules: readonly ValidationRule[];
  readonly introspection: boolean;
  /** Of documents that are asked for by their hash. */
  readonly documents: Manifest | RegisteredQueries;
  /** What callers have open. */
  readonly open = new OpenOperations();
  /** Whose turn it is. */
  readonly turns = new Turns();
  private built: GraphQLSchema | undefined;

  constructor({ GRAPHQL_INTROSPECTION, GRAPHQL_PERSISTED_ONLY }: Settings) {
    this.manifest = GRAPHQL_PERSISTED_ONLY === undefined ? undefined : Manifest.read(GRAPHQL_PERSISTED_ONLY);
    this.documents = this.manifest ?? new RegisteredQueries();
    this.introspection = GRAPHQL_INTROSPECTION === '1';
    this.rules = [queryLimits, repetitionLimits, secretsInVariables, ...(this.introspection ? [] : [NoSchemaIntrospectionCustomRule])];
  }

  /** Takes the schema as it was built, and gives it with its arguments bounded, its fields guarded and counted. */
  readonly over = (schema: GraphQLSchema): GraphQLSchema => (this.built = counted(guarded(bounded(direct(rootsDescribed(schema))))));

  get schema(): GraphQLSchema {
    if (this.built === undefined) throw new TypeError('the graph has no schema yet');
    return this.built;
  }

  /** The operation with its document, which is looked up where only its hash came; or what is against that. */
  async documented({ query, hash, ...asked }: NamedOperation): Promise<AskedOperation | GraphQLError> {
    if (hash === undefined) return { ...asked, query: query ?? '' };
    const document = query ?? (await this.documents.get(HASH_PREFIX + hash));
    if (document === undefined) return refused('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND');
    if (sha256Of(document) !== hash) return foreignHash();
    return { ...asked, query: document };
  }

  /** A document that came with its hash and was found valid: it may be asked for by that from now on. */
  async keep({ query, hash }: NamedOperation): Promise<void> {
    if (query !== undefined && hash !== undefined) await this.documents.set(HASH_PREFIX + hash, query);
  }

  /** What is against an operation; nothing where it may be run. */
  refusals({ query, operationName, variables }: AskedOperation): readonly GraphQLError[] {
    try {
      this.allowed(query);
      const document = parsed(query);
      const invalid = validate(this.schema, document, [...specifiedRules, ...this.rules]);
      if (invalid.length > 0) return invalid.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED'));
      const operation = getOperationAST(document, operationName);
      if (!operation) throw refused(operationName == null ? SEVERAL : UNKNOWN, 'OPERATION_RESOLUTION_FAILURE');
      this.affordable(document, operationName, variables);
      const { errors = [] } = getVariableValues(this.schema, operation.variableDefinitions ?? [], variables ?? {});
      return errors.map((error) => coded(error, 'BAD_USER_INPUT'));
    } catch (error) {
      if (error instanceof GraphQLError) return [error];
      throw error;
    }
  }

  /** The same for Apollo, which parses and validates by itself. */
  plugin(): ApolloServerPlugin<GraphContext> {
    return {
      requestDidStart: async ({ request, response }) => ({
        didResolveOperation: async ({ document, operation, operationName }) => {
          response.http.headers.set('content-type', answerForm(request.http?.headers.get('accept'))); // as it was admitted, not by Apollo's own rules
          if (operation?.operation === 'subscription')
            throw refused(
              'A subscription is followed over a WebSocket at /graphql, or as an event stream at /graphql/stream.',
              'SUBSCRIPTION_OVER_HTTP',
            );
          this.affordable(document, operationName, request.variables);
        },
        willSendResponse: async ({ contextValue, operation, response: { body } }) => {
          contextValue.turn?.made();
          const { over } = contextValue.spending;
          if (over === undefined || body.kind !== 'single') return;
          // Each field that was in the making says so: one of them does. What a mutation has done stays told.
          body.singleResult.errors = body.singleResult.errors?.filter(({ extensions }) => extensions?.['code'] === over.code).slice(0, 1);
          if (operation?.operation === 'query') body.singleResult.data = null;
        },
      }),
    };
  }

  /** Of a request to Apollo, before it reads the document. Throws GraphQLError. */
  admit({ body, query, headers: { accept } }: Pick<FastifyRequest, 'body' | 'query' | 'headers'>): void {
    answerForm(accept);
    for (const given of [body, query]) {
      const document = typeof given === 'object' && given !== null && 'query' in given ? given.query : undefined;
      if (typeof document !== 'string') continue;
      this.allowed(document);
      const hash = hashBeside(given as object);
      if (hash !== undefined && sha256Of(document) !== hash) throw foreignHash();
    }
  }

  private allowed(query: string): void {
    if (query.length > LONGEST_DOCUMENT) throw refused(`The query is longer than ${LONGEST_DOCUMENT} characters.`, 'QUERY_TOO_LONG');
    if (this.manifest && !this.manifest.has(query))
      throw refused('This server runs only the documents of its manifest.', 'PERSISTED_QUERY_ONLY');
  }

  private affordable(
    document: DocumentNode,
    operationName: string | null | undefined,
    variables: Readonly<Record<string, unknown>> | null | undefined,
  ): void {
    if (costOf(this.schema, document, operationName, variables) > MAXIMUM_COST)
      throw refused(
        `The query may cost more than ${MAXIMUM_COST} objects: ask for shorter pages, or fewer lists within lists.`,
        'QUERY_TOO_COSTLY',
      );
  }
}

const UNKNOWN = 'The document has no operation of this name.';
const SEVERAL = 'The document has several operations: operationName must say which.';
const foreignHash = () => refused('The hash is not that of the query.', 'BAD_REQUEST');

/** The hash that stands beside a document: in a body, or as JSON text in an address. What is none is Apollo's to refuse. */
function hashBeside(given: { readonly extensions?: unknown }): string | undefined {
  try {
    const extensions: unknown = typeof given.extensions === 'string' ? JSON.parse(given.extensions) : given.extensions;
    const hash = (extensions as { persistedQuery?: { sha256Hash?: unknown } } | null | undefined)?.persistedQuery?.sha256Hash;
    return typeof hash === 'string' ? hash : undefined;
  } catch {
    return undefined;
  }
}

/** @throws GraphQLError  with Apollo's code */
function parsed(query: string): DocumentNode {
  try {
    return parse(query, { maxTokens: MAXIMUM_TOKENS });
  } catch (error) {
    throw error instanceof GraphQLError ? coded(error, 'GRAPHQL_PARSE_FAILED') : error;
  }
}

/** The error with Apollo's code for its kind, unless it has one. */
const coded = ({ message, nodes, source, positions, extensions }: GraphQLError, code: string): GraphQLError =>
  new GraphQLError(message, { nodes, source, positions, extensions: { code, ...extensions } });

const refused = (words: string, code: string): GraphQLError => new GraphQLError(words, { extensions: { code, http: { status: 400 } } });
