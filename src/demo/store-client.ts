import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { firstText, tag, type DicomJson } from '../dicom/dicom-json.js';

/** What the server said to a store request. */
export interface StoreAnswer {
  readonly status: number;
  /** Studies of what was stored. */
  readonly studies: readonly string[];
  readonly stored: number;
  /** Why the others were not. */
  readonly refused: readonly string[];
}

/** Sends instances by STOW-RS (PS3.18 10.5), one after another as they are read: never a folder whole in memory. */
export async function storeInstances(
  url: string,
  files: Iterable<() => Promise<Uint8Array>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<StoreAnswer> {
  const boundary = randomUUID();
  async function* body(): AsyncGenerator<Uint8Array> {
    for (const read of files) {
      yield Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`);
      yield await read();
      yield Buffer.from('\r\n');
    }
    yield Buffer.from(`--${boundary}--\r\n`);
  }
  const answer = await fetch(`${url}/dicom-web/studies`, {
    method: 'POST',
    headers: {
      ...headers,
      'Content-Type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
      Accept: 'application/dicom+json',
    },
    body: Readable.toWeb(Readable.from(body(), { objectMode: false })),
    duplex: 'half',
  });
  const dataset = (await answer.json()) as DicomJson;
  const items = (at: string) => (dataset[at]?.Value ?? []) as DicomJson[];
  const studyOf = (item: DicomJson) => /\/studies\/([0-9.]+)\//.exec(firstText(item, tag(0x0008, 0x1190)) ?? '')?.[1];
  return {
    status: answer.status,
    stored: items('00081199').length,
    studies: [...new Set(items('00081199').flatMap((item) => studyOf(item) ?? []))],
    refused: items('00081198').map((item) => `${hex(item['00081197']?.Value?.[0])} ${firstText(item, tag(0x0000, 0x0902)) ?? ''}`),
  };
}

const hex = (reason: unknown): string => `0x${Number(reason).toString(16).padStart(4, '0').toUpperCase()}`;
