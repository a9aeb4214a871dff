import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aChestXray } from './instances.js';
import { multipartBody, partsOf } from './multipart.js';
import { Wetread } from './wetread.js';

const JSON_FORM = 'application/dicom+json';
const XML_PARTS = 'multipart/related; type="application/dicom+xml"';

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
  const { status } = await wetread.store(aChestXray().bytes);
  if (status !== 200) throw new Error(`the instance to find was not stored: ${status}`);
});
afterAll(() => wetread.remove());

/** The media type of an answer without its boundary. */
const typeOf = ({ headers }: Response): string => (headers.get('content-type') ?? '').replace(/; boundary=.*/, '');
const ask = (path: string, accept?: string): Promise<Response> =>
  wetread.fetch(`/dicom-web/${path}`, accept === undefined ? {} : { headers: { accept } });

describe.each(['studies', 'series', 'instances', 'workitems'])('What is found of %s (PS3.18 8.7.8.1)', (path) => {
  it.each<[string | undefined, string]>([
    [undefined, JSON_FORM],
    ['*/*', JSON_FORM],
    ['application/*', JSON_FORM],
    [JSON_FORM, JSON_FORM],
    [`${JSON_FORM}; charset=utf-8`, JSON_FORM],
    ['application/json', 'application/json'],
    ['text/html, application/json;q=0.5', 'application/json'],
    [`${XML_PARTS};q=0.5, ${JSON_FORM}`, JSON_FORM],
  ])('comes as JSON for Accept %s', async (accept, type) => {
    const answer = await ask(path, accept);
    expect([answer.status, typeOf(answer)]).toEqual([200, type]);
    expect(Array.isArray(await answer.json())).toBe(true);
  });

  it.each([
    XML_PARTS,
    'multipart/related',
    'multipart/*',
    'application/dicom+xml',
    `${JSON_FORM};q=0.2, ${XML_PARTS}`,
    `*/*, ${JSON_FORM};q=0, application/json;q=0`,
  ])('comes as XML, a part each, for Accept %s', async (accept) => {
    const answer = await ask(path, accept);
    if (path === 'workitems') return expect(answer.status).toBe(204); // there is none: a multipart body has at least one part
    expect([answer.status, typeOf(answer)]).toEqual([200, XML_PARTS]);
    const [{ headers, bytes }] = await partsOf(answer);
    expect([headers['content-type'], bytes.toString().includes('<NativeDicomModel')]).toEqual(['application/dicom+xml', true]);
  });

  it('goes by the accept parameter, its plus escaped or not, before the header', async () => {
    for (const accept of ['application/dicom+json', 'application%2Fdicom%2Bjson'])
      expect(typeOf(await ask(`${path}?accept=${accept}`, XML_PARTS))).toBe(JSON_FORM);
    expect(typeOf(await ask(`${path}?accept=application/json`, '*/*'))).toBe('application/json');
  });

  it('goes by the header where the parameter names nothing that can be given', async () => {
    expect(typeOf(await ask(`${path}?accept=image/png`, 'application/json'))).toBe('application/json');
  });

  it.each([
    'text/html',
    'image/*',
    `${JSON_FORM};q=0`,
    '*/*;q=0',
    `${JSON_FORM}; charset=iso-8859-1`,
    'multipart/related; type="image/jpeg"',
  ])('is 406, with what would do, for Accept %s', async (accept) => {
    const answer = await ask(path, accept);
    const { code, acceptable } = (await answer.json()) as { code: string; acceptable: string[] };
    expect([answer.status, code, acceptable]).toEqual([406, 'not-acceptable', [JSON_FORM, 'application/json', XML_PARTS]]);
  });

  it('is 400 for a character set that is not written (8.3.3.2)', async () => {
    expect((await ask(`${path}?charset=iso-8859-1`)).status).toBe(400);
  });
});

it('What was stored is told as XML in one part where that is what is accepted (PS3.18 10.5.3)', async () => {
  const { bytes, sopInstanceUID } = aChestXray();
  const answer = await wetread.fetch('/dicom-web/studies', {
    method: 'POST',
    headers: { 'content-type': 'multipart/related; type="application/dicom"; boundary=frontier', accept: XML_PARTS },
    body: multipartBody([bytes]),
  });
  expect([answer.status, typeOf(answer)]).toEqual([200, XML_PARTS]);
  const [{ headers, bytes: told }, ...others] = await partsOf(answer);
  expect([headers['content-type'], told.includes(sopInstanceUID), others]).toEqual(['application/dicom+xml', true, []]);
});
