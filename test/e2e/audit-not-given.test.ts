import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ImagingStudy } from 'fhir/r4.js';
import { aWorkitem } from './a-workitem.js';
import { recordedBy } from './audit-trail.js';
import { bundleOf, create, get, ranBundle } from './bundle-requests.js';
import { aChestXray, bytesRamp, inRle, type TestInstance } from './instances.js';
import { found, graph, idle, imagingStudyOf } from './phantoms.js';
import { Wetread } from './wetread.js';

/** What was asked for and not given, or not done: one record each, and none that says that it was. */
const JSON_TYPE = 'application/fhir+json';
const PARTS = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
const study = { PatientID: 'NOT-GIVEN', PatientName: 'Given^Not', BodyPartExamined: 'HAND' };
const cine = aChestXray({ ...study, NumberOfFrames: 3 });
const inRleOf = (): TestInstance =>
  inRle(aChestXray({ ...study, BitsAllocated: 8, BitsStored: 8, HighBit: 7 }, { pixelData: bytesRamp(80) }), 80);
const rle = inRleOf();
/** In RLE, its frame garbage. */
const undecodable = ((): TestInstance => {
  const instance = inRleOf();
  instance.bytes.fill(0xff, instance.bytes.lastIndexOf(Buffer.from('feff00e0', 'hex')) + 8, instance.bytes.length - 8);
  return instance;
})();

let wetread: Wetread;
let imagingStudy = '';
beforeAll(async () => {
  wetread = await Wetread.start();
  await wetread.store(cine.bytes, undecodable.bytes, rle.bytes);
  await idle(wetread);
  const [known] = await found<ImagingStudy>(wetread, imagingStudyOf(cine.studyInstanceUID));
  imagingStudy = known.id ?? '';
});
afterAll(() => wetread.remove());

const recorded = (work: () => Promise<unknown>) => recordedBy(wetread, work);
const read = async (path: string, accept: string, status: number): Promise<void> => {
  const answer = await wetread.fetch(path, { headers: { accept } });
  await answer.arrayBuffer();
  expect([path, answer.status]).toEqual([path, status]);
};

