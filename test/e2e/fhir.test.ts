import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, DiagnosticReport, FhirResource, OperationOutcome, Patient } from 'fhir/r4.js';
import { r4Faults, references } from '../reporting/fhir/r4-faults.js';
import { aChestXray } from './instances.js';
import { aPhantom, found, idle, onRecord, reportOf } from './phantoms.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
const TYPES = ['DiagnosticReport', 'Observation', 'ImagingStudy', 'Patient', 'Device', 'DocumentReference', 'Endpoint', 'Provenance'];
const HANDS = 26;
const HOSTILE = '<img onerror>^"Bobby"&\'--';

let wetread: Wetread;
let report: DiagnosticReport;
beforeAll(async () => {
  wetread = await Wetread.start();
  const phantom = aPhantom();
  const hands = Array.from({ length: HANDS }, (_, i) =>
    aChestXray({ BodyPartExamined: 'HAND', PatientID: `HAND-${i}`, IssuerOfPatientID: i === 0 ? 'ward, 3|b' : null }),
  );
  const hostile = aChestXray({
    BodyPartExamined: 'HAND',
    PatientName: HOSTILE,
    PatientID: 'A,B',
    StudyDescription: '</p><script>alert(1)</script>',
    SeriesDescription: '&amp;<b>',
  });
  const bare = aChestXray({
    BodyPartExamined: 'HAND',
    PatientName: null,
    PatientID: null,
    PatientBirthDate: null,
    PatientSex: null,
    StudyDate: null,
    StudyTime: null,
    AccessionNumber: null,
    StudyID: null,
    ReferringPhysicianName: null,
  });
  await wetread.store(phantom.bytes, hostile.bytes, bare.bytes, ...hands.map(({ bytes }) => bytes));
  report = await reportOf(wetread, phantom.studyInstanceUID);
  expect(await idle(wetread)).toEqual([]);
});
afterAll(() => wetread.remove());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> => wetread.fetch(`/fhir/${path}`, { headers });
const bundle = <T extends FhirResource = FhirResource>(search: string) => wetread.json<Bundle<T>>(`/fhir/${search}`, FHIR_JSON);
const totalOf = async (search: string) => (await bundle(search)).total;
const outcomeOf = async (answer: Response): Promise<{ status: number; type: string | null; outcome: OperationOutcome }> => ({
  status: answer.status,
  type: answer.headers.get('content-type'),
  outcome: (await answer.json()) as OperationOutcome,
});

describe('Read (R4 http.html#read)', () => {
  it('gives the resource with its version and time', async () => {
    const answer = await get(`DiagnosticReport/${report.id}`);
    expect(answer.headers.get('content-type')).toMatch(/^application\/fhir\+json/);
    expect(answer.headers.get('etag')).toBe('W/"1"');
    expect(Date.parse(answer.headers.get('last-modified') ?? '')).toBe(
      Math.floor(Date.parse(report.meta?.lastUpdated ?? '') / 1_000) * 1_000,
    );
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await answer.json()).toEqual(report);
  });

  it.each([
    ['W/"1"', 304],
    ['"1"', 304],
    ['W/"7", W/"1"', 304],
    ['*', 304],
    ['W/"2"', 200],
  ])('answers If-None-Match: %s with %i', async (ifNoneMatch, status) => {
    const answer = await get(`DiagnosticReport/${report.id}`, { 'if-none-match': ifNoneMatch });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('etag')).toBe('W/"1"');
    expect((await answer.text()) === '').toBe(status === 304);
  });

  it.each([
    ['application/fhir+json', FHIR_JSON],
    ['application/json', 'application/json'],
    ['text/html;q=0.1, application/*', FHIR_JSON],
    ['*/*', FHIR_JSON],
  ])('gives Accept: %s what it asks for', async (accept, given) => {
    expect((await get(`DiagnosticReport/${report.id}`, { accept })).headers.get('content-type')).toContain(given);
  });

  it.each(['json', 'application/json', 'application/fhir%2Bjson', 'application/fhir+json'])(
    'takes _format=%s before Accept',
    async (format) => {
      expect((await get(`DiagnosticReport/${report.id}?_format=${format}`, { accept: 'text/html' })).status).toBe(200);
    },
  );
});

