import { expect } from '@jest/globals';
import type { FhirResource } from 'fhir/r4.js';
import type { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';

export interface GraphAnswer {
  readonly data?: Record<string, unknown>;
  readonly errors?: readonly { message: string; path?: unknown; extensions: { code: string; status?: number } }[];
}

interface Asking {
  /** The address; the whole server where it is not said. */
  readonly at?: string;
  readonly variables?: object;
  readonly accept?: string;
}

/** FHIR's GraphQL of a server, as a client asks it. */
export class FhirGraphClient {
  constructor(private readonly wetread: Wetread) {}

  post(body: string, at = '$graphql', headers: Record<string, string> = {}): Promise<Response> {
    return this.wetread.fetch(`/fhir/${at}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
  }

  async ask(query: string, { at, variables, accept = 'application/json' }: Asking = {}): Promise<GraphAnswer> {
    return (await (await this.post(JSON.stringify({ query, variables }), at, { accept })).json()) as GraphAnswer;
  }

  /** What is given where there is nothing wrong. */
  async data(query: string, asking?: Asking): Promise<unknown> {
    const { data, errors } = await this.ask(query, asking);
    expect(errors).toBeUndefined();
    return data;
  }

  async codes(query: string, asking?: Asking): Promise<string[]> {
    return ((await this.ask(query, asking)).errors ?? []).map(({ extensions }) => extensions.code);
  }
}

/** Puts a resource by its id. */
export async function put(wetread: Wetread, resource: FhirResource): Promise<void> {
  const init = { method: 'PUT', headers: { 'content-type': FHIR_JSON }, body: JSON.stringify(resource) };
  const answer = await wetread.fetch(`/fhir/${resource.resourceType}/${resource.id}`, init);
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
}
