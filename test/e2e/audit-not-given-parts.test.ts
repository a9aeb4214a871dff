import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { recordedBy, type Recorded } from './audit-trail.js';
import { aChestXray, bytesRamp, deflated, inRle, type TestInstance } from './instances.js';
import { manySlices } from './many-slices.js';
import { idle } from './phantoms.js';
import { Wetread } from './wetread.js';

/** Images by every way that gives several, or makes what it gives: on record as given where they were, and nowhere else. */
const study = { PatientID: 'PARTS', PatientName: 'Parts^In', BodyPartExamined: 'HAND' };
const slice = aChestXray(study);
const cine = aChestXray({ ...study, NumberOfFrames: 3 });
const rle = inRle(
  aChestXray(
    { ...study, StudyInstanceUID: cine.studyInstanceUID, BitsAllocated: 8, BitsStored: 8, HighBit: 7 },
    { pixelData: bytesRamp(80) },
  ),
  80,
);
const lost = aChestXray({ ...study, NumberOfFrames: 2 });
const lostDeflated = deflated(aChestXray(study));
const SLICES = 12_000;

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
  await wetread.store(slice.bytes); // the first: of it the many are made
  await wetread.store(cine.bytes, rle.bytes, lost.bytes, lostDeflated.bytes);
  await idle(wetread);
  await manySlices(wetread, SLICES);
  await wetread.stop(); // it keeps files open that it has read
  for (const { sha256 } of [lost, lostDeflated]) rmSync(join(wetread.folder, 'archive', 'objects', sha256.slice(0, 2), `${sha256}.dcm`));
  await wetread.launch();
}, 120_000);
afterAll(() => wetread.remove());

const recorded = (work: () => Promise<unknown>) => recordedBy(wetread, work);
const said = (records: readonly Recorded[]) =>
  records.map(({ event: { action, outcome, changes } }) =>
    [action, outcome, ...(outcome === 'refused' ? [changes['code']] : [])].join(' '),
  );
const GIVEN = ['data.fetched success'];
const NO_LONGER = ['access.refused refused precondition-failed'];