describe('A refusal', () => {
  it.each<[what: string, path: string, accept: string]>([
    ['a resource that is not there', '/fhir/Patient/Quixote-19320229', JSON_TYPE],
    ['a patient’s data that are not there', '/fhir/Patient/Quixote-19320229/$everything', JSON_TYPE],
    ['a study that is not there', '/dicom-web/studies/2.25.1932022900001/metadata', 'application/dicom+json'],
    ['a frame that is not there', `${cine.path}/frames/9`, PARTS],
    ['an image that is not there', '/dicom-web/studies/2.25.1/series/2.25.1/instances/2.25.1/rendered', 'image/png'],
  ])('of %s leaves one, which quotes nothing of it', async (_, path, accept) => {
    const records = await recorded(() => read(path, accept, 404));
    expect(records.map(({ event }) => [event.action, event.outcome])).toEqual([['access.refused', 'refused']]);
    expect(JSON.stringify(records)).not.toMatch(/Quixote|1932/);
  });

  const native = 'application/dicom; transfer-syntax=1.2.840.10008.1.2.1';
  it.each<[what: string, path: () => string, accept: string, status: number]>([
    ['a bulk value that there is none of', () => `${cine.path}/bulkdata/00990010`, 'application/octet-stream', 404],
    ['an instance in a form that none is written in', () => cine.path, 'application/dicom; transfer-syntax=1.2.840.10008.1.2.4.50', 406],
    ['a study of frames that cannot be decoded', () => undecodable.path, native, 422],
    ['frames that cannot be decoded', () => `${undecodable.path}/frames/1`, PARTS.replace('=*', '=1.2.840.10008.1.2.1'), 422],
    ['the pixel data of what cannot be decoded', () => `${undecodable.path}/pixeldata`, PARTS.replace('=*', '=1.2.840.10008.1.2.1'), 422],
    ['an image of what cannot be decoded', () => `${undecodable.path}/rendered`, 'image/png', 422],
    ['a ZIP file in a form that none is written in', () => cine.path, 'application/zip; transfer-syntax=1.2.840.10008.1.2.4.50', 406],
    [
      'by WADO-URI what cannot be decoded',
      () =>
        `/wado?requestType=WADO&studyUID=${undecodable.studyInstanceUID}&seriesUID=${undecodable.seriesInstanceUID}&objectUID=${undecodable.sopInstanceUID}&contentType=application/dicom&transferSyntax=1.2.840.10008.1.2.1`,
      'application/dicom',
      422,
    ],
  ])('of %s leaves one, and none that says that it was given', async (_, path, accept, status) => {
    const records = await recorded(() => read(path(), accept, status));
    expect(records.map(({ event }) => [event.action, event.outcome])).toEqual([['access.refused', 'refused']]);
  });

  const PNG = 'image/png';
  const OCTETS = 'application/octet-stream; transfer-syntax=*';
  const MADE = 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1';
  it.each<[what: string, path: () => string, accept: string]>([
    ['an instance', () => cine.path, 'application/dicom; transfer-syntax=*'],
    ['an instance as it was received', () => `${cine.path}/original`, 'application/dicom'],
    ['an instance that is made', () => rle.path, 'application/dicom; transfer-syntax=1.2.840.10008.1.2.1'],
    ['a frame', () => `${cine.path}/frames/1`, OCTETS],
    ['a frame that is made', () => `${rle.path}/frames/1`, MADE],
    ['a bulk value', () => `${cine.path}/bulkdata/7FE00010`, 'application/octet-stream'],
    ['a bulk value that is made', () => `${rle.path}/bulkdata/7FE00010`, MADE],
    ['a rendered image', () => `${cine.path}/rendered`, PNG],
    ['metadata', () => `${cine.path}/metadata`, 'application/dicom+json'],
    [
      'by WADO-URI an instance',
      () =>
        `/wado?requestType=WADO&studyUID=${cine.studyInstanceUID}&seriesUID=${cine.seriesInstanceUID}&objectUID=${cine.sopInstanceUID}&contentType=application/dicom`,
      'application/dicom',
    ],
  ])('of %s from behind its end, or as it is no longer, leaves one each, and none that says that it was given', async (_, path, accept) => {
    const asked = async (headers: Record<string, string>) => {
      const answer = await wetread.fetch(path(), { headers: { accept, ...headers } });
      await answer.arrayBuffer();
      return answer.status;
    };
    const behind = await recorded(async () => expect(await asked({ range: 'bytes=99999999-' })).toBe(416));
    const changed = await recorded(async () => expect(await asked({ 'if-match': '"other"' })).toBe(412));
    expect(changed.map(({ event }) => [event.action, event.outcome, event.changes['code']])).toEqual([
      ['access.refused', 'refused', 'precondition-failed'],
    ]);
    expect(behind.map(({ event }) => [event.action, event.outcome, event.changes['code']])).toEqual([
      ['access.refused', 'refused', 'range-not-satisfiable'],
    ]);
    const whole = await recorded(async () => expect(await asked({})).toBe(200));
    expect(whole.map(({ event }) => [event.action, event.outcome])).toEqual([['data.fetched', 'success']]);
  });

  it('by the graph, where there is nothing, leaves one', async () => {
    const records = await recorded(() => graph(wetread, '{ study(studyInstanceUID: "2.25.7") { id } }'));
    expect(records.map(({ event }) => event.action)).toEqual(['access.refused']);
  });
});