describe('Search (R4 search.html)', () => {
  it('finds by patient, subject and reference, in both ways of writing it', async () => {
    const patient = report.subject?.reference ?? '';
    for (const search of [`patient=${patient}`, `patient=${patient.slice(8)}`, `subject=${patient}`, `patient=nobody,${patient}`]) {
      expect(await found(wetread, `DiagnosticReport?${search}`)).toEqual([report]);
      expect(await totalOf(`Observation?${search}`)).toBe(report.result?.length);
    }
    expect(await totalOf('DiagnosticReport?patient=Patient/nobody')).toBe(0);
  });

  it.each([
    ['a value of any system', 'identifier=HAND-3', 1],
    ['a system and a value', 'identifier=urn:wetread:patient-id%7CHAND-3', 1],
    ['a value of no system', 'identifier=%7CHAND-3', 0],
    ['a system, whatever the value', 'identifier=urn:wetread:patient-id%7C', HANDS + 1],
    ['the system of its issuer', 'identifier=urn:wetread:issuer-of-patient-id:ward%252C%25203%257Cb%7CHAND-0', 1],
    ['one of two values', 'identifier=HAND-3,HAND-4', 2],
    ['both of two conditions', 'identifier=HAND-3&identifier=HAND-4', 0],
    ['a value with a comma in it', 'identifier=A%5C,B', 1],
    ['the two halves of it', 'identifier=A,B', 0],
    ['one id of several', '_id=nobody', 0],
  ])('finds patients by %s', async (_, search, total) => {
    expect(await totalOf(`Patient?${search}`)).toBe(total);
  });

  it.each([
    ['DiagnosticReport?status=preliminary', 1],
    ['DiagnosticReport?status=final', 0],
    ['DiagnosticReport?status=final,preliminary', 1],
    ['DiagnosticReport?status=http://hl7.org/fhir/diagnostic-report-status%7Cpreliminary', 1],
    ['ImagingStudy?status=available', HANDS + 3],
    ['ImagingStudy?identifier=%7CA1', HANDS + 1],
  ])('finds %s', async (search, total) => {
    expect(await totalOf(search)).toBe(total);
  });

  it('takes _lastUpdated with prefixes and dates of every precision', async () => {
    const at = report.meta?.lastUpdated ?? ''; // 2026-11-24T10:20:30.123Z
    const all = async (...conditions: string[]) =>
      totalOf(`DiagnosticReport?${conditions.map((one) => `_lastUpdated=${encodeURIComponent(one)}`).join('&')}`);
    for (const length of [4, 7, 10]) {
      const date = at.slice(0, length);
      expect([await all(date), await all(`ge${date}`), await all(`le${date}`)]).toEqual([1, 1, 1]);
      expect([await all(`gt${date}`), await all(`lt${date}`), await all(`sa${date}`), await all(`eb${date}`)]).toEqual([0, 0, 0, 0]);
    }
    for (const moment of [at, `${at.slice(0, 19)}Z`, `${at.slice(0, 16)}Z`, at.replace('Z', '+00:00')])
      expect([moment, await all(moment)]).toEqual([moment, 1]);
    const later = new Date(Date.parse(at) + 1).toISOString();
    expect([
      await all(`ge${at}`),
      await all(`gt${at}`),
      await all(`le${at}`),
      await all(`lt${at}`),
      await all(`ge${later}`),
      await all(`lt${later}`),
    ]).toEqual([1, 0, 1, 0, 0, 1]);
    expect([await all('ge2020', `lt${later}`), await all('ge2020', `lt${at}`), await all('2020')]).toEqual([1, 0, 0]);
  });

  it('pages by its next links without loss or repetition, newest first', async () => {
    const ids: string[] = [];
    const times: string[] = [];
    let pages = 0;
    for (let path: string | undefined = 'Patient?_count=7'; path !== undefined; pages += 1) {
      const page: Bundle = await bundle(path);
      expect(page.total).toBe(HANDS + 3);
      ids.push(...(page.entry ?? []).map(({ resource }) => resource?.id ?? ''));
      times.push(...(page.entry ?? []).map(({ resource }) => resource?.meta?.lastUpdated ?? ''));
      path = page.link?.find(({ relation }) => relation === 'next')?.url.replace(`${wetread.url}/fhir/`, '');
    }
    expect(ids).toHaveLength(HANDS + 3);
    expect(new Set(ids).size).toBe(HANDS + 3);
    expect(times).toEqual([...times].sort().reverse());
    expect(pages).toBe(Math.ceil((HANDS + 3) / 7));
  });

  it('gives the total alone for _count=0, and no link to a page after the last', async () => {
    expect(await bundle('Patient?_count=0')).toEqual({
      resourceType: 'Bundle',
      type: 'searchset',
      total: HANDS + 3,
      link: [{ relation: 'self', url: `${wetread.url}/fhir/Patient?_count=0` }],
    });
    expect((await bundle(`Patient?_count=${HANDS + 3}`)).link?.map(({ relation }) => relation)).toEqual(['self']);
    expect((await bundle('Patient?_count=999999999')).entry).toHaveLength(HANDS + 3);
  });

  it('says in its self link what it searched for', async () => {
    const { link } = await bundle('Patient?identifier=HAND-3&_count=5');
    expect(new URL(link?.[0].url ?? '').search).toBe('?identifier=HAND-3&_count=5');
  });

  it('refuses a parameter it does not have, and ignores it only where the client asks for that', async () => {
    expect((await get('Patient?shoe=Doe')).status).toBe(400);
    expect((await get('Patient?shoe=Doe', { prefer: 'handling=strict' })).status).toBe(400);
    const lenient = await get('Patient?shoe=Doe&identifier=HAND-3', { prefer: 'handling=lenient' });
    const { total, entry, link } = (await lenient.json()) as Bundle;
    expect(total).toBe(1);
    expect(entry?.map(({ search }) => search?.mode)).toEqual(['match', 'outcome']);
    expect(entry?.[1].resource).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'warning', details: { text: expect.stringContaining('shoe') } }],
    });
    expect(link?.[0].url).not.toContain('shoe=');
  });

  it('is on record, with what was found and without what was searched for', async () => {
    await bundle('Patient?identifier=HAND-7');
    const last = (await onRecord(wetread, 'data.fetched')).at(-1);
    expect(last).toMatchObject({ entity: { type: 'Patient', id: 'search' }, changes: { parameters: ['identifier'], matches: 1 } });
    expect(JSON.stringify(last)).not.toContain('HAND-7');
  });
});

