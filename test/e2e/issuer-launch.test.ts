import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, ImagingStudy, Patient } from 'fhir/r4.js';
import { AnAuthorization, AnIssuer, CALLBACK, claimsOf, WEB_CALLBACK } from './an-issuer.js';
import { aChestXray } from './instances.js';
import { eventually, Wetread } from './wetread.js';

let wetread: Wetread;
let issuer: AnIssuer;
let clientId: string;
let eve: string;
let adam: string;
beforeAll(async () => {
  wetread = await Wetread.start();
  issuer = new AnIssuer(wetread);
  ({ clientId } = await issuer.app({
    scope: 'openid fhirUser launch launch/patient launch/encounter offline_access patient/*.rs user/*.rs',
  }));
  [eve, adam] = [await aPatient('Curie', 'Eve', '1904-12-06'), await aPatient('Smith', 'Adam', '1723-06-16')];
  await issuer.account('ada');
  await issuer.account('adam.smith', ['patient'], { patient: adam, fhirUser: `Patient/${adam}` });
  await issuer.account('admin', ['administrator']);
}, 120_000);
afterAll(async () => {
  await issuer.close();
  await wetread.remove();
});

async function aPatient(family: string, given: string, birthDate: string): Promise<string> {
  const resource: Patient = {
    resourceType: 'Patient',
    name: [{ family, given: [given] }],
    birthDate,
    identifier: [{ value: `MRN-${family}` }],
  };
  const headers = { 'content-type': 'application/fhir+json' };
  const answer = await wetread.fetch('/fhir/Patient', { method: 'POST', headers, body: JSON.stringify(resource) });
  return ((await answer.json()) as Patient).id ?? '';
}

async function aVisit(id: string, patient: string | undefined): Promise<void> {
  const visit = { resourceType: 'Encounter', id, status: 'in-progress', class: { code: 'AMB' } };
  const subject = patient === undefined ? {} : { subject: { reference: `Patient/${patient}` } };
  const headers = { 'content-type': 'application/fhir+json' };
  const body = JSON.stringify({ ...visit, ...subject });
  expect((await wetread.fetch(`/fhir/Encounter/${id}`, { method: 'PUT', headers, body })).status).toBe(201);
}

const launch = async (body: object): Promise<{ status: number; launch: string }> => {
  const headers = { 'content-type': 'application/json' };
  const answer = await wetread.fetch('/oauth/launch', { method: 'POST', headers, body: JSON.stringify(body) });
  return { ...((await answer.json()) as { launch: string }), status: answer.status };
};

describe('A standalone launch (SMART App Launch 2.2)', () => {
  it('lets the person find the patient by name, identifier or id, and tells the app', async () => {
    const authorization = new AnAuthorization(issuer, clientId);
    const picker = await authorization.logIn(await authorization.open('openid launch/patient patient/Observation.rs'), 'ada');
    expect(picker.text).toContain('Choose a patient');
    const { browser } = authorization;
    const find = (asked: string) => browser.get(`${picker.url}?${new URLSearchParams({ find: asked }).toString()}`);
    for (const asked of ['curie', 'eve cur', 'MRN-Curie', eve]) {
      const { text } = await find(asked);
      expect(text).toContain('born 1904-12-06');
      expect(text).not.toContain('SMITH');
    }
    expect((await find('nobody, really|$')).text).toContain('Nobody was found');
    const consent = await browser.submit(await find('curie'), { patient: eve, step: 'patient' });
    expect(consent.text).toContain('CURIE, Eve');
    const answer = await authorization.exchange(await authorization.allow(consent));
    expect(answer).toMatchObject({ status: 200, patient: eve, need_patient_banner: true });
    expect(claimsOf(answer.access_token)['patient']).toBe(eve);
  });

  it('asks for a patient before there is anything to allow, and for one who is there', async () => {
    const authorization = new AnAuthorization(issuer, clientId);
    const picker = await authorization.logIn(await authorization.open('patient/*.rs'), 'ada');
    expect((await authorization.browser.submit(picker, { scope: 'patient/*.rs', step: 'consent' })).text).toContain('Choose a patient');
    expect((await authorization.browser.submit(picker, { patient: 'not-there', step: 'patient' })).status).toBe(404);
  });

  it('shows patients to nobody whose role may not see them', async () => {
    const authorization = new AnAuthorization(issuer, clientId);
    const { url } = await authorization.logIn(await authorization.open('launch/patient'), 'admin');
    expect(new URL(url).searchParams.get('error')).toBe('access_denied');
  });

  it('is about a patient who logs in, whatever is asked', async () => {
    const answer = await new AnAuthorization(issuer, clientId).whole('adam.smith', 'launch/patient patient/*.rs');
    expect(answer.patient).toBe(adam);
    expect(claimsOf(answer.access_token)).toMatchObject({ patient: adam, roles: ['patient'], fhirUser: `Patient/${adam}` });
    const other = await new AnAuthorization(issuer, clientId).whole('adam.smith', 'user/*.rs');
    expect(claimsOf(other.access_token)['patient']).toBe(adam);
  });

  it('tells the app who it is that logs in: a patient by the account’s own Patient, nobody by a scope that says nothing', async () => {
    await issuer.account('eve.curie', ['patient'], { patient: eve });
    const answer = await new AnAuthorization(issuer, clientId).whole('eve.curie', 'openid fhirUser patient/*.rs');
    expect(answer.scope?.split(' ')).toContain('fhirUser');
    expect(claimsOf(answer.id_token)['fhirUser']).toBe(`${wetread.url}/fhir/Patient/${eve}`);
    expect(claimsOf(answer.access_token)['fhirUser']).toBe(`Patient/${eve}`);
    const nameless = await new AnAuthorization(issuer, clientId).whole('ada', 'openid fhirUser user/*.rs');
    expect(nameless.scope).toBe('openid user/*.rs');
    expect(claimsOf(nameless.id_token)).not.toHaveProperty('fhirUser');
  });

  it('keeps the patient of each authorization, also when it is refreshed', async () => {
    const authorization = new AnAuthorization(issuer, clientId);
    const about = async (patient: string, name: string) => {
      const opened = await authorization.open('launch/patient patient/*.rs offline_access');
      const picker = opened.text.includes('name="password"') ? await authorization.logIn(opened, 'ada') : opened;
      const found = await authorization.browser.get(`${picker.url}?find=${name}`);
      return authorization.exchange(await authorization.allow(await authorization.browser.submit(found, { patient, step: 'patient' })));
    };
    const [first, second] = [await about(eve, 'curie'), await about(adam, 'smith')];
    expect([first.patient, second.patient]).toEqual([eve, adam]);
    const again = await issuer.token({ grant_type: 'refresh_token', client_id: clientId, refresh_token: first.refresh_token ?? '' });
    expect([again.patient, claimsOf(again.access_token)['patient']]).toEqual([eve, eve]);
  });
});

