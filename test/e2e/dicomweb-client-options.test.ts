import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { api } from 'dicomweb-client';
import sharp from 'sharp';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { aChestXray, bytesRamp, inRle, newUid } from './instances.js';
import { Wetread } from './wetread.js';
import { XmlHttpRequestOverFetch } from './xml-http-request.js';

const study = newUid();
const series = newUid();
const EIGHT_BITS = { BitsAllocated: 8, BitsStored: 8, HighBit: 7, WindowCenter: 128, WindowWidth: 256 };
const native = aChestXray({ StudyInstanceUID: study, SeriesInstanceUID: series, NumberOfFrames: 3 });
const rle = inRle(
  aChestXray(
    { ...EIGHT_BITS, StudyInstanceUID: study, SeriesInstanceUID: series, NumberOfFrames: 2, InstanceNumber: 2 },
    { pixelData: bytesRamp(160) },
  ),
  80,
);
const RLE = '1.2.840.10008.1.2.5';
const EXPLICIT = '1.2.840.10008.1.2.1';
const uidsOf = ({ sopInstanceUID }: { sopInstanceUID: string }) => ({ studyInstanceUID: study, seriesInstanceUID: series, sopInstanceUID });
const bytesOf = (answer: ArrayBuffer): Buffer => Buffer.from(answer);

/** The methods called here; the package's own types know no promises and no options. */
type Client = Readonly<
  Record<
    | 'retrieveStudy'
    | 'retrieveSeries'
    | 'retrieveInstanceFrames'
    | 'retrieveInstanceRendered'
    | 'retrieveInstanceThumbnail'
    | 'retrieveInstanceFramesRendered'
    | 'retrieveInstanceFramesThumbnail'
    | 'retrieveBulkData',
    (options: object) => Promise<ArrayBuffer[]>
  >
> & {
  readonly retrieveInstance: (options: object) => Promise<ArrayBuffer>;
  readonly searchForInstances: (options: object) => Promise<DicomJson[]>;
  readonly retrieveInstanceMetadata: (options: object) => Promise<DicomJson[]>;
  readonly storeInstances: (options: object) => Promise<string>;
  readonly buildInstanceWadoURIUrl: (options: object) => string;
};

let wetread: Wetread;
let client: Client;
const clientOf = (settings: object): Client =>
  new api.DICOMwebClient({ headers: {}, verbose: false, ...settings } as never) as unknown as Client; // see Client
beforeAll(async () => {
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
  Object.assign(globalThis, { XMLHttpRequest: XmlHttpRequestOverFetch });
  client = clientOf({ url: `${wetread.url}/dicom-web` });
  const { status } = await wetread.store(native.bytes, rle.bytes);
  if (status !== 200) throw new Error(`the instances to ask for were not stored: ${status}`);
});
afterAll(() => wetread.remove());

const imageOf = async (answer: ArrayBuffer) => {
  const { format, width, height } = await sharp(bytesOf(answer)).metadata();
  return [format, width, height];
};