describe('Whatever fails below /fhir', () => {
  it.each<[string, string, RequestInit, number]>([
    ['an unknown type', 'Medication/1', {}, 404],
    ['an unknown type in a search', 'Medication', {}, 404],
    ['an unknown id', 'Patient/nobody', {}, 404],
    ['a malformed id', 'Patient/a_b', {}, 400],
    ['an id too long', `Patient/${'a'.repeat(65)}`, {}, 400],
    ['an id beyond all length', `Patient/${'a'.repeat(9_000)}`, {}, 414],
    ['a path too deep', 'Patient/1/2/3', {}, 404],
    ['an inherited name', '__proto__', {}, 404],
    ['a broken escape', 'Patient/%E0%A4%A', {}, 400],
    ['an unknown parameter', 'Patient?shoe=Doe', {}, 400],
    ['a count that is none', 'Patient?_count=many', {}, 400],
    ['a count below zero', 'Patient?_count=-1', {}, 400],
    ['a cursor of another', 'Patient?_cursor=abc', {}, 400],
    ['a cursor with a zero byte', `Patient?_cursor=${Buffer.from('["2026-01-01T00:00:00Z","\\u0000"]').toString('base64url')}`, {}, 400],
    ['a date that is none', 'Patient?_lastUpdated=yesterday', {}, 400],
    ['a month that is none', 'Patient?_lastUpdated=2026-13', {}, 400],
    ['a day that is none', 'Patient?_lastUpdated=2026-02-30', {}, 400],
    ['a prefix that is none', 'Patient?_lastUpdated=of2026', {}, 400],
    ['an empty value', 'Patient?identifier=', {}, 400],
    ['a zero byte', 'Patient?identifier=%00', {}, 400],
    ['a zero byte in an id', 'Patient?_id=%00', {}, 400],
    ['a type nobody can give', `Patient`, { headers: { accept: 'text/turtle' } }, 406],
    ['a format nobody can give', 'Patient?_format=ttl', {}, 406],
    ['a create of no JSON', 'Patient', { method: 'POST', headers: { 'content-type': FHIR_JSON }, body: '{' }, 400],
    ['a create of nothing', 'Patient', { method: 'POST', headers: { 'content-type': FHIR_JSON } }, 400],
    ['a create in Turtle', 'Patient', { method: 'POST', headers: { 'content-type': 'text/turtle' }, body: '[]' }, 415],
    ['a create of no XML', 'Patient', { method: 'POST', headers: { 'content-type': 'application/fhir+xml' }, body: '<Patient>' }, 400],
    [
      'an update of another id',
      'Patient/1',
      { method: 'PUT', headers: { 'content-type': FHIR_JSON }, body: '{"resourceType":"Patient","id":"2"}' },
      400,
    ],
    ['a patch of plain JSON', 'Patient/1', { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: '[]' }, 415],
    ['a patch of nobody', 'Patient/1', { method: 'PATCH', headers: { 'content-type': 'application/json-patch+json' }, body: '[]' }, 404],
    ['a deletion of all', 'Patient', { method: 'DELETE' }, 400],
  ])('is an OperationOutcome: %s', async (_, path, init, expected) => {
    const { status, type, outcome } = await outcomeOf(await wetread.fetch(`/fhir/${path}`, init));
    expect(status).toBe(expected);
    expect(type).toMatch(/^application\/fhir\+json/);
    expect(outcome).toEqual({
      resourceType: 'OperationOutcome',
      issue: [
        {
          severity: 'error',
          code: expect.stringMatching(/^[a-z-]+$/),
          details: {
            coding: [{ system: 'urn:wetread:fault', code: expect.stringMatching(/^[a-z-]+$/) }],
            text: expect.stringMatching(/\w{3}.*\.$/),
          },
          ...(init?.method === 'PUT' && { expression: ['id'] }),
        },
      ],
    });
    expect(JSON.stringify(outcome)).not.toMatch(/Doe|yesterday|nobody|node_modules|dist\//);
  });

  it('names the methods that an address takes', async () => {
    const answer = await wetread.fetch('/fhir/Patient/1', { method: 'POST', headers: { 'content-type': FHIR_JSON }, body: '{}' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT']);
  });
});

describe('Every resource that is served', () => {
  it('keeps the rules of R4, and every reference in it leads to another', async () => {
    const all = (await Promise.all(TYPES.map((type) => found<FhirResource>(wetread, `${type}?_count=1000`)))).flat();
    expect(all.length).toBeGreaterThan(2 * HANDS);
    const known = new Set(all.map(({ resourceType, id }) => `${resourceType}/${id}`));
    expect(all.flatMap((one) => r4Faults(one).map((fault) => `${one.resourceType}: ${fault}`))).toEqual([]);
    expect(all.flatMap(references).filter((one) => !known.has(one))).toEqual([]);
  });

  it('never turns a header into markup', async () => {
    const [patient] = await found<Patient>(wetread, 'Patient?identifier=A%5C,B');
    expect(patient.name?.[0].family).toBe('<img onerror>');
    expect(patient.text?.div).toContain('&lt;img');
    for (const type of TYPES)
      for (const { text } of await found<Patient>(wetread, `${type}?_count=1000`))
        expect(text?.div ?? '').not.toMatch(/<(?!\/?(div|p)[ >])/);
  });
});