describe('An EHR launch (SMART App Launch 2.2)', () => {
  it('hands the app what it is about, once', async () => {
    await aVisit('e1', eve);
    const { launch: handle, status } = await launch({ patient: eve, encounter: 'e1', intent: 'review', needPatientBanner: false });
    expect(status).toBe(201);
    const scope = 'openid launch launch/encounter patient/*.rs';
    const answer = await new AnAuthorization(issuer, clientId).whole('ada', scope, { launch: handle });
    expect(answer).toMatchObject({ status: 200, patient: eve, encounter: 'e1', intent: 'review', need_patient_banner: false, scope });
    expect((await launch({ patient: eve, encounter: 'made-up' })).status).toBe(404);
    const again = new AnAuthorization(issuer, clientId);
    const { searchParams } = new URL((await again.logIn(await again.open(scope, { launch: handle }), 'ada')).url);
    expect(searchParams.get('error')).toBe('invalid_request');
  });

  it('is for the app, the organisation and the minutes that it was begun for', async () => {
    const errorOf = async (handle: string | undefined, app = clientId, person = 'ada') => {
      const authorization = new AnAuthorization(issuer, app);
      return new URL(
        (await authorization.logIn(await authorization.open('launch patient/*.rs', { launch: handle }), person)).url,
      ).searchParams.get('error');
    };
    const { clientId: other } = await issuer.app();
    expect(await errorOf((await launch({ patient: eve, client_id: other })).launch)).toBe('invalid_request');
    expect(await errorOf((await launch({ patient: eve, client_id: clientId })).launch)).toBeNull();
    expect(await errorOf('made-up')).toBe('invalid_request');
    expect(await errorOf(undefined)).toBe('invalid_request');
    expect(await errorOf((await launch({ patient: eve })).launch, clientId, 'adam.smith')).toBe('access_denied');
    const { launch: late } = await launch({ patient: eve });
    await wetread.sql(`UPDATE oidc_state SET expires = now() - interval '1 s' WHERE model = 'Launch'`);
    expect(await errorOf(late)).toBe('invalid_request');
    const { launch: foreign } = await launch({ patient: eve });
    await wetread.sql(`UPDATE oidc_state SET payload = payload || '{"tenant": 2}' WHERE model = 'Launch'`);
    expect(await errorOf(foreign)).toBe('invalid_request');
  });

  it('is about somebody who is there, and what is asked must make sense', async () => {
    expect((await launch({ patient: 'not-there' })).status).toBe(404);
    expect((await launch({ patient: eve, imagingStudy: 'not-there' })).status).toBe(404);
    expect((await launch([])).status).toBe(400);
    expect((await launch({ patient: 7 })).status).toBe(400);
  });

  it('is about one patient: a visit or a study of another, or of nobody, is refused', async () => {
    await aVisit('adams', adam);
    await aVisit('nobodys', undefined);
    const { bytes, studyInstanceUID } = aChestXray({ PatientID: 'another' });
    await wetread.store(bytes);
    const study = await eventually(async () => {
      const found = await wetread.json<Bundle>(`/fhir/ImagingStudy?identifier=urn:oid:${studyInstanceUID}`);
      return found.entry?.[0]?.resource as ImagingStudy | undefined;
    }, 'ImagingStudy');
    const refused = { status: 422, code: 'launch-of-two-patients' };
    expect(await launch({ patient: eve, encounter: 'adams' })).toMatchObject(refused);
    expect(await launch({ patient: eve, encounter: 'nobodys' })).toMatchObject(refused);
    expect(await launch({ patient: eve, imagingStudy: study.id })).toMatchObject(refused);
    const whose = study.subject.reference?.replace('Patient/', '');
    expect((await launch({ patient: whose, imagingStudy: study.id })).status).toBe(201);
    expect((await launch({ patient: adam, encounter: 'adams' })).status).toBe(201);
  });

  it('tells nothing to an app that was not allowed to know', async () => {
    const authorization = new AnAuthorization(issuer, clientId);
    const { launch: handle } = await launch({ patient: eve });
    const consent = await authorization.logIn(await authorization.open('openid launch user/*.rs', { launch: handle }), 'ada');
    const answer = await authorization.exchange(await authorization.allow(consent, ['openid', 'user/*.rs']));
    expect(answer.scope).toBe('openid user/*.rs');
    expect(answer.patient).toBeUndefined();
    expect(claimsOf(answer.access_token)['patient']).toBeUndefined();
  });

  it('tells whom it is about, and that once, to an app that was allowed to know that alone', async () => {
    const { launch: handle } = await launch({ patient: eve, encounter: 'e1' });
    const scope = 'openid launch patient/*.rs';
    const begun = [new AnAuthorization(issuer, clientId), new AnAuthorization(issuer, clientId)];
    const consents: Awaited<ReturnType<AnAuthorization['logIn']>>[] = [];
    for (const one of begun) consents.push(await one.logIn(await one.open(scope, { launch: handle }), 'ada'));
    const [first, second] = consents;
    const answer = await begun[0].exchange(await begun[0].allow(first, ['openid', 'patient/*.rs']));
    expect([answer.patient, answer['encounter']]).toEqual([eve, undefined]);
    const { url } = await begun[1].allow(second, ['openid', 'patient/*.rs']);
    expect(new URL(url).searchParams.get('error')).toBe('invalid_request');
  });
});

