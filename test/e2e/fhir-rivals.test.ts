import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, ImagingStudy, OperationOutcome, StructureDefinition } from 'fhir/r4.js';
import { aPhantom, reportOf } from './phantoms.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
let wetread: Wetread;
let study: ImagingStudy;
let profile: StructureDefinition;
beforeAll(async () => {
  wetread = await Wetread.start();
  const phantom = aPhantom();
  expect((await wetread.store(phantom.bytes)).status).toBe(200);
  await reportOf(wetread, phantom.studyInstanceUID);
  study = await first<ImagingStudy>('ImagingStudy');
  profile = await first<StructureDefinition>('StructureDefinition');
});
afterAll(() => wetread.remove());

const first = async <T extends ImagingStudy | StructureDefinition>(type: string): Promise<T> =>
  (await wetread.json<Bundle<T>>(`/fhir/${type}?_count=1`, FHIR_JSON)).entry?.[0].resource as T;
const send = async (method: string, path: string, body: object): Promise<[number, string | undefined]> => {
  const type = Array.isArray(body) ? 'application/json-patch+json' : FHIR_JSON;
  const answer = await wetread.fetch(`/fhir/${path}`, { method, headers: { 'content-type': type }, body: JSON.stringify(body) });
  const { issue } = (await answer.json()) as Partial<OperationOutcome>;
  return [answer.status, issue?.[0].details?.coding?.[0].code];
};
const aStudy = (more: object): object => ({
  resourceType: 'ImagingStudy',
  status: 'available',
  subject: { reference: 'Patient/p' },
  ...more,
});

describe("What contradicts the server's own truth", () => {
  it('is refused: another ImagingStudy of a study that the archive has, however it comes', async () => {
    const rival = aStudy({ identifier: study.identifier });
    expect(await send('POST', 'ImagingStudy', rival)).toEqual([409, 'record-rivals']);
    expect(await send('PUT', 'ImagingStudy/mine', { ...rival, id: 'mine' })).toEqual([409, 'record-rivals']);
    expect(await send('PUT', `ImagingStudy/${study.id}`, { ...rival, id: study.id })).toEqual([409, 'record-owned']);
    const request = { method: 'POST', url: 'ImagingStudy' };
    const entry = [
      { resource: aStudy({}), request },
      { resource: rival, request },
    ];
    expect(await send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry })).toEqual([409, 'record-rivals']);
    const uid = (study.identifier?.[0].value ?? '').replace('urn:oid:', '');
    for (const [system, value] of [
      [undefined, `urn:oid:${uid}`],
      ['urn:ietf:rfc:3986', `urn:oid:${uid}`],
      ['URN:DICOM:UID', `URN:OID:${uid}`],
      ['urn:dicom:uid', uid],
    ]) {
      const spelled = await send('POST', 'ImagingStudy', aStudy({ identifier: [{ ...(system && { system }), value }] }));
      expect([system, value, spelled]).toEqual([system, value, [409, 'record-rivals']]);
    }
    const found = await wetread.json<Bundle>(`/fhir/ImagingStudy?identifier=${study.identifier?.[0].value}`, FHIR_JSON);
    expect(found.total).toBe(1);
  });

  it('is refused by a patch, too', async () => {
    expect(
      await send('PUT', 'ImagingStudy/other', aStudy({ id: 'other', identifier: [{ system: 'urn:dicom:uid', value: 'urn:oid:1.2.3' }] })),
    ).toEqual([201, undefined]);
    const patch = [{ op: 'replace', path: '/identifier', value: study.identifier }];
    expect(await send('PATCH', 'ImagingStudy/other', patch)).toEqual([409, 'record-rivals']);
    expect(await send('PATCH', 'ImagingStudy/other', [{ op: 'replace', path: '/id', value: 'renamed' }])).toEqual([400, 'address-differs']);
    expect(await send('PATCH', 'ImagingStudy/other', [{ op: 'remove', path: '/id' }])).toEqual([400, 'address-differs']);
  });

  it('is refused: a report by an identifier that only the server gives', async () => {
    const identifier = [{ system: 'urn:wetread:report', value: 'mine' }];
    const report = { resourceType: 'DiagnosticReport', status: 'final', code: { text: 'x' }, identifier };
    expect(await send('POST', 'DiagnosticReport', report)).toEqual([409, 'record-rivals']);
  });

  it('is told by $validate before it is tried', async () => {
    const rival = aStudy({ identifier: study.identifier });
    expect(await send('POST', 'ImagingStudy/$validate?mode=create', rival)).toEqual([200, 'record-rivals']);
    expect(await send('POST', 'ImagingStudy/other/$validate?mode=update', { ...rival, id: 'other' })).toEqual([200, 'record-rivals']);
    expect(await send('POST', 'ImagingStudy/$validate', rival)).toEqual([200, undefined]);
  });

  it('is refused: another definition by a canonical of this server', async () => {
    const { id: _id, meta: _meta, ...definition } = profile;
    expect(definition.url).toMatch(/^urn:wetread:/);
    expect(await send('POST', 'StructureDefinition', definition)).toEqual([409, 'record-rivals']);
    expect(await send('POST', 'StructureDefinition', { ...definition, url: 'urn:elsewhere:profile' })).toEqual([201, undefined]);
    expect(await send('POST', 'ValueSet', { resourceType: 'ValueSet', url: 'urn:wetread:x', status: 'draft' })).toEqual([
      409,
      'record-rivals',
    ]);
  });

  it('leaves the studies of others alone', async () => {
    const theirs = aStudy({ identifier: [{ system: 'urn:dicom:uid', value: 'urn:oid:1.2.3.4' }] });
    expect(await send('POST', 'ImagingStudy', theirs)).toEqual([201, undefined]);
    expect(await send('POST', 'ImagingStudy', theirs)).toEqual([201, undefined]);
  });
});
