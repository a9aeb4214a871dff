import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, FhirResource, OperationOutcome } from 'fhir/r4.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
let wetread: Wetread;
const observation = (id: string, code: string): FhirResource => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { coding: [{ system: 'urn:s', code }] },
});
const valueSet = (id: string, more: object, ...codes: string[]): FhirResource => ({
  resourceType: 'ValueSet',
  id,
  url: `urn:set:${id.split('-')[0]}`,
  status: 'active',
  compose: { include: [{ system: 'urn:s', concept: codes.map((code) => ({ code })) }] },
  ...more,
});
beforeAll(async () => {
  wetread = await Wetread.start();
  const resources = [
    ...['a', 'b', 'c'].map((code) => observation(code, code)),
    valueSet('ab-1', { version: '1' }, 'a'),
    valueSet('ab-2', { version: '2' }, 'a', 'b'),
    valueSet('filtered', { compose: { include: [{ system: 'urn:s', filter: [{ property: 'p', op: '=', value: 'v' }] }] } }),
  ];
  for (const resource of resources) await put(resource);
});
afterAll(() => wetread.remove());

async function put(resource: FhirResource): Promise<void> {
  const headers = { 'content-type': FHIR_JSON };
  const body = JSON.stringify(resource);
  expect((await wetread.fetch(`/fhir/${resource.resourceType}/${resource.id}`, { method: 'PUT', headers, body })).status).toBeLessThan(300);
}
const found = async (query: string): Promise<string[]> =>
  ((await wetread.json<Bundle>(`/fhir/${query}`, FHIR_JSON)).entry ?? []).map(({ resource }) => resource?.id ?? '').sort();

describe(':in and :not-in of a value set that is stored here (R4 search.html#token)', () => {
  it.each([
    ['by its canonical: the latest', 'Observation?code:in=urn:set:ab', ['a', 'b']],
    ['by its version', 'Observation?code:in=urn:set:ab|1', ['a']],
    ['by its id', 'Observation?code:in=ValueSet/ab-1', ['a']],
    ['or another', 'Observation?code:in=ValueSet/ab-1,urn:set:ab', ['a', 'b']],
    ['not in it', 'Observation?code:not-in=urn:set:ab', ['c']],
    ['beside one of R4', 'Observation?code:in=urn:set:ab&status:in=http://hl7.org/fhir/ValueSet/observation-status', ['a', 'b']],
  ])('finds %s', async (_, query, ids) => {
    expect(await found(query)).toEqual(ids);
  });

  it('is asked by POST, in a batch and in a transaction alike', async () => {
    const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'code:in=urn:set:ab|1' };
    expect(((await (await wetread.fetch('/fhir/Observation/_search', form)).json()) as Bundle).total).toBe(1);
    for (const type of ['batch', 'transaction']) {
      const entry = [{ request: { method: 'GET', url: 'Observation?code:in=urn:set:ab' } }];
      const body = JSON.stringify({ resourceType: 'Bundle', type, entry });
      const answer = await wetread.fetch('/fhir', { method: 'POST', headers: { 'content-type': FHIR_JSON }, body });
      expect([type, ((await answer.json()) as Bundle<Bundle>).entry?.[0].resource?.total]).toEqual([type, 2]);
    }
  });

  it('is refused where it is not known what is in it', async () => {
    for (const set of ['urn:set:nowhere', 'urn:set:filtered', 'urn:set:ab|3', 'ValueSet/nobody']) {
      const answer = await wetread.fetch(`/fhir/Observation?code:in=${set}`);
      const [{ details }] = ((await answer.json()) as OperationOutcome).issue;
      expect([set, answer.status, details?.text]).toEqual([set, 400, expect.stringContaining('not known here')]);
    }
  });

  it('follows the value set as it changes', async () => {
    await put(valueSet('changing', {}, 'a'));
    expect(await found('Observation?code:in=urn:set:changing')).toEqual(['a']);
    await put(valueSet('changing', {}, 'c'));
    expect(await found('Observation?code:in=urn:set:changing')).toEqual(['c']);
    await wetread.fetch('/fhir/ValueSet/changing', { method: 'DELETE' });
    expect((await wetread.fetch('/fhir/Observation?code:in=urn:set:changing')).status).toBe(400);
  });
});
