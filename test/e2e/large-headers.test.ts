import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { DICOM_JSON, HAND, NAME, patch, studyPath } from './changes.js';
import { aChestXray, newUid } from './instances.js';
import { unzipped } from './unzipped.js';
import { Wetread } from './wetread.js';

const MIB = 2 ** 20;
const CONTOURS = 64;

/** Each header has four megabytes, as a structure set of contours may: together they are more than the server holds at once. */
const study = newUid();
const instances = Array.from({ length: 9 }, (_, i) =>
  aChestXray({
    ...HAND,
    StudyInstanceUID: study,
    InstanceNumber: i + 1,
    ROIContourSequence: Array.from({ length: CONTOURS }, () => ({ '30060050': { vr: 'LT', Value: [`${i}`.padEnd(MIB / 16 - 8, 'x')] } })),
  }),
);
const contours = (dataset: DicomJson): string[] =>
  ((dataset['30060039']?.Value ?? []) as DicomJson[]).map((item) => String(item['30060050'].Value?.[0]).slice(0, 1));
const numberOf = (dataset: DicomJson): unknown => dataset['00200013']?.Value?.[0];

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
  const { status } = await wetread.store(...instances.map(({ bytes }) => bytes));
  if (status !== 200) throw new Error(`the instances were not stored: ${status}`);
});
afterAll(() => wetread.remove());

/** What a search answers, and where it says that it goes on. */
async function found(query: string): Promise<{ matches: DicomJson[]; next: string | undefined }> {
  const answer = await wetread.fetch(`/dicom-web/studies/${study}/instances?${query}`, { headers: { accept: DICOM_JSON } });
  expect(answer.status).toBe(200);
  return { matches: (await answer.json()) as DicomJson[], next: /offset=(\d+)/.exec(answer.headers.get('warning') ?? '')?.[1] };
}

describe('Instances of large headers', () => {
  it('have their metadata in one answer, each whole', async () => {
    const metadata = await wetread.json<DicomJson[]>(`/dicom-web/studies/${study}/metadata`, DICOM_JSON);
    expect(metadata.map(numberOf).sort()).toEqual(instances.map((_, i) => i + 1));
    for (const dataset of metadata)
      expect(contours(dataset)).toEqual(Array.from({ length: CONTOURS }, () => String(Number(numberOf(dataset)) - 1)));
  });

  it('are found with all attributes some at a time, and the answer says where the next begin', async () => {
    const numbers: unknown[] = [];
    let pages = 0;
    for (let next: string | undefined = '0'; next !== undefined; pages++) {
      const page: Awaited<ReturnType<typeof found>> = await found(`includefield=all&offset=${next}`);
      for (const match of page.matches) expect(contours(match)).toHaveLength(CONTOURS);
      numbers.push(...page.matches.map(numberOf));
      next = page.next;
    }
    expect(numbers.sort()).toEqual(instances.map((_, i) => i + 1));
    expect(pages).toBeGreaterThan(1);
    expect((await found('')).matches).toHaveLength(instances.length); // without them, all at once
  });

  it('are all changed by one change, and all in the file of their study', async () => {
    expect((await patch(wetread, studyPath(instances[0]), { '00100010': NAME })).status).toBe(204);
    const metadata = await wetread.json<DicomJson[]>(`/dicom-web/studies/${study}/metadata`, DICOM_JSON);
    expect(metadata.map((dataset) => dataset['00100010'])).toEqual(instances.map(() => NAME));
    const answer = await wetread.fetch(`/dicom-web/studies/${study}`, { headers: { accept: 'application/zip' } });
    const files = [...unzipped(Buffer.from(await answer.arrayBuffer())).keys()].filter((name) => !name.endsWith('DICOMDIR'));
    expect(files).toHaveLength(instances.length);
  });
});
