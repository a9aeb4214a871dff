import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { contentVersion } from '../../archive/content-version.js';
import { onwards } from '../../archive/onwards.js';
import { Retrieve } from '../../archive/retrieve.js';
import { levelOf, type ArchivePath, type FoundInstanceRow, type StoredInstanceRow } from '../../archive/retrieve.sql.js';
import { storedDataset } from '../../archive/studies.js';
import { Dicomdir } from '../../dicom/dicomdir.js';
import { callerOf } from '../called-by.js';
import { begin, decide } from '../conditional.js';
import { weakTag } from '../entity-tag.js';
import { MadeFiles } from './made-files.js';
import { zipped, type ZipEntry } from './zip-stream.js';

const ZIP_TYPE = 'application/zip';
/** How instances are asked for in an archive (PS3.18 10.4.4): as they are stored unless a transfer syntax is named. */
export const ZIP = { mediaType: ZIP_TYPE, transferSyntaxes: 'any', holds: 'application/dicom' } as const;

const READ_AHEAD_BYTES = 1 << 18;

/** Instances as one archive to keep: a File-set (PS3.10 section 8), DICOM files and the DICOMDIR that lists them, in a ZIP file (PS3.12 Annex V). */
@Injectable()
export class ZipAnswer {
  constructor(
    private readonly retrieve: Retrieve,
    private readonly madeFiles: MadeFiles,
  ) {}

  /**
   * Sends the instances of a path, each read when its turn comes; the look at them is on record before the first byte. What
   * breaks after it breaks the connection.
   * @param asked  Transfer Syntax UID, or `*` for as it is stored
   * @throws NotInArchive, ObjectMissing, StorageAway; what MadeFiles.of throws before the first file
   */
  async send(
    path: ArchivePath,
    asked: string,
    found: readonly FoundInstanceRow[],
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const lastModified = new Date(Math.max(...found.map(({ changedAt }) => changedAt.getTime())));
    const decision = decide(request, { etag: weakTag(tagOf(found, asked)), lastModified });
    if (decision.status !== 200) return void begin(reply, decision);
    const archive = zipped(this.entries(path, found, asked, lastModified, reply));
    const start = await archive.next(); // the first file is open: an absent one still gets its status
    const [{ id, studyRow, whose }] = found;
    const seen = { studyRow, whose, what: 'instances', ...(path.instance === undefined ? {} : { instances: [id] }) } as const;
    await this.retrieve.looked(callerOf(request), seen).catch(async (fault: unknown) => {
      await archive.return(undefined);
      throw fault;
    });
    reply.type(ZIP_TYPE).header('content-disposition', `attachment; filename="${levelOf(path)}.zip"`);
    if (!begin(reply, decision)) return void (await archive.return(undefined));
    const bytes = onwards(start.done ? [] : [start.value], archive);
    const stream = Readable.from(bytes, { objectMode: false, highWaterMark: READ_AHEAD_BYTES });
    stream.once('close', () => void archive.return(undefined)); // begun above: who leaves before the stream is read ends it all the same
    await reply.send(stream);
  }

  /** The files, then the directory of those that were there. */
  private async *entries(
    path: ArchivePath,
    found: readonly FoundInstanceRow[],
    asked: string,
    lastModified: Date,
    { raw }: FastifyReply,
  ): AsyncGenerator<ZipEntry> {
    const directory = new Dicomdir();
    const instances = this.retrieve.pixelInstancesOf(found);
    for await (const { instance, transferSyntaxUID, length, bytes } of this.madeFiles.of(instances, {
      transferSyntax: asked,
      several: path.instance === undefined,
      receiver: raw,
    })) {
      const { metadata } = 'metadata' in instance ? instance : await this.retrieve.pixelInstanceOf(instance);
      const name = directory.add(storedDataset(metadata), transferSyntaxUID).join('/');
      yield { name, changedAt: instance.changedAt, bytes, ...(length !== undefined && { length }) };
    }
    const bytes = directory.bytes();
    yield { name: 'DICOMDIR', changedAt: lastModified, length: bytes.length, bytes: [bytes] };
  }
}

function tagOf(found: readonly StoredInstanceRow[], asked: string): string {
  const hash = createHash('sha256').update(asked);
  for (const one of found) hash.update(` ${contentVersion(one)}`);
  return `${hash.digest('hex').slice(0, 32)}-zip`;
}
