import { BadGraphArgument } from './faults.js';
import type { AskedOperation } from './operations.js';

/** What a JSON body asks for. @throws BadGraphArgument */
export function askedByBody(body: unknown): AskedOperation {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new BadGraphArgument('query', 'must stand in one JSON object');
  const { query, operationName, variables } = body as Record<string, unknown>;
  return checked(query, operationName ?? undefined, variables ?? undefined);
}

/** What the query of an address asks for (GraphQL over HTTP, GET). @throws BadGraphArgument */
export function askedByAddress(url: string): AskedOperation {
  const { searchParams } = new URL(url, 'http://server');
  const variables = searchParams.get('variables');
  return checked(
    searchParams.get('query'),
    searchParams.get('operationName') ?? undefined,
    variables === null ? undefined : parsed(variables),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadGraphArgument('variables', 'must be JSON');
  }
}

function checked(query: unknown, operationName: unknown, variables: unknown): AskedOperation {
  if (typeof query !== 'string') throw new BadGraphArgument('query', 'must be there');
  if (operationName !== undefined && typeof operationName !== 'string') throw new BadGraphArgument('operationName', 'must be a name');
  if (variables !== undefined && (typeof variables !== 'object' || variables === null || Array.isArray(variables)))
    throw new BadGraphArgument('variables', 'must be an object');
  return { query, operationName, variables: variables as AskedOperation['variables'] };
}