async function ask(path: string, accept: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> {
  const answer = await wetread.fetch(path, { method, headers: { accept, ...headers } });
  await answer.arrayBuffer();
  return answer;
}

const inParts = (type: string, transferSyntax?: string): string =>
  `multipart/related; type="${type}"${transferSyntax === undefined ? '' : `; transfer-syntax=${transferSyntax}`}`;
const NATIVE = '1.2.840.10008.1.2.1';
const OCTETS = 'application/octet-stream';
const DICOM = 'application/dicom';
const studyOf = ({ studyInstanceUID }: TestInstance): string => `/dicom-web/studies/${studyInstanceUID}`;
const byUri = ({ studyInstanceUID, seriesInstanceUID, sopInstanceUID }: TestInstance, more = ''): string =>
  `/wado?requestType=WADO&studyUID=${studyInstanceUID}&seriesUID=${seriesInstanceUID}&objectUID=${sopInstanceUID}&contentType=application/dicom${more}`;

describe('What is no longer as it was seen is on record as refused, what the caller has, or is given, as given:', () => {
  it.each<[what: string, path: string, accept: string]>([
    ['metadata in XML', `${studyOf(cine)}/metadata`, inParts('application/dicom+xml')],
    ['metadata of many', `${studyOf(slice)}/metadata`, 'application/dicom+json'],
    ['a bulk value in a part', `${cine.path}/bulkdata/7FE00010`, inParts(OCTETS, '*')],
    ['a bulk value in a part that is made', `${rle.path}/bulkdata/7FE00010`, inParts(OCTETS, NATIVE)],
    ['a bulk value, a part a frame', `${rle.path}/bulkdata/7FE00010`, inParts('image/dicom-rle')],
    ['the bulk data of a study', `${studyOf(cine)}/bulkdata`, inParts(OCTETS, '*')],
    ['the pixel data of a study', `${studyOf(cine)}/pixeldata`, inParts(OCTETS, '*')],
    ['the pixel data of a study, made', `${studyOf(rle)}/pixeldata`, inParts(OCTETS, NATIVE)],
    ['frames that are made', `${rle.path}/frames/1`, inParts(OCTETS, NATIVE)],
    ['an instance rendered in parts', `${cine.path}/rendered`, inParts('image/png')],
    ['frames rendered in parts', `${cine.path}/frames/1,2/rendered`, inParts('image/png')],
    ['a study rendered in parts', `${studyOf(cine)}/rendered`, inParts('image/png')],
    ['a study as it is stored', studyOf(cine), inParts(DICOM, '*')],
    ['a study, some of it made', studyOf(cine), inParts(DICOM, NATIVE)],
    ['a study in a ZIP file', studyOf(cine), 'application/zip'],
    ['an instance in a ZIP file', cine.path, 'application/zip'],
    ['by WADO-URI an instance that is made', byUri(rle, `&transferSyntax=${NATIVE}`), DICOM],
  ])('%s', async (_, path, accept) => {
    let tag = '';
    const whole = await recorded(async () => {
      const answer = await ask(path, accept);
      expect(answer.status).toBe(200);
      tag = answer.headers.get('etag') ?? '';
    });
    expect(said(whole)).toEqual(GIVEN);
    for (const method of ['GET', 'HEAD']) {
      const asked = (headers: Record<string, string>, status: number) =>
        recorded(async () => expect([method, (await ask(path, accept, headers, method)).status]).toEqual([method, status]));
      expect(said(await asked({ 'if-match': '"other"' }, 412))).toEqual(NO_LONGER);
      expect(said(await asked({ 'if-none-match': tag }, 304))).toEqual(GIVEN);
      expect(said(await asked({ 'if-none-match': '*' }, 304))).toEqual(GIVEN);
      if (method === 'HEAD') expect(said(await asked({}, 200))).toEqual(GIVEN);
    }
  });

  it('by its date, too', async () => {
    const since = { 'if-unmodified-since': new Date(0).toUTCString() };
    for (const method of ['GET', 'HEAD']) {
      const records = await recorded(async () =>
        expect((await ask(`${studyOf(cine)}/metadata`, inParts('application/dicom+xml'), since, method)).status).toBe(412),
      );
      expect(said(records)).toEqual(NO_LONGER);
    }
  });
});

describe('Of a file that is lost nothing is on record as given:', () => {
  it.each<[what: string, path: string, accept: string, headers?: Record<string, string>]>([
    ['an instance', lost.path, `${DICOM}; transfer-syntax=*`],
    ['an instance in a part', lost.path, inParts(DICOM, '*')],
    ['a range of it', lost.path, `${DICOM}; transfer-syntax=*`, { range: 'bytes=0-9' }],
    ['it as it was received', `${lost.path}/original`, DICOM],
    ['it by WADO-URI', byUri(lost, `&transferSyntax=${NATIVE}`), DICOM],
    ['a frame', `${lost.path}/frames/1`, `${OCTETS}; transfer-syntax=*`],
    ['frames in parts', `${lost.path}/frames/1,2`, inParts(OCTETS, '*')],
    ['frames that are made', `${lost.path}/frames/1`, inParts('image/jls')],
    ['a bulk value', `${lost.path}/bulkdata/7FE00010`, OCTETS],
    ['a bulk value in a part', `${lost.path}/bulkdata/7FE00010`, inParts(OCTETS, '*')],
    ['a bulk value of a deflated file', `${lostDeflated.path}/bulkdata/7FE00010`, OCTETS],
    ['the pixel data of a study', `${studyOf(lost)}/pixeldata`, inParts(OCTETS, '*')],
    ['a study in a ZIP file', studyOf(lost), 'application/zip'],
    ['an image', `${lost.path}/rendered`, 'image/png'],
    ['images in parts', `${lost.path}/rendered`, inParts('image/png')],
  ])('%s', async (_, path, accept, ...[headers]) => {
    const records = await recorded(async () => expect((await ask(path, accept, headers)).status).toBe(500));
    expect(said(records)).toEqual([]);
  });
});
