import { Part10Reader } from '../../src/dicom/part10-header.js';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import type { TestInstance } from './instances.js';
import type { Wetread } from './wetread.js';

export const HAND = { BodyPartExamined: 'HAND' }; // nothing for the models
export const DICOM_JSON = 'application/dicom+json';
/** The bytes as received, or a file of the same transfer syntax where attributes were changed. */
export const AS_STORED = 'application/dicom; transfer-syntax=*';
export const NAME = { vr: 'PN', Value: [{ Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' }] };

export const studyPath = ({ studyInstanceUID }: TestInstance): string => `/dicom-web/studies/${studyInstanceUID}`;
export const seriesPath = (one: TestInstance): string => `${studyPath(one)}/series/${one.seriesInstanceUID}`;

/** Asks for a change of what lies at a path, which may have a query. */
export function patch(wetread: Wetread, path: string, change: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const [resource, query = ''] = path.split('?');
  const body = typeof change === 'string' ? change : JSON.stringify(change);
  return wetread.fetch(`${resource}/metadata?${query}`, { method: 'PATCH', headers: { 'content-type': DICOM_JSON, ...headers }, body });
}

export async function bytesAt(wetread: Wetread, path: string, accept: string): Promise<Buffer> {
  const answer = await wetread.fetch(path, { headers: { accept } });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** The data set of a file. */
export async function read(file: Buffer): Promise<DicomJson> {
  const reader = new Part10Reader();
  await reader.push(file);
  return (await reader.end()).dataset;
}
