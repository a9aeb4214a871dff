import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { Part10Instance } from '../../src/dicom/part10-instance.js';
import { transferSyntax } from '../../src/dicom/transfer-syntaxes.js';
import { bytesOf, corpus, onCorpus, outcome } from './corpus.js';
import { Comparison, KNOWN, references, type BulkBytes } from './json-comparison.js';

/** Bulk data where the reader says that it lies in the file. */
function bulkBytesIn(file: Buffer, { transferSyntaxUID, dataSetOffset, bulkData }: Part10Instance): BulkBytes {
  const syntax = transferSyntax(transferSyntaxUID);
  const source = syntax?.deflated ? inflateRawSync(file.subarray(dataSetOffset)) : file;
  return (_, at) => {
    const bulk = bulkData.find(({ path }) => path === at);
    if (bulk === undefined) return Buffer.alloc(0);
    const bytes = Buffer.from(source.subarray(bulk.offset, bulk.offset + bulk.length));
    return syntax?.littleEndian === false && bulk.vr === 'OW' ? bytes.swap16() : bytes;
  };
}

describe('DICOM JSON (PS3.18 Annex F)', () => {
  onCorpus('says what dcm2json and pydicom say of the same files', async () => {
    let files = 0;
    let attributes = 0;
    const differences: string[] = [];
    for (const reference of references()) {
      const bytes = bytesOf(reference.path);
      const { instance } = await outcome([bytes]);
      if (instance === undefined) continue; // refused, as part10-header.test.ts says it must be
      const comparison = new Comparison(reference, instance.dataset, bulkBytesIn(bytes, instance));
      files++;
      attributes += comparison.attributes;
      differences.push(...comparison.differences);
    }
    console.info(`DICOM JSON compared: ${files} files, ${attributes} attributes`);
    expect(differences).toEqual([]);
    expect(files).toBeGreaterThan(340);
    expect(attributes).toBeGreaterThan(39_000);
  });

  it('has a list of differences for people, with each of them', () => {
    const list = readFileSync(new URL('../../../docs/json-differences.md', import.meta.url), 'utf8').replace(/ +\|/g, ' |');
    for (const where of Object.keys(KNOWN)) {
      const [path, at] = where.split(' ');
      expect(list).toContain(`| \`${path}\` | (${at.slice(0, 4)},${at.slice(4)}) |`);
    }
  });

  onCorpus('is JSON, without U+0000 and lone surrogates, whatever the file held', async () => {
    let files = 0;
    for (const { path } of corpus) {
      const { instance } = await outcome([bytesOf(path)]);
      if (instance === undefined) continue;
      files++;
      const text = JSON.stringify(instance.dataset);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(JSON.parse(text))));
      expect(text).not.toMatch(/\\u0000|\\ud[89a-f]/i);
      expect(text.isWellFormed()).toBe(true);
    }
    expect(files).toBeGreaterThan(340);
  });
});
