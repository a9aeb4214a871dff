import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyRequest } from 'fastify';
import {
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
import { bounded } from './argument-limits.js';
import { costOf, MAXIMUM_COST } from './query-cost.js';
import { MAXIMUM_TOKENS, queryLimits } from '../query-limits.js';
import { repetitionLimits } from './repetition-limits.js';
import { guarded } from './requires.js';
import { counted } from './spending.js';

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
  private built: GraphQLSchema | undefined;

  constructor({ GRAPHQL_INTROSPECTION, GRAPHQL_PERSISTED_ONLY }: Settings) {
    this.manifest = GRAPHQL_PERSISTED_ONLY === undefined ? undefined : Manifest.read(GRAPHQL_PERSISTED_ONLY);
    this.documents = this.manifest ?? new RegisteredQueries();
    this.introspection = GRAPHQL_INTROSPECTION === '1';
    this.rules = [queryLimits, repetitionLimits, ...(this.introspection ? [] : [NoSchemaIntrospectionCustomRule])];
  }

  /** Takes the schema as it was built, and gives it with its arguments bounded, its fields guarded and counted. */
  readonly over = (schema: GraphQLSchema): GraphQLSchema => (this.built = counted(guarded(bounded(schema))));

  get schema(): GraphQLSchema {
    if (this.built === undefined) throw new TypeError('the graph has no schema yet');
    return this.built;
  }

  /** The operation with its document, which is looked up, or registered where it came with its hash; or what is against that. */
  async documented({ query, hash, ...asked }: NamedOperation): Promise<AskedOperation | GraphQLError> {
    if (hash === undefined) return { ...asked, query: query ?? '' };
    const document = query ?? (await this.documents.get(HASH_PREFIX + hash));
    if (document === undefined) return refused('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND');
    if (sha256Of(document) !== hash) return refused('The hash is not that of the query.', 'BAD_REQUEST');
    if (query !== undefined) await this.documents.set(HASH_PREFIX + hash, query);
    return { ...asked, query: document };
  }

  /** What is against an operation; nothing where it may be run. */
  refusals({ query, operationName, variables }: AskedOperation): readonly GraphQLError[] {
    try {
      this.allowed(query);
      const document = parse(query, { maxTokens: MAXIMUM_TOKENS });
      const invalid = validate(this.schema, document, [...specifiedRules, ...this.rules]);
      if (invalid.length === 0) this.affordable(document, operationName, variables);
      return invalid;
    } catch (error) {
      if (error instanceof GraphQLError) return [error];
      throw error;
    }
  }

  /** The same for Apollo, which parses and validates by itself. */
  plugin(): ApolloServerPlugin<GraphContext> {
    return {
      requestDidStart: async () => ({
        didResolveOperation: async ({ document, operation, operationName, request }) => {
          if (operation?.operation === 'subscription')
            throw refused(
              'A subscription is followed over a WebSocket at /graphql, or as an event stream at /graphql/stream.',
              'SUBSCRIPTION_OVER_HTTP',
            );
          this.affordable(document, operationName, request.variables);
        },
        willSendResponse: async ({ contextValue, operation, response: { body } }) => {
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
  admit({ body, query }: Pick<FastifyRequest, 'body' | 'query'>): void {
    for (const given of [body, query]) {
      const document = typeof given === 'object' && given !== null && 'query' in given ? given.query : undefined;
      if (typeof document === 'string') this.allowed(document);
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

const refused = (words: string, code: string): GraphQLError => new GraphQLError(words, { extensions: { code, http: { status: 400 } } });
