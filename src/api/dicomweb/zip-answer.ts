import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { contentVersion } from '../../archive/content-version.js';
import { onwards } from '../../archive/onwards.js';
import { Retrieve } from '../../archive/retrieve.js';
import { levelOf, type ArchivePath, type FoundInstanceRow, type StoredInstanceRow } from '../../archive/retrieve.sql.js';
import { storedDataset } from '../../archive/studies.js';
import { Dicomdir } from '../../dicom/dicomdir.js';
import { callerOf } from '../called-by.js';
import { beginOnRecord, decide } from '../conditional.js';
import { weakTag } from '../entity-tag.js';
import { beginFile, MadeFiles } from './made-files.js';
import { sendPieces } from './send-pieces.js';
import { zipped, type ZipEntry } from './zip-stream.js';

const ZIP_TYPE = 'application/zip';
/** How instances are asked for in an archive (PS3.18 10.4.4): as they are stored unless a transfer syntax is named. */
export const ZIP = { mediaType: ZIP_TYPE, transferSyntaxes: 'any', holds: 'application/dicom' } as const;

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
    const [{ id, studyRow, whose }] = found;
    const seen = { studyRow, whose, what: 'instances', ...(path.instance === undefined ? {} : { instances: [id] }) } as const;
    const looked = () => this.retrieve.looked(callerOf(request), seen);
    if (decision.status !== 200) return void (await beginOnRecord(reply, decision, looked));
    const archive = zipped(this.entries(path, found, asked, lastModified, reply));
    const start = await archive.next(); // the first file is open: an absent one still gets its status, of HEAD too
    reply.type(ZIP_TYPE).header('content-disposition', `attachment; filename="${levelOf(path)}.zip"`);
    const close = () => archive.return(undefined);
    async function* pieces(): AsyncGenerator<Uint8Array> {
      try {
        yield* onwards(start.done ? [] : [start.value], archive);
      } finally {
        await close(); // it is begun above: who leaves with its first piece ends it all the same
      }
    }
    await sendPieces(reply, decision, looked, pieces(), (...given) => beginFile({ close }, ...given));
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
