import { bulkDataUri } from '../dicom/bulk-data.js';
import { items, type DicomElement, type DicomJson, type Tag } from '../dicom/dicom-json.js';
import { Part10Reader } from '../dicom/part10-header.js';
import { valueBytes } from '../dicom/value-bytes.js';
import { valueRepresentation } from '../dicom/value-representations.js';
import type { OpenableValue } from './bulk-values.js';
import type { PixelInstanceRow } from './retrieve.sql.js';
import { StoredBytes, type ObjectReader } from './stored-bytes.js';

/**
 * The texts of an instance that are too long for DICOM JSON to hold, in UTF-8 by BulkDataURI: in the file they stand in the
 * file's character set, which only its reader knows. Few instances have any; of those the file is read once more.
 * @throws HeaderTooLarge  together they are more than a reader holds
 */
export async function longTexts(storage: ObjectReader, instance: PixelInstanceRow): Promise<ReadonlyMap<string, OpenableValue>> {
  const places = instance.bulkData.filter(({ vr }) => valueRepresentation(vr).kind === 'text');
  if (places.length === 0) return new Map();
  const reader = new Part10Reader({ inlineBytes: Math.max(...places.map(({ length }) => length)) });
  const file = new StoredBytes(storage, [{ sha256: instance.sha256, offset: 0, length: instance.bytes }], Promise.resolve());
  for await (const piece of file.pieces()) await reader.push(piece);
  const { dataset } = await reader.end();
  return new Map(
    places.flatMap(({ path }) => {
      const element = elementAt(dataset, path.split('/'));
      return element === undefined ? [] : [[bulkDataUri(path), asValue(valueBytes(element, path.slice(-8) as Tag))] as const]; // paths end in a tag
    }),
  );
}

const asValue = (bytes: Buffer): OpenableValue => ({
  length: bytes.length,
  open: async function* () {
    yield bytes;
  },
});

/** @param path  tags and item numbers, from 1, in turn */
function elementAt(dataset: DicomJson, [at, item, ...rest]: readonly string[]): DicomElement | undefined {
  if (item === undefined) return dataset[at];
  const within = items(dataset, at as Tag)[Number(item) - 1];
  return within && elementAt(within, rest);
}
