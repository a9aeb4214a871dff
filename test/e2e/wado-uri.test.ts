import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { exchange } from './exchange.js';
import { aChestXray, inRle, bytesRamp, newUid, type TestInstance } from './instances.js';
import { Wetread } from './wetread.js';

const plain = aChestXray({ Rows: 8, Columns: 10 });
const cine = aChestXray({ NumberOfFrames: 4 });
const EIGHT_BITS = { BitsAllocated: 8, BitsStored: 8, HighBit: 7, WindowCenter: 128, WindowWidth: 256 };
const rle = inRle(aChestXray({ ...EIGHT_BITS, NumberOfFrames: 3 }, { pixelData: bytesRamp(240) }), 80);
const report = aChestXray({ SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.11', Modality: 'SR' }, { pixelData: null });
/** Its only frame is garbage. */
const broken = brokenRle();
const VIDEO = new URL('../../../../shared/dicom/synthetic/video-mpeg4-25frames.dcm', import.meta.url);
if (!existsSync(VIDEO)) console.warn('../shared is absent: the test of the file of a video is skipped');

function brokenRle(): TestInstance {
  const whole = inRle(aChestXray(EIGHT_BITS, { pixelData: bytesRamp(80) }), 80);
  const bytes = Buffer.from(whole.bytes);
  bytes.fill(0xff, bytes.lastIndexOf(Buffer.from('feff00e0', 'hex')) + 8, bytes.length - 8);
  return { ...whole, bytes };
}

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
  const { status } = await wetread.store(...[plain, cine, rle, report, broken].map(({ bytes }) => bytes));
  if (status !== 200) throw new Error(`the instances to retrieve were not stored: ${status}`);
});
afterAll(() => wetread.remove());

const addressOf = ({ studyInstanceUID, seriesInstanceUID, sopInstanceUID }: TestInstance, more: string): string =>
  `${wetread.url}/wado?requestType=WADO&studyUID=${studyInstanceUID}&seriesUID=${seriesInstanceUID}&objectUID=${sopInstanceUID}${more}`;
const ask = (instance: TestInstance, more = '', accept?: string) =>
  exchange(addressOf(instance, more), { headers: accept === undefined ? {} : { accept } });
const codeOf = async (answer: ReturnType<typeof ask>): Promise<unknown[]> => {
  const { status, body } = await answer;
  return [status, (JSON.parse(body.toString()) as { code: string }).code];
};

