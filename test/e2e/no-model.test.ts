import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aPhantom, graph, idle, onRecord } from './phantoms.js';
import { Wetread } from './wetread.js';

let models: string;
let wetread: Wetread;
beforeAll(async () => {
  models = mkdtempSync(join(tmpdir(), 'wetread-models-'));
  wetread = await Wetread.start({ MODELS: models });
});
afterAll(async () => {
  await wetread.remove();
  rmSync(models, { recursive: true });
});

describe('A server without a model that could be loaded', () => {
  it('says so in its health and is not ready', async () => {
    expect((await wetread.fetch('/health/live')).status).toBe(200);
    expect((await wetread.fetch('/health/ready')).status).toBe(503);
  });

  it('records of every instance that it was not read, and why', async () => {
    const phantom = aPhantom();
    expect((await wetread.store(phantom.bytes)).status).toBe(200);
    expect(await idle(wetread)).toEqual([]);
    const { data } = await graph<{ study: { series: { instances: { readings: object[] }[] }[]; reports: object[] } }>(
      wetread,
      'query($uid: String!) { study(studyInstanceUID: $uid) { reports { id } series { instances { readings { state reasonCode } } } } }',
      { uid: phantom.studyInstanceUID },
    );
    expect(data.study.reports).toEqual([]);
    expect(data.study.series[0].instances[0].readings).toEqual([{ state: 'NOT_READ', reasonCode: 'no-model' }]);
    expect((await onRecord(wetread, 'image.not-read')).map(({ reason }) => reason)).toEqual(['no-model']);
  });
});
