import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle } from 'fhir/r4.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());

const get = (path: string): Promise<Response> => wetread.fetch(`/fhir/${path}`);

describe('XML (R4 xml.html)', () => {
  const FHIR_XML = 'application/fhir+xml';
  const xml =
    '<Observation xmlns="http://hl7.org/fhir"><status value="final"/><code><text value="x"/></code><valueQuantity><value value="1.20"/></valueQuantity></Observation>';

  it('is taken and given wherever JSON is, and is the same resource', async () => {
    const made = await wetread.fetch('/fhir/Observation', {
      method: 'POST',
      headers: { 'content-type': FHIR_XML, accept: FHIR_XML },
      body: xml,
    });
    expect([made.status, made.headers.get('content-type')]).toEqual([201, `${FHIR_XML}; charset=utf-8; fhirVersion=4.0`]);
    const text = await made.text();
    expect(text).toMatch(/<valueQuantity><value value="1.20"\/><\/valueQuantity>/);
    const id = /<id value="([^"]+)"/.exec(text)?.[1] ?? '';
    expect(await (await get(`Observation/${id}`)).text()).toContain('"value":1.20');
    for (const path of [
      `Observation/${id}?_format=xml`,
      `Observation?_id=${id}&_format=application/fhir%2Bxml`,
      `Observation/${id}/_history?_format=xml`,
      'metadata?_format=xml',
    ])
      expect([path, (await (await get(path)).text()).slice(0, 60)]).toEqual([
        path,
        expect.stringMatching(/^<\?xml version="1.0" encoding="UTF-8"\?><(Observation|Bundle|Capabili)/),
      ]);
    const bundle = `<Bundle xmlns="http://hl7.org/fhir"><type value="batch"/><entry><resource>${xml}</resource><request><method value="POST"/><url value="Observation"/></request></entry></Bundle>`;
    const done = await wetread.fetch('/fhir', { method: 'POST', headers: { 'content-type': FHIR_XML }, body: bundle });
    expect(((await done.json()) as Bundle).entry?.[0].response?.status).toBe('201 Created');
  });

  it('that is wrong is refused in XML', async () => {
    const wrong = await wetread.fetch('/fhir/Observation', {
      method: 'POST',
      headers: { 'content-type': FHIR_XML, accept: FHIR_XML },
      body: xml.replace('final', 'finale'),
    });
    expect([wrong.status, await wrong.text()]).toEqual([
      422,
      expect.stringMatching(/<OperationOutcome .*<expression value="Observation.status"\/>/),
    ]);
    const broken = await wetread.fetch('/fhir/Observation', {
      method: 'POST',
      headers: { 'content-type': FHIR_XML, accept: FHIR_XML },
      body: '<Observation',
    });
    expect([broken.status, await broken.text()]).toEqual([400, expect.stringContaining('malformed-xml')]);
  });
});
