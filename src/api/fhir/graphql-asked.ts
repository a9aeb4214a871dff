import { GraphQLError, parse, type DocumentNode } from 'graphql';
import { Fault } from '../../faults.js';
import { parameterPairs } from '../../records/parameter-pairs.js';
import { isObject } from '../../records/validation/json-object.js';
import { limitErrors, MAXIMUM_TOKENS, type QueryLimits } from '../query-limits.js';

/** The request is none of GraphQL's (GraphQL over HTTP; R4 graphql.html). */
export class NoGraphRequest extends Fault {
  readonly code = 'no-graphql-request';
  readonly status = 400;

  constructor(why: string) {
    super(`The request ${why}.`);
  }
}

/** The query and its variables are longer than any that is answered. */
export class GraphRequestTooLong extends Fault {
  readonly code = 'too-large';
  readonly status = 413;

  constructor() {
    super('The query is too long.');
  }
}

/** Of a body, or of a query in an address. */
export const MOST_CHARACTERS = 2 ** 20;

/** A query, with what belongs to it. */
export interface GraphRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A request by an address, and by a body of application/graphql, whose query it is: its parts as texts. @throws NoGraphRequest */
export function askedByTexts(pairs: readonly (readonly [string, string])[]): GraphRequest {
  const given = new Map(pairs);
  const variables = given.get('variables');
  return checked({ query: given.get('query'), operationName: given.get('operationName'), variables: variables && jsonOf(variables) });
}

/** A request by a JSON body: GraphQL's own, or FHIR's Parameters of the operation. @throws NoGraphRequest, GraphRequestTooLong */
export function askedByJson(text: string): GraphRequest {
  if (text.length > MOST_CHARACTERS) throw new GraphRequestTooLong();
  const body = jsonOf(text);
  if (Array.isArray(body)) throw new NoGraphRequest('asks for several queries at once: one at a time, please');
  if (!isObject(body)) throw new NoGraphRequest('has a body that is no object');
  return body['resourceType'] === 'Parameters' ? askedByTexts(parameterPairs(body)) : checked(body);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NoGraphRequest('has something that must be JSON, and is not');
  }
}

/** GraphQL over HTTP, "Request parameters". */
function checked({ query, operationName, variables }: { query?: unknown; operationName?: unknown; variables?: unknown }): GraphRequest {
  if (typeof query !== 'string' || query === '') throw new NoGraphRequest('has no query');
  if (query.length > MOST_CHARACTERS) throw new GraphRequestTooLong();
  const [name, given] = [operationName ?? '', variables ?? {}];
  if (typeof name !== 'string') throw new NoGraphRequest('has an operationName that is no text');
  if (!isObject(given)) throw new NoGraphRequest('has variables that are no object');
  return { query, operationName: name === '' ? undefined : name, variables: given };
}

/** HL7's suite is five levels deep; an imaging report with its patient, results, what they are of and by whom, ten. */
const LIMITS: Omit<QueryLimits, 'isDescribed'> = { depth: 15, fields: 500, aliases: 50, operations: ['query'] };

/** A query's document, or why it is none that is answered here. @param isDescribed  whether the graph says anything of itself */
export function graphDocument(query: string, isDescribed: boolean): DocumentNode | readonly GraphQLError[] {
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens: MAXIMUM_TOKENS });
  } catch (error) {
    if (error instanceof GraphQLError) return [ofSyntax(error)];
    if (error instanceof RangeError)
      return [new GraphQLError('The query is nested too deeply.', { extensions: { code: 'QUERY_TOO_DEEP' } })];
    throw error;
  }
  const errors = limitErrors(document, { ...LIMITS, isDescribed });
  return errors.length > 0 ? errors : document;
}

const ofSyntax = ({ message, source, positions }: GraphQLError): GraphQLError =>
  new GraphQLError(message, { source, positions, extensions: { code: 'GRAPHQL_PARSE_FAILED' } });
