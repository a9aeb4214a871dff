import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, FhirResource, OperationOutcome } from 'fhir/r4.js';
import { aPhantom, idle, reportOf } from './phantoms.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
beforeAll(async () => (wetread = await Wetread.start()));
afterAll(() => wetread.remove());

const validate = async (type: string, body: string, contentType = 'application/fhir+json', query = '') => {
  const answer = await fetch(`${wetread.url}/fhir/${type}/$validate${query}`, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body,
  });
  return { status: answer.status, outcome: (await answer.json()) as OperationOutcome };
};
const errors = ({ issue }: OperationOutcome) =>
  issue.filter(({ severity }) => severity === 'error').map(({ expression }) => expression?.[0]);

describe('$validate', () => {
  it('finds nothing wrong with any resource that the server itself makes of a study', async () => {
    const phantom = aPhantom();
    expect((await wetread.store(phantom.bytes)).status).toBe(200);
    await reportOf(wetread, phantom.studyInstanceUID);
    await idle(wetread);
    for (const type of ['DiagnosticReport', 'Observation', 'ImagingStudy', 'Patient', 'Device', 'Endpoint', 'Provenance']) {
      const { entry = [] } = await wetread.json<Bundle<FhirResource>>(`/fhir/${type}`, 'application/fhir+json');
      expect([type, entry.length > 0]).toEqual([type, true]);
      for (const { resource } of entry) {
        const { status, outcome } = await validate(type, JSON.stringify(resource));
        expect([type, status, errors(outcome)]).toEqual([type, 200, []]);
        expect(outcome.issue[0].severity).toBe('information');
      }
    }
    const whole = await wetread.json<Bundle>('/fhir/DiagnosticReport', 'application/fhir+json');
    expect(errors((await validate('Bundle', JSON.stringify(whole))).outcome)).toEqual([]);
    expect(
      errors(
        (await validate('CapabilityStatement', JSON.stringify(await wetread.json('/fhir/metadata', 'application/fhir+json')))).outcome,
      ),
    ).toEqual([]);
  });

  it.each(['application/fhir+json', 'application/json; charset=utf-8'])('names every fault with its place (%s)', async (contentType) => {
    const text = '{"resourceType":"Patient","gender":"m","gender":"x","birthDate":"2026-13-01"}';
    const { status, outcome } = await validate('Patient', text, contentType);
    expect([status, errors(outcome)]).toEqual([200, ['Patient.gender', 'Patient.gender', 'Patient.birthDate']]);
    expect(JSON.stringify(outcome)).not.toContain('2026-13-01'); // what is wrong may be PHI
  });

  it('takes Parameters too, with a profile, and says which it does not know', async () => {
    const resource = { resourceType: 'Patient', active: 'yes' };
    const parameters = (...more: object[]) =>
      JSON.stringify({ resourceType: 'Parameters', parameter: [{ name: 'resource', resource }, ...more] });
    expect(errors((await validate('Patient', parameters())).outcome)).toEqual(['Parameters.parameter[0].resource.active']);
    expect(errors((await validate('Observation', parameters())).outcome)).toContain('resourceType');
    expect(errors((await validate('Patient', '{"resourceType":"Parameters"}')).outcome)).toEqual(['Parameters.parameter']);
    const profile = { name: 'profile', valueUri: 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient' };
    expect(errors((await validate('Patient', parameters(profile))).outcome)).toEqual(['Parameters.parameter[0].resource.active']);
    const ofUsCore = profile.valueUri;
    const bare = '{"resourceType":"Patient","name":[{"family":"X"}]}';
    expect(errors((await validate('Patient', bare)).outcome)).toEqual([]);
    expect(errors((await validate(`Patient`, bare, undefined, `?profile=${ofUsCore}`)).outcome)).toEqual(['Patient.identifier']);
    expect(errors((await validate('Patient', bare, undefined, '?profile=urn:other')).outcome)).toEqual(['profile']);
    const declaring = `{"resourceType":"Patient","meta":{"profile":["${ofUsCore}","urn:other"]},"name":[{"family":"X"}]}`;
    const { outcome } = await validate('Patient', declaring);
    expect(outcome.issue.map(({ severity, expression }) => [severity, expression?.[0]])).toEqual([
      ['error', 'Patient.identifier'],
      ['warning', 'Patient.meta.profile[1]'],
    ]);
  });

  it.each<[string, string, string, number, string]>([
    ['another type than the address says', 'Observation', '{"resourceType":"Patient"}', 200, 'invalid'],
    ['a type that R4 does not have', 'Patience', '{"resourceType":"Patient"}', 404, 'not-found'],
    ['what is no JSON', 'Patient', '{', 400, 'invalid'],
    ['nothing', 'Patient', '', 400, 'invalid'],
  ])('answers %s by an OperationOutcome', async (_, type, body, status, code) => {
    const { status: given, outcome } = await validate(type, body);
    expect([given, outcome.resourceType, outcome.issue[0].code]).toEqual([status, 'OperationOutcome', code]);
  });

  it('changes nothing of what may not be changed', async () => {
    const answer = await fetch(`${wetread.url}/fhir/Patient/1`, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: '{}',
    });
    expect(answer.status).toBe(405);
  });
});

