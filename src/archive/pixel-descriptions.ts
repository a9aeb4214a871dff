import type { DicomJson } from '../dicom/dicom-json.js';
import { describePixels, lutBulkDataURIs, type ImagePixels } from '../dicom/image-pixels.js';
import { pixelAttributes } from '../dicom/pixel-attributes.js';
import { contentVersion } from './content-version.js';
import { ByteCache } from './byte-cache.js';
import type { PixelInstanceRow } from './retrieve.sql.js';
import type { Retrieve } from './retrieve.js';
import { storedDataset } from './studies.js';

const CACHE_BYTES = 16 * 2 ** 20;
/** 65,536 entries of 16 bits in segments of one value each (PS3.3 C.7.9.2): three words an entry. What is longer is no lookup table. */
const LONGEST_LUT_BYTES = 65_536 * 6;

type BulkReader = Pick<Retrieve, 'bulkData'>;

interface Described {
  readonly attributes: DicomJson;
  /** LUT data by BulkDataURI */
  readonly bulk: ReadonlyMap<string, Uint8Array>;
  readonly bytes: number;
}

/** What the pixels of stored instances mean, without parsing a header for every frame of it. */
export class PixelDescriptions {
  private readonly cache = new ByteCache<Described>(CACHE_BYTES);

  constructor(private readonly retrieve: BulkReader) {}

  /** @throws the faults of pixel descriptions */
  async of(instance: PixelInstanceRow, frameNumber: number): Promise<ImagePixels> {
    const key = `${instance.id}/${contentVersion(instance)}`;
    const { attributes, bulk } = this.cache.get(key) ?? (await this.describe(instance, key));
    return describePixels(attributes, instance.transferSyntaxUID, frameNumber, (uri) => bulk.get(uri));
  }

  private async describe(instance: PixelInstanceRow, key: string): Promise<Described> {
    const attributes = pixelAttributes(storedDataset(instance.metadata));
    const bulk = await lutData(this.retrieve, instance, lutBulkDataURIs(attributes));
    const bulkBytes = [...bulk.values()].reduce((sum, { length }) => sum + length, 0);
    const described = { attributes, bulk, bytes: 2 * JSON.stringify(attributes).length + bulkBytes };
    this.cache.set(key, described);
    return described;
  }
}

/** LUT data that an instance leaves as bulk data, by BulkDataURI; without those that are too long to be a lookup table. */
export async function lutData(
  retrieve: BulkReader,
  instance: PixelInstanceRow,
  uris: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (const uri of uris) {
    const path = uri.replace(/^bulkdata\//, '');
    const { length } = instance.bulkData.find((one) => one.path === path) ?? { length: 0 };
    if (length <= LONGEST_LUT_BYTES) found.set(uri, await retrieve.bulkData(instance, path));
  }
  return found;
}
