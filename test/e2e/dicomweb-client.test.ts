import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { api } from 'dicomweb-client';
import sharp from 'sharp';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { aChestXray, bytesRamp, inRle, newUid, withOtherPixels } from './instances.js';
import { Wetread } from './wetread.js';
import { XmlHttpRequestOverFetch } from './xml-http-request.js';

const study = newUid();
const series = newUid();
const cine = aChestXray({ StudyInstanceUID: study, SeriesInstanceUID: series, PatientID: 'CLIENT-1', NumberOfFrames: 3 });
const rle = inRle(
  aChestXray(
    {
      StudyInstanceUID: study,
      SeriesInstanceUID: series,
      PatientID: 'CLIENT-1',
      InstanceNumber: 2,
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
    },
    { pixelData: bytesRamp(80) },
  ),
  80,
);
const uidsOf = ({ sopInstanceUID }: { sopInstanceUID: string }) => ({ studyInstanceUID: study, seriesInstanceUID: series, sopInstanceUID });
/** A fresh ArrayBuffer of a file, as a browser's file input gives it. */
const buffer = (bytes: Buffer): ArrayBuffer => Uint8Array.from(bytes).buffer;
const bytesOf = (answer: ArrayBuffer): Buffer => Buffer.from(answer);

/** What is called here, as the package's README has it: its own types know no promises and ask for what it defaults. */
interface Client {
  storeInstances(options: { datasets: ArrayBuffer[]; studyInstanceUID?: string }): Promise<string>;
  searchForStudies(options: object): Promise<DicomJson[]>;
  searchForSeries(options: object): Promise<DicomJson[]>;
  searchForInstances(options: object): Promise<DicomJson[]>;
  retrieveStudyMetadata(options: object): Promise<DicomJson[]>;
  retrieveSeriesMetadata(options: object): Promise<DicomJson[]>;
  retrieveInstanceMetadata(options: object): Promise<DicomJson[]>;
  retrieveInstance(options: object): Promise<ArrayBuffer>;
  retrieveSeries(options: object): Promise<ArrayBuffer[]>;
  retrieveStudy(options: object): Promise<ArrayBuffer[]>;
  retrieveInstanceFrames(options: object): Promise<ArrayBuffer[]>;
  retrieveInstanceRendered(options: object): Promise<ArrayBuffer[]>;
  retrieveInstanceFramesRendered(options: object): Promise<ArrayBuffer[]>;
  retrieveBulkData(options: object): Promise<ArrayBuffer[]>;
}

let wetread: Wetread;
let client: Client;
beforeAll(async () => {
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
  const settings = { url: `${wetread.url}/dicom-web`, singlepart: false, headers: {}, verbose: false };
  Object.assign(globalThis, { XMLHttpRequest: XmlHttpRequestOverFetch });
  client = new api.DICOMwebClient(settings as never) as unknown as Client; // see Client
  await client.storeInstances({ datasets: [buffer(cine.bytes), buffer(rle.bytes)] });
});
afterAll(() => wetread.remove());

