import type { IncomingInstance } from '../../archive/ingest.js';
import { readDicomJson } from '../../dicom/dicom-json-reader.js';
import { readDicomXml } from '../../dicom/dicom-xml-reader.js';
import { asFault, Fault } from '../../faults.js';
import { parseMediaType } from '../media-types.js';
import { AwaitedInstance } from './awaited-instance.js';
import { BulkParts } from './bulk-parts.js';
import type { BulkSpool } from './bulk-spool.js';
import { DICOM_JSON, DICOM_XML } from './dataset-body.js';
import type { Part } from './multipart-parts.js';
import { BulkDataUnreferenced, MetadataTooLarge } from './store-faults.js';

const MIB = 2 ** 20;
/** Longest metadata of one part: all instances of a JSON array, one of an XML document. */
const LONGEST_PART = 16 * MIB;
/** Metadata of all instances that wait for their bulk data at once. */
const MOST_WAITING = 32 * MIB;

type Body = AsyncIterable<Uint8Array>;
export type MetadataForm = typeof DICOM_JSON | typeof DICOM_XML;

/**
 * Makes DICOM files (PS3.10) of a request's metadata and bulk data parts (PS3.18 10.5.1.4): each as soon as all its parts
 * are there. An instance that cannot be made comes as a body that fails, so that its neighbours are stored without it.
 */
export class MetadataInstances {
  private readonly bulk: BulkParts;
  private readonly waiting = new Set<AwaitedInstance>();
  /** The same by what they wait for. */
  private readonly waitingFor = new Map<string, AwaitedInstance[]>();
  private waitingBytes = 0;

  constructor(
    private readonly form: MetadataForm,
    base: string,
    private readonly spool: BulkSpool,
  ) {
    this.bulk = new BulkParts(base, spool);
  }

  async *of(parts: AsyncIterable<Part>): AsyncGenerator<IncomingInstance> {
    for await (const part of parts) {
      const form = this.formOf(part);
      if (form !== undefined) yield* this.readMetadata(part.body, form);
      else {
        const key = await this.bulk.take(part);
        yield* this.complete(key === undefined ? [] : (this.waitingFor.get(key) ?? []));
      }
    }
    for (const instance of this.waiting) yield this.made(instance);
    for (let left = this.bulk.unreferenced; left > 0; left--) yield failing(new BulkDataUnreferenced());
  }

  /** The form of metadata that a part is in; undefined where it is bulk data. */
  private formOf({ headers }: Part): MetadataForm | undefined {
    const type = headers['content-type'];
    if (type === undefined) return headers['content-location'] === undefined ? this.form : undefined;
    const { mediaType } = parseMediaType(type);
    return mediaType === DICOM_JSON || mediaType === DICOM_XML ? mediaType : undefined;
  }

  private async *readMetadata(body: Body, form: MetadataForm): AsyncGenerator<IncomingInstance> {
    const read = await this.collected(body)
      .then((bytes) => (form === DICOM_XML ? [readDicomXml(bytes)] : readDicomJson(bytes)).map((one) => [one, bytes.length] as const))
      .catch((error: unknown) => [[asFault(error), 0] as const]);
    const instances: AwaitedInstance[] = [];
    for (const [one, bytes] of read) {
      if (one instanceof Fault) yield failing(one);
      else instances.push(this.await(new AwaitedInstance(one, this.bulk, bytes / read.length)));
    }
    yield* this.complete(instances);
  }

  private async collected(body: Body): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of body) {
      bytes += piece.length;
      if (bytes > Math.min(LONGEST_PART, MOST_WAITING - this.waitingBytes)) throw new MetadataTooLarge();
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  }

  private await(instance: AwaitedInstance): AwaitedInstance {
    this.waiting.add(instance);
    this.waitingBytes += instance.metadataBytes;
    for (const { key } of instance.references) this.waitingFor.set(key, [...(this.waitingFor.get(key) ?? []), instance]);
    return instance;
  }

  private *complete(candidates: readonly AwaitedInstance[]): Generator<IncomingInstance> {
    for (const instance of candidates) if (this.waiting.has(instance) && instance.isComplete) yield this.made(instance);
  }

  private made(instance: AwaitedInstance): IncomingInstance {
    this.waiting.delete(instance);
    this.waitingBytes -= instance.metadataBytes;
    for (const { key } of instance.references) this.bulk.use(key);
    return Object.assign(instance.part10(this.spool), { warnings: instance.warnings });
  }
}

// oxlint-disable-next-line require-yield -- it has no bytes, only the reason why
async function* failing(fault: Fault): AsyncGenerator<Uint8Array> {
  throw fault;
}
