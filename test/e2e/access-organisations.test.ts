import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ask } from './compared-answers.js';
import { aChestXray } from './instances.js';
import { TokenMaker } from './tokens.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
let maker: TokenMaker;
const ann = aChestXray({ PatientID: 'ANN' });

beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  maker = await TokenMaker.of(wetread);
  await wetread.sql(`INSERT INTO tenant (name) VALUES ('elsewhere')`);
  await wetread.storeAs(await systemOf(1), ann.bytes);
});
afterAll(() => wetread.remove());

const systemOf = (tenant: number) => maker.headers({ roles: ['system'], scope: 'system/*.cruds', kind: 'system', tenant });

describe('Two organisations', () => {
  it('store the same study and write the same resource, each for itself', async () => {
    const [here, there] = await Promise.all([systemOf(1), systemOf(2)]);
    expect((await wetread.storeAs(there, ann.bytes)).status).toBe(200);
    const put = (headers: Record<string, string>, value: string) =>
      wetread.fetch('/fhir/Organization/hospital', {
        method: 'PUT',
        headers: { ...headers, 'content-type': 'application/fhir+json' },
        body: JSON.stringify({ resourceType: 'Organization', id: 'hospital', name: value }),
      });
    expect([(await put(here, 'Here')).status, (await put(there, 'There')).status]).toEqual([201, 201]);
    for (const [headers, name] of [
      [here, 'Here'],
      [there, 'There'],
    ] as const)
      expect(await (await ask(wetread, '/fhir/Organization/hospital', 'GET', headers)).json()).toMatchObject({
        name,
        meta: { versionId: '1' },
      });
    expect((await ask(wetread, `/dicom-web/studies/${ann.studyInstanceUID}`, 'DELETE', there)).status).toBe(204);
    const kept = await ask(wetread, `/dicom-web/studies/${ann.studyInstanceUID}/metadata`, 'GET', here);
    expect(kept.status).toBe(200);
  });
});
