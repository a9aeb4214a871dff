import type { DicomJson } from '../dicom/dicom-json.js';
import { describePixels, lutBulkDataURIs, type ImagePixels } from '../dicom/image-pixels.js';
import { pixelAttributes } from '../dicom/pixel-attributes.js';
import { contentVersion } from './content-version.js';
import { ByteCache } from './byte-cache.js';
import type { PixelInstanceRow } from './retrieve.sql.js';
import type { Retrieve } from './retrieve.js';
import { storedDataset } from './studies.js';

const CACHE_BYTES = 16 * 2 ** 20;

interface Described {
  readonly attributes: DicomJson;
  /** LUT data by BulkDataURI */
  readonly bulk: ReadonlyMap<string, Uint8Array>;
  readonly bytes: number;
}

/** What the pixels of stored instances mean, without parsing a header for every frame of it. */
export class PixelDescriptions {
  private readonly cache = new ByteCache<Described>(CACHE_BYTES);

  constructor(private readonly retrieve: Pick<Retrieve, 'bulkData'>) {}

  /** @throws the faults of pixel descriptions */
  async of(instance: PixelInstanceRow, frameNumber: number): Promise<ImagePixels> {
    const key = `${instance.id}/${contentVersion(instance)}`;
    const { attributes, bulk } = this.cache.get(key) ?? (await this.describe(instance, key));
    return describePixels(attributes, instance.transferSyntaxUID, frameNumber, (uri) => bulk.get(uri));
  }

  private async describe(instance: PixelInstanceRow, key: string): Promise<Described> {
    const attributes = pixelAttributes(storedDataset(instance.metadata));
    const bulk = new Map<string, Uint8Array>();
    for (const uri of lutBulkDataURIs(attributes)) bulk.set(uri, await this.retrieve.bulkData(instance, uri.replace(/^bulkdata\//, '')));
    const bulkBytes = [...bulk.values()].reduce((sum, { length }) => sum + length, 0);
    const described = { attributes, bulk, bytes: 2 * JSON.stringify(attributes).length + bulkBytes };
    this.cache.set(key, described);
    return described;
  }
}
