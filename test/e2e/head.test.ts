import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exchange, type Exchanged } from './exchange.js';
import { aChestXray, bytesRamp, inRle, newUid } from './instances.js';
import { Wetread } from './wetread.js';

const EIGHT_BITS = { BitsAllocated: 8, BitsStored: 8, HighBit: 7, WindowCenter: 128, WindowWidth: 256 };
const study = { StudyInstanceUID: newUid(), SeriesInstanceUID: newUid() };
const rle = inRle(aChestXray({ ...EIGHT_BITS, ...study, NumberOfFrames: 3 }, { pixelData: bytesRamp(240) }), 80);
const native = aChestXray({ ...study, InstanceNumber: 2, NumberOfFrames: 2 });
const series = rle.path.replace(/\/instances.*/, '');
const whole = rle.path.replace(/\/series.*/, '');
const uri = (more: string): string =>
  `/wado?requestType=WADO&studyUID=${rle.studyInstanceUID}&seriesUID=${rle.seriesInstanceUID}&objectUID=${rle.sopInstanceUID}${more}`;

const LOSSLESS = '; transfer-syntax=1.2.840.10008.1.2.4.80';
const inParts = (type: string): string => `multipart/related; type="${type}"`;
const OCTETS = 'application/octet-stream';

/** Every resource of WADO with each kind of its representations. */
const RESOURCES: [string, string | undefined][] = [
  ...[whole, series, rle.path].flatMap((path): [string, string | undefined][] => [
    [path, undefined],
    [path, inParts('application/dicom')],
    [path, `${inParts('application/dicom')}${LOSSLESS}`],
    [path, `${inParts('application/dicom')}; transfer-syntax=*`],
    [path, 'application/zip'],
    [`${path}/metadata`, 'application/dicom+json'],
    [`${path}/metadata`, 'application/json'],
    [`${path}/metadata`, inParts('application/dicom+xml')],
    [`${path}/bulkdata`, undefined],
    [`${path}/pixeldata`, inParts(OCTETS)],
    [`${path}/pixeldata`, `${inParts(OCTETS)}; transfer-syntax=*`],
    [`${path}/pixeldata`, inParts('image/jls')],
    [`${path}/rendered`, inParts('image/png')],
    [`${path}/thumbnail`, 'image/jpeg'],
  ]),
  [rle.path, 'application/dicom'],
  [rle.path, `application/dicom${LOSSLESS}`],
  [rle.path, 'application/dicom; transfer-syntax=*'],
  [`${rle.path}/original`, undefined],
  ...['1', '3,1'].flatMap((list): [string, string | undefined][] => [
    [`${rle.path}/frames/${list}`, undefined],
    [`${native.path}/frames/${list.replace('3', '2')}`, undefined],
    [`${rle.path}/frames/${list}`, `${inParts(OCTETS)}; transfer-syntax=*`],
    [`${rle.path}/frames/${list}`, inParts('image/jls')],
    [`${rle.path}/frames/${list}/rendered`, inParts('image/png')],
    [`${rle.path}/frames/${list}/thumbnail`, 'image/png'],
  ]),
  [`${rle.path}/frames/2`, OCTETS],
  [`${rle.path}/frames/2`, 'image/jls'],
  [`${rle.path}/frames/2/rendered`, 'image/png'],
  [`${rle.path}/bulkdata/7FE00010`, OCTETS],
  [`${rle.path}/bulkdata/7FE00010`, inParts(OCTETS)],
  [`${native.path}/bulkdata/7FE00010`, OCTETS],
  [`${native.path}/bulkdata/7FE00010`, inParts('image/jls')],
  [`${rle.path}/rendered`, inParts('image/jpeg')],
  [`${rle.path}/rendered`, 'image/jpeg'],
  [`${rle.path}/rendered`, 'image/gif'],
  [uri('&contentType=application/dicom'), undefined],
  [uri(`&contentType=application/dicom&transferSyntax=1.2.840.10008.1.2.4.80`), undefined],
  [uri(`&contentType=application/dicom&transferSyntax=*`), undefined],
  [uri('&contentType=image/png&frameNumber=2'), undefined],
];

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
  const { status } = await wetread.store(rle.bytes, native.bytes);
  if (status !== 200) throw new Error(`the instances to ask for were not stored: ${status}`);
});
afterAll(() => wetread.remove());

const ask = (path: string, accept: string | undefined, method = 'GET', more: Record<string, string> = {}): Promise<Exchanged> =>
  exchange(`${wetread.url}${path}`, { method, headers: { ...(accept === undefined ? {} : { accept }), ...more } });

/** What an answer says of its representation; a boundary counts where there is a validator of the bytes that it is in. */
function saidOf({ status, headers }: Exchanged): unknown {
  const { etag, 'last-modified': lastModified, 'content-type': type, warning } = headers;
  return { status, etag, lastModified, type: etag === undefined ? type?.replace(/boundary=.*/, '') : type, warning };
}

describe('A resource of WADO (RFC 9110 9.3.2, 8.8)', () => {
  it.each(RESOURCES)('says by HEAD what GET says, without the body: %s as %s', async (path, accept) => {
    const [head, get] = [await ask(path, accept, 'HEAD'), await ask(path, accept)];
    expect([get.status, head.body.length, get.headers['content-type']]).toEqual([200, 0, expect.stringMatching(/\w/)]);
    expect(saidOf(head)).toEqual(saidOf(get));
    if (head.headers['content-length'] !== undefined) expect(Number(head.headers['content-length'])).toBe(get.body.length);
  });

  it.each(RESOURCES)('has the same bytes whenever it has the same strong tag: %s as %s', async (path, accept) => {
    const [one, other] = [await ask(path, accept), await ask(path, accept)];
    expect(other.headers['etag']).toBe(one.headers['etag']);
    if (one.headers['etag'] === undefined || one.headers['etag'].startsWith('W/')) return;
    expect(other.body.equals(one.body)).toBe(true);
    expect(other.headers['content-type']).toBe(one.headers['content-type']);
  });

  it.each(RESOURCES)('is not sent again to whoever has it: %s as %s', async (path, accept) => {
    const { headers } = await ask(path, accept);
    const { etag = 'none' } = headers;
    expect(etag).toMatch(/^(W\/)?"/);
    for (const method of ['GET', 'HEAD']) {
      const again = await ask(path, accept, method, { 'if-none-match': etag });
      expect([again.status, again.body.length, again.headers['etag']]).toEqual([304, 0, etag]);
    }
  });
});