describe('dicomweb-client, as OHIF and other viewers use it,', () => {
  it('stores instances and reads what became of them', async () => {
    const another = aChestXray({ StudyInstanceUID: study, PatientID: 'CLIENT-1', SeriesInstanceUID: newUid() });
    const refused = withOtherPixels(cine);
    const answer = JSON.parse(
      await client.storeInstances({ datasets: [buffer(another.bytes), buffer(refused.bytes)], studyInstanceUID: study }),
    ) as DicomJson;
    const uids = (sequence: string) => (answer[sequence].Value as DicomJson[]).map((item) => item['00081155'].Value?.[0]);
    expect([uids('00081199'), uids('00081198')]).toEqual([[another.sopInstanceUID], [cine.sopInstanceUID]]);
  });

  it('finds studies, series and instances', async () => {
    const studies = await client.searchForStudies({ queryParams: { PatientID: 'CLIENT-*', ModalitiesInStudy: 'DX', limit: 10 } });
    expect(studies.map((one) => one['0020000D'].Value)).toEqual([[study]]);
    const found = await client.searchForSeries({ studyInstanceUID: study });
    expect(found.map((one) => one['0020000E'].Value?.[0])).toContain(series);
    const instances = await client.searchForInstances({ studyInstanceUID: study, seriesInstanceUID: series });
    const both = [cine.sopInstanceUID, rle.sopInstanceUID].sort();
    expect(instances.map((one) => String(one['00080018'].Value?.[0])).sort()).toEqual(both);
    const everywhere = { queryParams: { SeriesInstanceUID: series } }; // of no study in particular
    expect((await client.searchForSeries(everywhere)).map((one) => one['0020000D'].Value)).toEqual([[study]]);
    const anywhere = await client.searchForInstances(everywhere);
    expect(anywhere.map((one) => String(one['00080018'].Value?.[0])).sort()).toEqual(both);
  });

  it('retrieves metadata', async () => {
    const ofStudy = await client.retrieveStudyMetadata({ studyInstanceUID: study });
    expect(ofStudy.length).toBeGreaterThanOrEqual(2);
    const ofSeries = await client.retrieveSeriesMetadata({ studyInstanceUID: study, seriesInstanceUID: series });
    expect(ofSeries.map((one) => String(one['00080018'].Value?.[0])).sort()).toEqual([cine.sopInstanceUID, rle.sopInstanceUID].sort());
    const [ofInstance] = await client.retrieveInstanceMetadata(uidsOf(cine));
    expect(ofInstance['00280008'].Value).toEqual([3]);
  });

  it('retrieves the bytes that it stored: an instance, a series, a study; compressed ones uncompressed, as it names no transfer syntax', async () => {
    expect(bytesOf(await client.retrieveInstance(uidsOf(cine)))).toEqual(cine.bytes);
    const ofSeries = await client.retrieveSeries({ studyInstanceUID: study, seriesInstanceUID: series });
    const received = ofSeries.map(bytesOf);
    expect(received).toHaveLength(2);
    expect(received.some((bytes) => bytes.equals(cine.bytes))).toBe(true);
    expect(received.some((bytes) => bytes.subarray(-rle.pixelData.length).equals(rle.pixelData))).toBe(true);
    const ofStudy = await client.retrieveStudy({ studyInstanceUID: study });
    expect(ofStudy.length).toBeGreaterThanOrEqual(2);
  });

  it('retrieves frames, decoded', async () => {
    const frames = await client.retrieveInstanceFrames({ ...uidsOf(cine), frameNumbers: [3, 1] });
    expect(frames.map(bytesOf)).toEqual([cine.pixelData.subarray(320, 480), cine.pixelData.subarray(0, 160)]);
    const [decoded] = await client.retrieveInstanceFrames({ ...uidsOf(rle), frameNumbers: [1] });
    expect(bytesOf(decoded)).toEqual(rle.pixelData);
  });

  it('retrieves frames as stored', async () => {
    const mediaTypes = [{ mediaType: 'application/octet-stream', transferSyntaxUID: '*' }];
    const [stored] = await client.retrieveInstanceFrames({ ...uidsOf(rle), frameNumbers: [1], mediaTypes });
    expect(bytesOf(stored).subarray(65, 145)).toEqual(rle.pixelData);
  });

  it('retrieves rendered images', async () => {
    const [png] = await client.retrieveInstanceRendered({ ...uidsOf(cine), mediaTypes: [{ mediaType: 'image/png' }] });
    expect(await sharp(bytesOf(png)).metadata()).toMatchObject({ format: 'png', width: 10, height: 8 });
    const [jpeg] = await client.retrieveInstanceFramesRendered({
      ...uidsOf(cine),
      frameNumbers: [2],
      mediaTypes: [{ mediaType: 'image/jpeg' }],
    });
    expect(await sharp(bytesOf(jpeg)).metadata()).toMatchObject({ format: 'jpeg', width: 10, height: 8 });
  });

  it('resolves the bulk data URI of the metadata', async () => {
    const [one] = await client.retrieveSeriesMetadata({ studyInstanceUID: study, seriesInstanceUID: series });
    const BulkDataURI = one['7FE00010'].BulkDataURI;
    const [bytes] = await client.retrieveBulkData({ BulkDataURI });
    expect(bytesOf(bytes).length).toBeGreaterThan(80);
  });

  it('is told the status of what is not there', async () => {
    await expect(client.retrieveStudyMetadata({ studyInstanceUID: '1.2.3' })).rejects.toMatchObject({ status: 404 });
  });
});
