import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DiagnosticReport, Observation } from 'fhir/r4.js';
import { aChestXray, newUid } from './instances.js';
import { graph, idle, reportOf } from './phantoms.js';
import { Wetread } from './wetread.js';

const SIDE = 32;

/** A picture of noise; each other `detail` another sharpness. */
const noise = (detail: number, seed: number): Buffer =>
  Buffer.from(
    Uint16Array.from({ length: SIDE * SIDE }, (_, i) => 2000 + detail * (((i * 7919 + seed * 104_729) % 251) / 251 - 0.5)).buffer,
  );

const aPicture = (study: string, detail: number, seed: number) =>
  aChestXray(
    { StudyInstanceUID: study, StationName: 'ROOM1', Rows: SIDE, Columns: SIDE, InstanceNumber: seed },
    { pixelData: noise(detail, seed) },
  );

let wetread: Wetread;
beforeAll(async () => (wetread = await Wetread.start()));
afterAll(() => wetread.remove());

const measures = async (report: DiagnosticReport): Promise<Record<string, [value: number, verdict: string | undefined]>> => {
  const references = (report.result ?? []).map(({ reference }) => `/fhir/${reference}`);
  const all = await Promise.all(references.map((path) => wetread.json<Observation>(path, 'application/fhir+json')));
  const quality = all.find((one) => one.code.coding?.[0].code === 'image-quality');
  return Object.fromEntries(
    (quality?.component ?? []).map((one) => [
      one.code.coding?.[0].code ?? '',
      [one.valueQuantity?.value ?? NaN, one.interpretation?.[0].text],
    ]),
  );
};

describe('Image quality beside the score', () => {
  it('is told in FHIR and in the graph; sharpness against the station’s history once there are 30 images', async () => {
    const [many, blurred] = [newUid(), newUid()];
    const before = Array.from({ length: 30 }, (_, i) => aPicture(many, 2000 + 20 * i, i + 1));
    expect((await wetread.store(...before.map(({ bytes }) => bytes))).status).toBe(200);
    const first = await measures(await reportOf(wetread, many));
    await idle(wetread);
    expect(Object.keys(first)).toEqual([
      'contrast',
      'sharpness',
      'noise',
      'brightness',
      'clipped-share',
      'saturation',
      'burnt-in-text-share',
      'input-distance',
    ]);
    expect(first['saturation']).toEqual([0, undefined]);

    expect((await wetread.store(aPicture(blurred, 100, 1).bytes)).status).toBe(200);
    const second = await measures(await reportOf(wetread, blurred));
    const [z, verdict] = second['sharpness-against-history'];
    expect(z).toBeLessThan(-10);
    expect(verdict).toBe('does not pass');

    const { data } = await graph<{ study: { series: { instances: { readings: { quality: unknown }[] }[] }[] } }>(
      wetread,
      `query($uid: String!) { study(studyInstanceUID: $uid) { series { instances { readings { quality {
         clippedShare saturation burntInTextShare sharpnessAgainstHistory inputDistance } } } } } }`,
      { uid: blurred },
    );
    const readings = data.study.series.flatMap(({ instances }) => instances).flatMap((one) => one.readings);
    expect(readings[0].quality).toEqual({
      clippedShare: second['clipped-share'][0],
      saturation: 0,
      burntInTextShare: 0,
      sharpnessAgainstHistory: z,
      inputDistance: second['input-distance'][0],
    });
  });
});