describe('$validate of one resource', () => {
  const send = async (method: string, path: string, body?: object, accept = 'application/fhir+json') => {
    const headers = { accept, ...(body && { 'content-type': 'application/fhir+json' }) };
    const answer = await fetch(`${wetread.url}/fhir/${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return { status: answer.status, text: await answer.text() };
  };
  const issues = async (method: string, path: string, body?: object) => {
    const { status, text } = await send(method, path, body);
    const { issue } = JSON.parse(text) as OperationOutcome;
    const said = issue.map(({ severity, expression, details }) =>
      `${severity} ${details?.coding?.[0].code ?? expression?.[0] ?? ''}`.trim(),
    );
    return [status, ...said];
  };
  const NOTHING = [200, 'information'];
  const bare = { resourceType: 'Patient', id: 'v', name: [{ family: 'X' }] };
  const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient';
  beforeAll(async () => {
    expect((await send('PUT', 'Patient/v', bare)).status).toBe(201);
  });

  it('looks at it as it is stored, and at what it would be', async () => {
    expect(await issues('GET', 'Patient/v/$validate')).toEqual(NOTHING);
    expect(await issues('POST', 'Patient/v/$validate')).toEqual(NOTHING);
    expect(await issues('GET', `Patient/v/$validate?profile=${US_CORE}`)).toEqual([200, 'error Patient.identifier']);
    const asked = { resourceType: 'Parameters', parameter: [{ name: 'profile', valueUri: US_CORE }] };
    expect(await issues('POST', 'Patient/v/$validate', asked)).toEqual([200, 'error Patient.identifier']);
    expect(await issues('POST', 'Patient/v/$validate', { ...bare, gender: 'x' })).toEqual([200, 'error Patient.gender']);
    expect(await issues('GET', 'Patient/nobody/$validate')).toEqual([404, 'error record-absent']);
  });

  it('says whether an update or a deletion would be taken, and does neither', async () => {
    expect(await issues('POST', 'Patient/v/$validate?mode=update', { ...bare, active: true })).toEqual(NOTHING);
    expect(await issues('POST', 'Patient/v/$validate?mode=update', { ...bare, id: 'w' })).toEqual([200, 'error address-differs']);
    expect(await issues('POST', 'Patient/v/$validate?mode=delete')).toEqual(NOTHING);
    const asked = { resourceType: 'Parameters', parameter: [{ name: 'mode', valueCode: 'delete' }] };
    expect(await issues('POST', 'Patient/v/$validate', asked)).toEqual(NOTHING);
    expect(JSON.parse((await send('GET', 'Patient/v')).text)).toMatchObject({ meta: { versionId: '1' } });
    const { entry = [] } = await wetread.json<Bundle<FhirResource>>('/fhir/Device?_count=1', 'application/fhir+json');
    const own = `Device/${entry[0].resource?.id}/$validate`;
    expect(await issues('POST', `${own}?mode=delete`)).toEqual([200, 'error record-owned']);
    expect(await issues('POST', `${own}?mode=update`)).toEqual([200, 'error record-owned']);
  });

  it('refuses a mode where it is of no sense', async () => {
    expect(await issues('POST', 'Patient/v/$validate?mode=create', bare)).toEqual([400, 'error bad-search-parameter']);
    expect(await issues('POST', 'Patient/$validate?mode=update', bare)).toEqual([400, 'error bad-search-parameter']);
    expect(await issues('POST', 'Patient/$validate?mode=shrug', bare)).toEqual([400, 'error bad-search-parameter']);
    expect(await issues('POST', 'Patient/$validate?mode=create', bare)).toEqual(NOTHING);
    // A search as a reference is for transactions: a creation would be refused.
    const conditional = { resourceType: 'Patient', managingOrganization: { reference: 'Organization?name=x' } };
    expect(await issues('POST', 'Patient/$validate?mode=create', conditional)).toEqual([
      200,
      'error Patient.managingOrganization.reference',
    ]);
  });

  it('answers in XML where that is asked for', async () => {
    const { text } = await send('GET', 'Patient/v/$validate', undefined, 'application/fhir+xml');
    expect(text).toContain('<OperationOutcome xmlns="http://hl7.org/fhir">');
  });
});
