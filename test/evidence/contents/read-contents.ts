import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { type ContentsOptions, studyContents } from '../../../src/evidence/contents/study-contents.js';
import type { StudyFile } from '../../../src/evidence/contents/study-file.js';
import type { PayloadFile } from '../../../src/evidence/package/evidence-package.js';

export const OPTIONS: ContentsOptions = {
  lockText: readFileSync(new URL('../../../../package-lock.json', import.meta.url), 'utf8'),
  license: { id: 'https://spdx.org/licenses/CC-BY-4.0', name: 'CC-BY-4.0' },
};

export async function bytesOf({ open }: PayloadFile): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of open()) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Every file of a study's contents, read. */
export async function readContents(file: StudyFile): Promise<ReadonlyMap<string, Buffer>> {
  const read = new Map<string, Buffer>();
  for (const one of studyContents(file, OPTIONS).files) read.set(one.path, await bytesOf(one));
  return read;
}

export const textIn = (files: ReadonlyMap<string, Buffer>, path: string): string => {
  const bytes = files.get(path);
  if (bytes === undefined) throw new Error(`There is no ${path}.`);
  return bytes.toString('utf8');
};

const UNESCAPED: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };
export const unescaped = (text: string): string => text.replace(/&(amp|lt|gt|quot|#39);/g, (one) => UNESCAPED[one]);

export interface PageLink {
  readonly text: string;
  /** From the payload's root. */
  readonly path: string;
  readonly fragment: string;
}

/** The links of a page. */
export const linksOf = (path: string, page: string): PageLink[] =>
  [...page.matchAll(/<a (?:class="skip" )?href="([^"]*)">(.*?)<\/a>/g)].map(([, href, text]) => {
    const [to, fragment = ''] = unescaped(href).split('#');
    return { text: unescaped(text), path: to === '' ? path : posix.normalize(posix.join(posix.dirname(path), to)), fragment };
  });

export const idsOf = (page: string): ReadonlySet<string> => new Set([...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => unescaped(id)));

/** A section of a trace page, by its id: what stands between it and the next. */
export function sectionOf(page: string, id: string): string {
  const begin = page.indexOf(`<h2 id="${id}">`);
  return page.slice(begin, page.indexOf('</section>', begin));
}
