import type { DicomJson } from '../dicom/dicom-json.js';
import { describePixels, lutBulkDataURIs, type ImagePixels } from '../dicom/image-pixels.js';
import { pixelAttributes } from '../dicom/pixel-attributes.js';
import { BoundedCache } from './bounded-cache.js';
import type { PixelInstanceRow } from './retrieve.sql.js';
import type { Retrieve } from './retrieve.js';
import { storedDataset } from './studies.js';

const CACHE_BYTES = 16 * 2 ** 20;

/** An instance whose attributes may have been edited: the revision is part of its identity here. */
export type RevisedInstance = PixelInstanceRow & { readonly revision?: number };

interface Described {
  readonly attributes: DicomJson;
  /** LUT data by BulkDataURI */
  readonly bulk: ReadonlyMap<string, Uint8Array>;
}

/** What the pixels of stored instances mean, without parsing a header for every frame of it. */
export class PixelDescriptions {
  private readonly cache = new BoundedCache<Described>(CACHE_BYTES);

  constructor(private readonly retrieve: Pick<Retrieve, 'bulkData'>) {}

  /** @throws the faults of pixel descriptions */
  async of(instance: RevisedInstance, frameNumber: number): Promise<ImagePixels> {
    const key = `${instance.id}/${instance.sha256}/${instance.revision ?? 0}`;
    const { attributes, bulk } = this.cache.get(key) ?? (await this.describe(instance, key));
    return describePixels(attributes, instance.transferSyntaxUID, frameNumber, (uri) => bulk.get(uri));
  }

  private async describe(instance: RevisedInstance, key: string): Promise<Described> {
    const attributes = pixelAttributes(storedDataset(instance.metadata));
    const bulk = new Map<string, Uint8Array>();
    for (const uri of lutBulkDataURIs(attributes)) bulk.set(uri, await this.retrieve.bulkData(instance, uri.replace(/^bulkdata\//, '')));
    const described = { attributes, bulk };
    const bulkBytes = [...bulk.values()].reduce((sum, { length }) => sum + length, 0);
    this.cache.set(key, described, 2 * JSON.stringify(attributes).length + bulkBytes);
    return described;
  }
}
