import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AS_STORED, DICOM_JSON, HAND, NAME, patch, studyPath } from './changes.js';
import { aChestXray, bytesRamp, inRle, newUid } from './instances.js';
import { Wetread } from './wetread.js';

const EIGHT_BITS = { BitsAllocated: 8, BitsStored: 8, HighBit: 7 };

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());

describe('A changed instance', () => {
  it('has a length and is had in part, as one that was not changed (RFC 9110 14)', async () => {
    for (const instance of [aChestXray(HAND), inRle(aChestXray({ ...HAND, ...EIGHT_BITS }, { pixelData: bytesRamp(80) }), 80)]) {
      await wetread.store(instance.bytes);
      expect((await patch(wetread, studyPath(instance), { '00100010': NAME })).status).toBe(204);
      const [, study, series, object] = /studies\/(.*)\/series\/(.*)\/instances\/(.*)/.exec(instance.path) ?? [];
      const wado = `/wado?requestType=WADO&studyUID=${study}&seriesUID=${series}&objectUID=${object}&contentType=application/dicom&transferSyntax=*`;
      for (const path of [instance.path, wado]) {
        const ask = (more: Record<string, string> = {}, method = 'GET') =>
          wetread.fetch(path, { method, headers: { accept: AS_STORED, ...more } });
        const answer = await ask();
        const whole = Buffer.from(await answer.arrayBuffer());
        const head = await ask({}, 'HEAD');
        for (const { headers } of [answer, head])
          expect([headers.get('content-length'), headers.get('accept-ranges')]).toEqual([String(whole.length), 'bytes']);
        const part = await ask({ range: 'bytes=128-1099' });
        expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 128-1099/${whole.length}`]);
        expect(Buffer.from(await part.arrayBuffer()).equals(whole.subarray(128, 1_100))).toBe(true);
        expect((await ask({ range: `bytes=${whole.length}-` })).status).toBe(416);
      }
    }
  });

  it('is not taken for the one that was deleted before it was stored again: no cache and no validator knows the old one', async () => {
    const one = aChestXray({ ...HAND, StudyInstanceUID: newUid() });
    const asked: readonly (readonly [path: string, accept: string])[] = [
      [one.path, AS_STORED],
      [one.path, 'application/dicom'],
      [one.path, 'application/zip'],
      [`${one.path}/metadata`, DICOM_JSON],
      [`${one.path}/rendered?annotation=patient`, 'image/png'],
      [
        `/wado?requestType=WADO&studyUID=${one.studyInstanceUID}&seriesUID=${one.seriesInstanceUID}&objectUID=${one.sopInstanceUID}`,
        'application/dicom',
      ],
    ];
    const named = async (name: string): Promise<(readonly [tag: string, body: Buffer])[]> => {
      await wetread.store(one.bytes);
      await patch(wetread, studyPath(one), { '00100010': { vr: 'PN', Value: [{ Alphabetic: name }] } });
      const answers: (readonly [string, Buffer])[] = [];
      for (const [path, accept] of asked) {
        const answer = await wetread.fetch(path, { headers: { accept } });
        expect([path, accept, answer.status]).toEqual([path, accept, 200]);
        answers.push([answer.headers.get('etag') ?? '', Buffer.from(await answer.arrayBuffer())]);
      }
      return answers;
    };
    const first = await named('Alpha^Anna');
    expect((await wetread.fetch(studyPath(one), { method: 'DELETE' })).status).toBe(204);
    const second = await named('Omega^Otto');
    for (const [i, [tag, body]] of first.entries()) {
      const [path, accept] = asked[i];
      expect([path, accept, second[i][0] === tag, second[i][1].equals(body)]).toEqual([path, accept, false, false]);
      const again = await wetread.fetch(path, { headers: { accept, 'if-none-match': tag } });
      expect([path, accept, again.status]).toEqual([path, accept, 200]);
      await again.arrayBuffer();
    }
  });

  it('is made where If-Match names the tag that was read, in any form and coding, and not where it was changed since', async () => {
    const one = aChestXray({ ...HAND, StudyInstanceUID: newUid() });
    await wetread.store(one.bytes);
    const tagOf = async (headers: Record<string, string>): Promise<string> => {
      const answer = await wetread.fetch(`${one.path}/metadata`, { headers });
      await answer.arrayBuffer();
      return answer.headers.get('etag') ?? '';
    };
    const named = (name: string, tag: string) => patch(wetread, one.path, { '00204000': { vr: 'LT', Value: [name] } }, { 'if-match': tag });
    let before = '';
    const forms: readonly Record<string, string>[] = [
      { accept: DICOM_JSON, 'accept-encoding': 'identity' },
      { accept: DICOM_JSON, 'accept-encoding': 'gzip' },
      { accept: 'application/json' },
      { accept: 'multipart/related; type="application/dicom+xml"' },
    ];
    for (const headers of forms) {
      const tag = await tagOf(headers);
      expect([headers, (await named('Yes', tag)).status]).toEqual([headers, 204]);
      expect((await named(`Changed ${tag.length}`, await tagOf(headers))).status).toBe(204);
      expect([headers, (await named('No', tag)).status]).toEqual([headers, 412]);
      before = tag;
    }
    expect((await named('No', `"x", ${before}`)).status).toBe(412);
  });
});