describe('What belongs to the installation', () => {
  it('is granted what it is registered for without a question, and nothing that needs one', async () => {
    const { clientId: dashboard } = await issuer.app({
      name: 'Dashboard',
      firstParty: true,
      redirectUris: [WEB_CALLBACK],
      scope: 'openid fhirUser user/*.cruds launch/patient',
    });
    const authorization = new AnAuthorization(issuer, dashboard, undefined, WEB_CALLBACK);
    await issuer.account('grace', ['radiologist'], { fhirUser: 'Practitioner/grace' });
    const back = await authorization.logIn(await authorization.open('openid fhirUser user/*.cruds'), 'grace');
    expect((await authorization.exchange(back)).scope).toBe('openid fhirUser user/*.cruds');
    const silent = await authorization.open('openid fhirUser user/*.cruds', { prompt: 'none' });
    expect(await authorization.exchange(silent)).toMatchObject({ status: 200, scope: 'openid fhirUser user/*.cruds' });
    const nameless = new AnAuthorization(issuer, dashboard, undefined, WEB_CALLBACK);
    await nameless.logIn(await nameless.open('openid user/*.cruds'), 'ada');
    const withheld = await nameless.open('openid fhirUser user/*.cruds', { prompt: 'none' });
    expect(await nameless.exchange(withheld)).toMatchObject({ status: 200, scope: 'openid user/*.cruds' });
    expect((await authorization.open('launch/patient')).text).toContain('Choose a patient');
  });

  it('is asked for all the same where it is a program on this machine, as another there could pass for it', async () => {
    for (const redirectUris of [[CALLBACK], [WEB_CALLBACK, CALLBACK], ['https://localhost/callback'], ['com.example.app:/callback']]) {
      const { clientId: program } = await issuer.app({ firstParty: true, redirectUris, scope: 'openid user/*.rs' });
      const authorization = new AnAuthorization(issuer, program, undefined, redirectUris[0]);
      const consent = await authorization.logIn(await authorization.open('openid user/*.rs'), 'ada');
      expect([redirectUris, consent.text.includes('Allow access')]).toEqual([redirectUris, true]);
      const { url } = await authorization.open('openid user/*.rs', { prompt: 'none' });
      expect(new URL(url).searchParams.get('error')).toMatch(/^(consent|interaction)_required$/);
    }
  });
});

describe('An app that wants a patient', () => {
  it('is told that it gets none from who may look at nobody', async () => {
    await issuer.account('keeper', ['model-admin']);
    const denied = (url: string) => new URL(url).searchParams.get('error');
    const standalone = new AnAuthorization(issuer, clientId);
    expect(denied((await standalone.logIn(await standalone.open('openid launch/patient patient/*.rs'), 'keeper')).url)).toBe(
      'access_denied',
    );
    const { launch: handle } = await launch({ patient: eve });
    const launched = new AnAuthorization(issuer, clientId);
    expect(denied((await launched.logIn(await launched.open('openid launch user/*.rs', { launch: handle }), 'keeper')).url)).toBe(
      'access_denied',
    );
  });
});