describe('What tells of what is stored, though it gives nothing of it,', () => {
  const person = (id: string, family: string) => ({
    resourceType: 'Patient',
    id,
    active: true,
    identifier: [{ system: 'urn:x', value: 'twin' }],
    name: [{ family }],
  });
  const TEST = [{ op: 'test', path: '/name/0/family', value: 'Guessed' }];
  const WRONG = [{ op: 'replace', path: '/active', value: 'perhaps' }];
  const PATCH = 'application/json-patch+json';
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<number> => {
    const answer = await wetread.fetch(path, {
      method,
      headers: { 'content-type': JSON_TYPE, accept: JSON_TYPE, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    await answer.arrayBuffer();
    return answer.status;
  };
  beforeAll(async () => {
    for (const [id, family] of [
      ['twin-1', 'One'],
      ['twin-2', 'Two'],
      ['gone', 'Gone'],
    ])
      expect(await send('PUT', `/fhir/Patient/${id}`, person(id, family))).toBe(201);
    expect(await send('DELETE', '/fhir/Patient/gone')).toBe(204);
    const binary = { resourceType: 'Binary', id: 'a-text', contentType: 'text/plain', data: 'aGk=' };
    expect(await send('PUT', '/fhir/Binary/a-text', binary)).toBe(201);
  });

  const TWINS = 'Patient?identifier=urn:x|twin';
  type Asked = [what: string, status: number, code: string, kind: string, ...asked: Parameters<typeof send>];
  it.each<Asked>([
    ['a test of a patch that fails', 422, 'patch-failed', 'patch', 'PATCH', '/fhir/Patient/twin-1', TEST, { 'content-type': PATCH }],
    ['a patch that makes it invalid', 422, 'resource-invalid', 'patch', 'PATCH', '/fhir/Patient/twin-1', WRONG, { 'content-type': PATCH }],
    ['a patch of what is deleted', 410, 'record-deleted', 'patch', 'PATCH', '/fhir/Patient/gone', TEST, { 'content-type': PATCH }],
    [
      'a version that is no longer',
      412,
      'version-differs',
      'update',
      'PUT',
      '/fhir/Patient/twin-1',
      person('twin-1', 'X'),
      { 'if-match': 'W/"9"' },
    ],
    [
      'one that is there already',
      412,
      'exists-already',
      'update',
      'PUT',
      '/fhir/Patient/twin-1',
      person('twin-1', 'X'),
      { 'if-none-match': '*' },
    ],
    [
      'several that meet If-None-Exist',
      412,
      'several-match',
      'create',
      'POST',
      '/fhir/Patient',
      person('x', 'X'),
      { 'if-none-exist': TWINS.slice(8) },
    ],
    ['several that meet an update', 412, 'several-match', 'update', 'PUT', `/fhir/${TWINS}`, person('x', 'X')],
    ['several that meet a deletion', 412, 'several-match', 'delete', 'DELETE', `/fhir/${TWINS}`],
    ['an id that is taken', 409, 'id-taken', 'update', 'PUT', '/fhir/Patient?identifier=urn:x|nobody', person('twin-1', 'X')],
    ['what the server writes itself', 409, 'record-owned', 'delete', 'DELETE', '/fhir/ImagingStudy/OWN'],
    ['a deleted version', 410, 'record-deleted', 'vread', 'GET', '/fhir/Patient/gone/_history/2'],
    ['what is deleted, asked for all that is known', 410, 'record-deleted', 'operation', 'GET', '/fhir/Patient/gone/$everything'],
  ])('%s (%i) leaves one record', async (_, status, code, kind, method, path, ...more) => {
    const records = await recorded(async () => expect(await send(method, path.replace('OWN', imagingStudy), ...more)).toBe(status));
    expect(records.map(({ event, subtype, entity }) => [event.action, event.changes, subtype, entity.split('/')[0]])).toEqual([
      ['access.refused', expect.objectContaining({ status, code }), kind, path.split(/[/?]/)[2]],
    ]);
    expect(JSON.stringify(records)).not.toMatch(/twin|Guessed/);
  });

  it.each<[what: string, method: string, path: string, body: unknown, headers?: Record<string, string>]>([
    ['is invalid', 'POST', '/fhir/Patient', { resourceType: 'Patient', active: 'perhaps' }],
    ['is invalid under an id', 'PUT', '/fhir/Patient/twin-1', { resourceType: 'Patient', id: 'twin-1', active: 'perhaps' }],
  ])('but a body that %s by itself tells nothing, and leaves none', async (_, ...asked) => {
    expect(await recorded(async () => expect(await send(...asked)).toBe(422))).toEqual([]);
  });

  it('a deletion that nothing meets leaves one, as the search that it is', async () => {
    const records = await recorded(async () => expect(await send('DELETE', '/fhir/Patient?identifier=urn:x|nobody')).toBe(204));
    expect(records.map(({ event, subtype, entity }) => [event.action, event.outcome, subtype, entity, event.changes])).toEqual([
      ['data.fetched', 'success', 'search-type', 'Patient/search', { what: 'search', parameters: ['identifier'], matches: 0, included: 0 }],
    ]);
  });

  it('each entry of a batch leaves one', async () => {
    const patch = { resourceType: 'Binary' as const, contentType: PATCH, data: Buffer.from(JSON.stringify(TEST)).toString('base64') };
    const records = await recorded(() =>
      ranBundle(
        wetread,
        bundleOf(
          'batch',
          { resource: patch, request: { method: 'PATCH', url: 'Patient/twin-1' } },
          { request: { method: 'DELETE', url: 'Patient/twin-1', ifMatch: 'W/"9"' } },
          create({ resourceType: 'Patient', active: true }, undefined, TWINS.slice(8)),
          { request: { method: 'DELETE', url: TWINS } },
          { request: { method: 'DELETE', url: 'Patient?identifier=urn:x|nobody' } },
          get('Patient/gone'),
          create({ resourceType: 'Patient', active: 'perhaps' } as never),
        ),
      ),
    );
    expect(records.map(({ event, subtype }) => `${subtype} ${String(event.changes['code'] ?? event.outcome)}`).sort()).toEqual([
      'create several-match',
      'delete several-match',
      'delete version-differs',
      'patch patch-failed',
      'read record-deleted',
      'search-type success',
    ]);
  });

  it('a transaction that one of its entries fails leaves one', async () => {
    const records = await recorded(async () => {
      const bundle = bundleOf('transaction', { request: { method: 'DELETE', url: 'Patient/twin-1', ifMatch: 'W/"9"' } });
      expect(await send('POST', '/fhir', bundle)).toBe(412);
    });
    expect(records.map(({ event, subtype }) => [event.action, subtype])).toEqual([['access.refused', 'transaction']]);
  });

  it.each([
    'Patient/twin-1',
    'Patient/twin-1/_history/1',
    'Patient/twin-1/_history',
    'Patient?_id=twin-1',
    'Patient/twin-1/Observation',
    'Patient/twin-1/*',
    'Patient/twin-1/$everything',
    'Patient/twin-1/$meta',
    'Observation/$lastn?patient=twin-1',
    'Binary/a-text',
    'Binary/a-text/_history/1',
  ])('%s in a form that there is not leaves one, and none that says that it was given', async (path) => {
    const records = await recorded(() => read(`/fhir/${path}`, 'image/jls', 406));
    expect(records.map(({ event }) => [event.action, event.outcome])).toEqual([['access.refused', 'refused']]);
  });

  it.each(['text/plain', '*/*', JSON_TYPE])('while a Binary in a form that there is (%s) leaves one that says so', async (accept) => {
    const records = await recorded(() => read('/fhir/Binary/a-text', accept, 200));
    expect(records.map(({ event, entity }) => [event.action, event.outcome, entity])).toEqual([
      ['data.fetched', 'success', 'Binary/a-text'],
    ]);
  });

  it('a task that is there already, or is not to be changed so, leaves one', async () => {
    const uid = `2.25.${Date.now()}`;
    const post = () => send('POST', `/dicom-web/workitems?${uid}`, [aWorkitem()], { 'content-type': 'application/dicom+json' });
    expect(await post()).toBe(201);
    const records = await recorded(async () => expect(await post()).toBe(409));
    expect(records.map(({ event, subtype }) => [event.action, subtype])).toEqual([['access.refused', 'create']]);
  });
});