describe('dicomweb-client, with the options that its methods have,', () => {
  it('stores while it counts what was sent, with headers of its own', async () => {
    const settings = { url: `${wetread.url}/dicom-web`, headers: { 'X-Requested-With': 'viewer' } };
    const another = aChestXray();
    const answer = await clientOf(settings).storeInstances({
      datasets: [Uint8Array.from(another.bytes).buffer],
      request: { progressCallback: () => undefined, withCredentials: true },
    });
    expect(answer).toContain(another.sopInstanceUID);
  });

  // retrieveInstance, -Series and -Study take no mediaTypes in this version: they compare 'application/' with 'application/dicom'.
  it('retrieves an instance, a series and a study while it counts what came', async () => {
    const request = { progressCallback: () => undefined, withCredentials: true };
    const file = await client.retrieveInstance({ ...uidsOf(rle), request });
    expect(bytesOf(file).includes(Buffer.from(rle.sopInstanceUID))).toBe(true);
    const files = [
      await client.retrieveSeries({ studyInstanceUID: study, seriesInstanceUID: series, request }),
      await client.retrieveStudy({ studyInstanceUID: study, request }),
    ];
    expect(files.map((all) => all.length)).toEqual([2, 2]);
  });

  it('retrieves frames compressed, under the media type of their transfer syntax', async () => {
    const mediaTypes = [{ mediaType: 'image/x-dicom-rle', transferSyntaxUID: RLE }];
    const [second] = await client.retrieveInstanceFrames({ ...uidsOf(rle), frameNumbers: [2], mediaTypes });
    expect(bytesOf(second).subarray(65, 145)).toEqual(rle.pixelData.subarray(80, 160));
  });

  it('retrieves frames in whichever of several forms there is', async () => {
    const mediaTypes = [
      { mediaType: 'image/x-dicom-rle', transferSyntaxUID: RLE },
      { mediaType: 'application/octet-stream', transferSyntaxUID: EXPLICIT },
    ];
    const frames = await client.retrieveInstanceFrames({ ...uidsOf(native), frameNumbers: [1, 3], mediaTypes });
    expect(frames).toHaveLength(2);
  });

  it('retrieves an instance rendered, by a window and a viewport of its own', async () => {
    const queryParams = { viewport: '20,16', window: '1000,500,linear', quality: 90 };
    const [jpeg] = await client.retrieveInstanceRendered({ ...uidsOf(native), mediaTypes: [{ mediaType: 'image/jpeg' }], queryParams });
    expect(await imageOf(jpeg)).toEqual(['jpeg', 20, 16]);
    const [other] = await client.retrieveInstanceFramesRendered({
      ...uidsOf(native),
      frameNumbers: [3],
      mediaTypes: [{ mediaType: 'image/png' }],
      queryParams: { viewport: '5,4' },
    });
    expect(await imageOf(other)).toEqual(['png', 5, 4]);
    const [defaulted] = await client.retrieveInstanceRendered(uidsOf(native)); // no media type asked for
    expect((await imageOf(defaulted)).slice(1)).toEqual([10, 8]);
  });

  it('retrieves thumbnails of an instance and of its frames', async () => {
    const mediaTypes = [{ mediaType: 'image/jpeg' }];
    const [ofInstance] = await client.retrieveInstanceThumbnail({ ...uidsOf(native), mediaTypes });
    expect((await imageOf(ofInstance))[0]).toBe('jpeg');
    const [defaulted] = await client.retrieveInstanceThumbnail(uidsOf(native));
    expect((await imageOf(defaulted))[0]).toBe('jpeg');
    const [ofFrame] = await client.retrieveInstanceFramesThumbnail({ ...uidsOf(native), frameNumbers: [2], mediaTypes });
    expect((await imageOf(ofFrame))[0]).toBe('jpeg');
  });

  it('retrieves bulk data in one part or in a multipart body, and a range of it', async () => {
    const [metadata] = await client.retrieveInstanceMetadata(uidsOf(native));
    const { BulkDataURI } = metadata['7FE00010'];
    const [whole] = await client.retrieveBulkData({ BulkDataURI });
    expect(bytesOf(whole)).toEqual(native.pixelData);
    const single = clientOf({ url: `${wetread.url}/dicom-web`, singlepart: 'bulkdata' });
    const [plain] = await single.retrieveBulkData({ BulkDataURI, headers: { Accept: 'application/octet-stream' } });
    expect(bytesOf(plain)).toEqual(native.pixelData);
    const [range] = await single.retrieveBulkData({ BulkDataURI, headers: { Accept: 'application/octet-stream', Range: 'bytes=10-19' } });
    expect(bytesOf(range)).toEqual(native.pixelData.subarray(10, 20));
  });

  it('finds what it asks for, with fields of its own choice, a page at a time', async () => {
    const queryParams = { InstanceNumber: 2, includefield: 'PhotometricInterpretation', limit: 1, offset: 0 };
    const found = await client.searchForInstances({ studyInstanceUID: study, queryParams });
    expect(found.map((one) => [one['00080018'].Value, one['00280004'].Value])).toEqual([[[rle.sopInstanceUID], ['MONOCHROME2']]]);
  });

  it('builds WADO-URI addresses that answer: with files as stored, in the transfer syntax asked for, with images', async () => {
    const legacy = clientOf({ url: wetread.url, wadoURLPrefix: 'wado' });
    const at = async (options: object) => {
      const answer = await fetch(legacy.buildInstanceWadoURIUrl(options));
      return [answer.status, answer.headers.get('content-type'), Buffer.from(await answer.arrayBuffer())] as const;
    };
    expect(await at(uidsOf(rle))).toEqual([200, 'application/dicom', rle.bytes]); // it asks for transferSyntax=* by itself
    const [status, type, file] = await at({ ...uidsOf(rle), contentType: 'application/dicom', transferSyntax: EXPLICIT });
    expect([status, type]).toEqual([200, 'application/dicom']);
    expect(file.includes(`${EXPLICIT}\0`)).toBe(true);
    expect(file.subarray(-rle.pixelData.length)).toEqual(rle.pixelData);
    const [, jpegType, jpeg] = await at({ ...uidsOf(native), contentType: 'image/jpeg' });
    expect([jpegType, (await sharp(jpeg).metadata()).format]).toEqual(['image/jpeg', 'jpeg']);
  });

  it('asks a server by these methods, all called here or in dicomweb-client.test.ts: a new one wants a promise too', () => {
    const ofTheNetwork = Object.getOwnPropertyNames(api.DICOMwebClient.prototype).filter((name) =>
      /^(search|retrieve|store|build|delete|update|create)/.test(name),
    );
    expect(ofTheNetwork.sort()).toEqual([
      'buildInstanceWadoURIUrl',
      'retrieveBulkData',
      'retrieveInstance',
      'retrieveInstanceFrames',
      'retrieveInstanceFramesRendered',
      'retrieveInstanceFramesThumbnail',
      'retrieveInstanceMetadata',
      'retrieveInstanceRendered',
      'retrieveInstanceThumbnail',
      'retrieveSeries',
      'retrieveSeriesMetadata',
      'retrieveStudy',
      'retrieveStudyMetadata',
      'searchForInstances',
      'searchForSeries',
      'searchForStudies',
      'storeInstances',
    ]);
  });
});