describe('WADO-URI (PS3.18 9)', () => {
  it.each([
    ['&contentType=application/dicom', undefined],
    ['&contentType=application%2Fdicom', '*/*'],
    ['', 'application/dicom'],
    ['&contentType=image/gif', 'application/dicom'],
  ])('gives the instance for %s with Accept %s', async (more, accept) => {
    for (const one of [plain, report]) {
      const { status, headers, body } = await ask(one, more, accept);
      expect([status, headers['content-type'], body.equals(one.bytes)]).toEqual([200, 'application/dicom', true]);
      expect(headers['content-location']).toBe(`${wetread.url}${one.path}`);
    }
  });

  it('gives it in Explicit VR Little Endian unless another transfer syntax is asked for (9.4.2.4)', async () => {
    const dicom = '&contentType=application/dicom';
    const syntaxOf = (file: Buffer): string => /1\.2\.840\.10008\.1\.2[.\d]*(?=[^.\d])/.exec(file.toString('latin1', 132, 400))?.[0] ?? '';
    const native = await ask(rle, dicom);
    expect([native.status, syntaxOf(native.body)]).toEqual([200, '1.2.840.10008.1.2.1']);
    expect(native.body.includes(rle.pixelData)).toBe(true);
    expect((await ask(rle, `${dicom}&transferSyntax=1.2.840.10008.1.2.5`)).body.equals(rle.bytes)).toBe(true);
    const lossless = await ask(rle, `${dicom}&transferSyntax=1.2.840.10008.1.2.4.80`);
    expect([lossless.status, syntaxOf(lossless.body)]).toEqual([200, '1.2.840.10008.1.2.4.80']);
  });

  it('says which transfer syntaxes there are, where it is not one of them', async () => {
    for (const unknown of ['1.2.840.10008.1.2.4.100', '1.2.3']) {
      const { status, body } = await ask(rle, `&contentType=application/dicom&transferSyntax=${unknown}`);
      const { acceptable } = JSON.parse(body.toString()) as { acceptable: string[] };
      expect([status, acceptable[0]]).toEqual([406, 'transferSyntax=1.2.840.10008.1.2.5']);
      expect(acceptable).toContain('transferSyntax=1.2.840.10008.1.2.4.201');
    }
  });

  it.each([
    ['', undefined, 'jpeg'],
    ['', '*/*', 'jpeg'],
    ['', 'text/html,image/avif,image/webp,image/*,*/*;q=0.8', 'jpeg'],
    ['&contentType=image/png', '*/*', 'png'],
    ['&contentType=image/png', undefined, 'png'],
    ['&contentType=image/gif,image/png', undefined, 'png'],
    ['', 'image/png', 'png'],
  ])('shows an image for %s with Accept %s', async (more, accept, format) => {
    const { status, headers, body } = await ask(plain, more, accept);
    expect([status, headers['content-type']]).toEqual([200, `image/${format}`]);
    const image = await sharp(body).metadata();
    expect([image.format, image.width, image.height]).toEqual([format, 10, 8]);
    expect(headers['content-location']).toBe(`${wetread.url}${plain.path}/rendered`);
  });

  it('shows the frame asked for, inside the size asked for', async () => {
    const pixels = async (frame: number) =>
      sharp((await ask(rle, `&contentType=image/png&frameNumber=${frame}`)).body)
        .raw()
        .toBuffer();
    expect((await pixels(1)).equals(await pixels(2))).toBe(false);
    const black = await sharp((await ask(rle, '&contentType=image/png&windowCenter=1000&windowWidth=2')).body).stats();
    expect(black.channels[0].max).toBe(0); // the whole image lies below that window
    const { width, height } = await sharp((await ask(plain, '&contentType=image/png&rows=4')).body).metadata();
    expect([width, height]).toEqual([5, 4]);
  });

  it.each(['image/png', 'image/jpeg'])('validates an image of %s, and gives a part of it', async (type) => {
    const more = `&contentType=${type}&frameNumber=2`;
    const { headers, body } = await ask(rle, more);
    expect([headers['etag'], headers['last-modified']]).toEqual([expect.stringMatching(/^"\w+"$/), expect.stringMatching(/GMT$/)]);
    const again = (given: Record<string, string>) => exchange(addressOf(rle, more), { headers: given });
    expect((await again({ 'if-none-match': String(headers['etag']) })).status).toBe(304);
    expect((await again({ 'if-modified-since': String(headers['last-modified']) })).status).toBe(304);
    expect((await again({ 'if-match': '"another"' })).status).toBe(412);
    const part = await again({ range: 'bytes=0-9' });
    expect([part.status, part.body.equals(body.subarray(0, 10))]).toEqual([206, true]);
    const tags = await Promise.all(
      ['', '&rows=4', '&windowCenter=40&windowWidth=9'].map(async (one) => (await ask(rle, more + one)).headers['etag']),
    );
    expect(new Set(tags).size).toBe(3);
  });

  it('gives what cannot be had in the default transfer syntax as it is stored, unless that one was named (8.7.3.4)', async () => {
    const dicom = '&contentType=application/dicom';
    const { status, headers, body } = await ask(broken, dicom);
    expect([status, headers['content-type'], body.equals(broken.bytes)]).toEqual([200, 'application/dicom', true]);
    const again = await exchange(addressOf(broken, dicom), { headers: { 'if-none-match': String(headers['etag']) } });
    expect(again.status).toBe(304);
    expect(await codeOf(ask(broken, `${dicom}&transferSyntax=1.2.840.10008.1.2.1`))).toEqual([422, 'corrupt-frame']);
  });

  (existsSync(VIDEO) ? it : it.skip)('gives the file of a video as it is stored, to HEAD and by ranges too', async () => {
    const bytes = readFileSync(VIDEO);
    const { stored } = await wetread.store(bytes);
    const [, studyInstanceUID, seriesInstanceUID, sopInstanceUID] =
      /studies\/([\d.]+)\/series\/([\d.]+)\/instances\/([\d.]+)$/.exec(stored[0].retrieveUrl) ?? [];
    const video = { ...plain, studyInstanceUID, seriesInstanceUID, sopInstanceUID };
    const dicom = '&contentType=application/dicom';
    const { status, body } = await ask(video, dicom);
    expect([status, body.equals(bytes)]).toEqual([200, true]);
    const head = await exchange(addressOf(video, dicom), { method: 'HEAD' });
    expect([head.status, head.headers['content-length']]).toEqual([200, String(bytes.length)]);
    expect((await exchange(addressOf(video, dicom), { headers: { range: 'bytes=128-131' } })).body.toString()).toBe('DICM');
  });

  it('answers HEAD, and a range of the file', async () => {
    const url = `${wetread.url}/wado?requestType=WADO&studyUID=${plain.studyInstanceUID}&seriesUID=${plain.seriesInstanceUID}&objectUID=${plain.sopInstanceUID}&contentType=application/dicom`;
    const head = await exchange(url, { method: 'HEAD' });
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, String(plain.bytes.length), 0]);
    const part = await exchange(url, { headers: { range: 'bytes=128-131' } });
    expect([part.status, part.body.toString()]).toEqual([206, 'DICM']);
    const again = await exchange(url, { headers: { 'if-none-match': String(head.headers['etag']) } });
    expect(again.status).toBe(304);
  });

  it.each<[string, TestInstance, string, number, string]>([
    ['no such instance', { ...plain, sopInstanceUID: newUid() }, '', 404, 'not-in-archive'],
    ['another series', { ...plain, seriesInstanceUID: cine.seriesInstanceUID }, '', 404, 'not-in-archive'],
    ['no UID', { ...plain, sopInstanceUID: 'x' }, '', 400, 'malformed-uid'],
    ['a frame that is not there', cine, '&frameNumber=5', 400, 'bad-uri-parameter'],
    ['a frame of one', plain, '&frameNumber=1', 400, 'bad-uri-parameter'],
    ['half a window', plain, '&windowCenter=40', 400, 'bad-uri-parameter'],
    ['a window on a file', plain, '&contentType=application/dicom&windowCenter=40&windowWidth=400', 400, 'bad-uri-parameter'],
    ['no form there is', plain, '&contentType=video/mpeg', 406, 'not-acceptable'],
    ['the picture of a report', report, '', 406, 'no-pixel-data'],
    ['a character set we do not write', plain, '&charset=iso-8859-1', 400, 'unsupported-charset'],
    ['an instance without its identity', plain, '&contentType=application/dicom&anonymize=yes', 501, 'uri-parameter-not-offered'],
  ])('refuses %s', async (_, instance, more, status, code) => {
    expect(await codeOf(ask(instance, more))).toEqual([status, code]);
  });

  it('says that it annotates nothing', async () => {
    const { status, headers } = await ask(plain, '&annotation=patient');
    expect([status, headers['warning']]).toEqual([200, expect.stringContaining('not annotated')]);
  });

  it('takes no other method', async () => {
    const { status, headers } = await exchange(`${wetread.url}/wado`, { method: 'POST' });
    expect([status, headers['allow']]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });
});
