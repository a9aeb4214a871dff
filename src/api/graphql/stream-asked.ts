import { BadGraphArgument } from './faults.js';
import type { NamedOperation } from './operations.js';

/** What a JSON body asks for. @throws BadGraphArgument */
export function askedByBody(body: unknown): NamedOperation {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new BadGraphArgument('query', 'must stand in one JSON object');
  const { query, operationName, variables, extensions } = body as Record<string, unknown>;
  return checked(query ?? undefined, operationName ?? undefined, variables ?? undefined, extensions ?? undefined);
}

/** What the query of an address asks for (GraphQL over HTTP, GET). @throws BadGraphArgument */
export function askedByAddress(url: string): NamedOperation {
  const { searchParams } = new URL(url, 'http://server');
  const given = (name: string) => searchParams.get(name) ?? undefined;
  return checked(
    given('query'),
    given('operationName'),
    parsed('variables', given('variables')),
    parsed('extensions', given('extensions')),
  );
}

function parsed(name: string, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new BadGraphArgument(name, 'must be JSON');
  }
}

function checked(query: unknown, operationName: unknown, variables: unknown, extensions: unknown): NamedOperation {
  const hash = hashIn(extensions);
  if (query === undefined && hash === undefined) throw new BadGraphArgument('query', 'must be there, or its hash (persistedQuery)');
  if (query !== undefined && typeof query !== 'string') throw new BadGraphArgument('query', 'must be a text');
  if (operationName !== undefined && typeof operationName !== 'string') throw new BadGraphArgument('operationName', 'must be a name');
  if (variables !== undefined && !isObject(variables)) throw new BadGraphArgument('variables', 'must be an object');
  return { query, hash, operationName, variables };
}

/** The hash that stands for a document (Automatic Persisted Queries); undefined where there is none. @throws BadGraphArgument */
function hashIn(extensions: unknown): string | undefined {
  if (extensions === undefined) return undefined;
  if (!isObject(extensions)) throw new BadGraphArgument('extensions', 'must be an object');
  const { persistedQuery } = extensions;
  if (persistedQuery === undefined) return undefined;
  if (!isObject(persistedQuery) || persistedQuery['version'] !== 1 || typeof persistedQuery['sha256Hash'] !== 'string')
    throw new BadGraphArgument('persistedQuery', 'must have version 1 and a sha256Hash');
  return persistedQuery['sha256Hash'];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
