import { expect } from '@jest/globals';
import type { Bundle, BundleEntry, FhirResource } from 'fhir/r4.js';
import type { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';

export const bundleOf = (type: 'batch' | 'transaction', ...entry: BundleEntry[]): Bundle => ({ resourceType: 'Bundle', type, entry });

export const postBundle = (wetread: Wetread, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  wetread.fetch('/fhir', { method: 'POST', headers: { 'content-type': FHIR_JSON, ...headers }, body: JSON.stringify(body) });

/** The entries of the answer to a batch or transaction that is done. */
export async function ranBundle(wetread: Wetread, bundle: Bundle, headers: Record<string, string> = {}): Promise<BundleEntry[]> {
  const answer = await postBundle(wetread, bundle, headers);
  if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
  const { type, entry = [] } = (await answer.json()) as Bundle;
  expect(type).toBe(`${bundle.type}-response`);
  return entry;
}

export const create = (resource: FhirResource, fullUrl?: string, ifNoneExist?: string): BundleEntry => ({
  ...(fullUrl !== undefined && { fullUrl }),
  resource,
  request: { method: 'POST', url: resource.resourceType, ...(ifNoneExist !== undefined && { ifNoneExist }) },
});

/** The nth name that an entry may go by. */
export const URN = (n: number) => `urn:uuid:00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

export const get = (url: string): BundleEntry => ({ request: { method: 'GET', url } });

export const statuses = (entries: readonly BundleEntry[]) => entries.map(({ response }) => response?.status.slice(0, 3));
