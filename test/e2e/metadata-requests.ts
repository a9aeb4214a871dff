import type { DicomElement, DicomJson } from '../../src/dicom/dicom-json.js';
import { dicomJsonText } from '../../src/dicom/dicom-json-text.js';
import { newUid } from './instances.js';
import type { Wetread } from './wetread.js';

/** A part of a store request with metadata. */
export interface MetadataPart {
  readonly type?: string;
  readonly location?: string;
  readonly body: string | Buffer;
}
export const ui = (uid: string): DicomElement => ({ vr: 'UI', Value: [uid] });
export const us = (number: number): DicomElement => ({ vr: 'US', Value: [number] });

/** A secondary capture of 4 × 6 pixels of 8 bits. */
export function metadata(more: DicomJson = {}): { dataset: DicomJson; study: string; path: string } {
  const [study, series, instance] = [newUid(), newUid(), newUid()];
  const dataset: DicomJson = {
    '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
    '00080016': ui('1.2.840.10008.5.1.4.1.1.7'),
    '00080018': ui(instance),
    '00080060': { vr: 'CS', Value: ['OT'] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Wang^XiaoDong', Ideographic: '王^小東' }] },
    '00100020': { vr: 'LO', Value: ['M-1'] },
    '0020000D': ui(study),
    '0020000E': ui(series),
    '00200013': { vr: 'IS', Value: [1] },
    '00280002': us(1),
    '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
    '00280010': us(4),
    '00280011': us(6),
    '00280100': us(8),
    '00280101': us(8),
    '00280102': us(7),
    '00280103': us(0),
    '7FE00010': { vr: 'OB', BulkDataURI: `pixels/${instance}` },
    ...more,
  };
  return { dataset, study, path: `/dicom-web/studies/${study}/series/${series}/instances/${instance}` };
}
export const pixels = Buffer.from(Array.from({ length: 24 }, (_, i) => i * 10));
export const uriOf = ({ dataset }: { dataset: DicomJson }): string => dataset['7FE00010'].BulkDataURI ?? '';
export const json = (...all: readonly { dataset: DicomJson }[]): MetadataPart => ({
  type: 'application/dicom+json',
  body: `[${all.map(({ dataset }) => dicomJsonText(dataset)).join(',')}]`,
});
export const octets = (location: string, body: Buffer = pixels): MetadataPart => ({ type: 'application/octet-stream', location, body });

/** Sends them; answers what became of the instances. */
export async function storeParts(
  wetread: Wetread,
  parts: readonly MetadataPart[],
  type = 'application/dicom+json',
  path = '/dicom-web/studies',
) {
  const pieces = parts.flatMap(({ type: of, location, body }) => [
    `--frontier\r\n${of === undefined ? '' : `Content-Type: ${of}\r\n`}${location === undefined ? '' : `Content-Location: ${location}\r\n`}\r\n`,
    body,
    '\r\n',
  ]);
  const answer = await wetread.fetch(path, {
    method: 'POST',
    headers: { 'content-type': `multipart/related; type="${type}"; boundary=frontier`, accept: 'application/dicom+json' },
    body: Buffer.concat([...pieces, '--frontier--\r\n'].map((piece) => Buffer.from(piece))),
  });
  const dataset = (await answer.json()) as DicomJson;
  const items = (at: string) => (dataset[at]?.Value ?? []) as DicomJson[];
  return {
    status: answer.status,
    stored: items('00081199').map((item) => item['00081155'].Value?.[0]),
    warned: items('00081199')
      .filter((item) => item['00081196'] !== undefined)
      .map((item) => ({ reason: item['00081196'].Value?.[0], comment: item['00000902'].Value?.[0] })),
    failed: items('00081198').map((item) => ({
      uid: item['00081155'].Value?.[0],
      reason: item['00081197'].Value?.[0],
      element: item['00000901']?.Value?.[0],
    })),
  };
}
