import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle } from 'fhir/r4.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
const DIV = (words: string): object => ({
  status: 'additional',
  div: `<div xmlns="http://www.w3.org/1999/xhtml"><p class="hidden">${words}</p></div>`,
});
const report = (id: string, conclusion: string, narrative?: string): object => ({
  resourceType: 'DiagnosticReport',
  id,
  status: 'final',
  code: { text: 'Chest' },
  subject: { reference: 'Patient/p' },
  ...(narrative && { text: DIV(narrative) }),
  conclusion,
});

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
  const reports = [
    report('bone', 'Metastases in bone.', 'Bone with <b>metastases</b>, &lt;5 mm &amp; more'),
    report('liver', 'Ärztlicher Befund: liver', 'Liver: metastases suspected'),
    report('clean', 'No pneumothorax. Says "status" and path a\\b', 'Nothing found in the liver'),
    report('bare', 'Large pneumothorax on the left'),
  ];
  for (const one of reports) {
    const { id } = one as { id: string };
    const init = { method: 'PUT', headers: { 'content-type': FHIR_JSON }, body: JSON.stringify(one) };
    expect((await wetread.fetch(`/fhir/DiagnosticReport/${id}`, init)).status).toBe(201);
  }
});
afterAll(() => wetread.remove());

const ids = async (query: Record<string, string>, type = 'DiagnosticReport'): Promise<string[]> => {
  const bundle = await wetread.json<Bundle>(`/fhir/${type}?${new URLSearchParams(query)}`, FHIR_JSON);
  return (bundle.entry ?? []).map(({ resource }) => resource?.id ?? '').sort();
};

describe('Words (R4 search.html#_text, #_content)', () => {
  it.each<[string, string[]]>([
    ['metastases', ['bone', 'liver']],
    ['METASTASES', ['bone', 'liver']],
    ['(bone OR liver) and metastases', ['bone', 'liver']],
    ['bone or nothing', ['bone', 'clean']],
    ['liver metastases', ['liver']],
    ['liver NOT metastases', ['clean']],
    ['not metastases and liver', ['clean']],
    ['"in the liver"', ['clean']],
    ['"metastases liver"', []],
    ['metasta', []],
    ['metasta*', ['bone', 'liver']],
    ['hidden', []],
    ['lt', []],
    ['bone,nothing', ['bone', 'clean']],
  ])('in the narrative: %s', async (words, found) => {
    expect(await ids({ _text: words })).toEqual(found);
  });

  it.each<[string, string[]]>([
    ['pneumothorax', ['bare', 'clean']],
    ['pneumothorax left', ['bare']],
    ['pneumothorax NOT left', ['clean']],
    ['ärztlicher', ['liver']],
    ['ÄRZT*', ['liver']],
    ['conclusion', []],
    ['status', ['clean']],
    ['"chest patient"', []],
    ['"left chest"', []],
    ['chest', ['bare', 'bone', 'clean', 'liver']],
    ['qzbetween', []],
  ])('anywhere: %s', async (words, found) => {
    expect(await ids({ _content: words })).toEqual(found);
  });

  it('go together with other parameters, in chains, for several types, in order and page by page', async () => {
    expect(await ids({ _content: 'pneumothorax', patient: 'p', _id: 'bare,bone', _sort: '-date' })).toEqual(['bare']);
    expect(await ids({ _content: 'pneumothorax', patient: 'nobody' })).toEqual([]);
    expect(await ids({ _type: 'DiagnosticReport,Patient', _content: 'pneumothorax' }, '')).toEqual(['bare', 'clean']);
    const first = await wetread.json<Bundle>('/fhir/DiagnosticReport?_text=liver&_count=1', FHIR_JSON);
    expect(first.total).toBe(2);
    const next = first.link?.find(({ relation }) => relation === 'next')?.url ?? '';
    const second = (await (await fetch(next)).json()) as Bundle;
    expect([first, second].map(({ entry }) => entry?.[0].resource?.id).sort()).toEqual(['clean', 'liver']);
  });

  it.each(['(bone', 'bone)', 'AND', 'bone OR', '""', '*', 'NOT', '()', 'a-b*', `"open`])(
    'are refused where they say nothing: %s',
    async (words) => {
      const answer = await wetread.fetch(`/fhir/DiagnosticReport?${new URLSearchParams({ _text: words })}`);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ issue: [{ details: { coding: [{ code: 'bad-search-parameter' }] } }] });
    },
  );

  it('are refused with a modifier, and in the narrative of what has none', async () => {
    expect((await wetread.fetch('/fhir/DiagnosticReport?_text:exact=a')).status).toBe(400);
    expect((await wetread.fetch('/fhir/Binary?_text=a')).status).toBe(400);
    expect((await wetread.fetch(`/fhir/DiagnosticReport?_text=${'a%20'.repeat(200)}`)).status).toBe(400);
  });
});
