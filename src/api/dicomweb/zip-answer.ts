import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { LOCAL_CALLER } from '../../access/caller.js';
import { contentVersion } from '../../archive/content-version.js';
import { onwards } from '../../archive/onwards.js';
import { Retrieve } from '../../archive/retrieve.js';
import { levelOf, type ArchivePath, type PixelInstanceRow, type StoredInstanceRow } from '../../archive/retrieve.sql.js';
import { storedDataset } from '../../archive/studies.js';
import { Transcode } from '../../archive/transcode.js';
import { Dicomdir } from '../../dicom/dicomdir.js';
import { EXPLICIT_VR_BIG_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN, transferSyntax } from '../../dicom/transfer-syntaxes.js';
import { begin, decide } from '../conditional.js';
import { weakTag } from '../entity-tag.js';
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
    private readonly transcode: Transcode,
  ) {}

  /**
   * Sends the instances of a path, each read when its turn comes; the look at them is on record before the first byte. What
   * breaks after it breaks the connection.
   * @param asked  Transfer Syntax UID, or `*` for as it is stored
   * @throws NotInArchive, ObjectMissing, StorageAway; and for the first instance what Transcode.file throws
   */
  async send(
    path: ArchivePath,
    asked: string,
    found: readonly StoredInstanceRow[],
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const lastModified = new Date(Math.max(...found.map(({ changedAt }) => changedAt.getTime())));
    const decision = decide(request, { etag: weakTag(tagOf(found, asked)), lastModified });
    if (decision.status !== 200) return void begin(reply, decision);
    const archive = zipped(this.entries(path, asked, lastModified));
    const start = await archive.next(); // the first file is open: an absent one still gets its status
    reply.type(ZIP_TYPE).header('content-disposition', `attachment; filename="${levelOf(path)}.zip"`);
    if (!begin(reply, decision)) return void (await archive.return(undefined));
    await reply.send(
      Readable.from(onwards(start.done ? [] : [start.value], archive), { objectMode: false, highWaterMark: READ_AHEAD_BYTES }),
    );
  }

  /** The files, then the directory of those that were there. */
  private async *entries(path: ArchivePath, asked: string, lastModified: Date): AsyncGenerator<ZipEntry> {
    const directory = new Dicomdir();
    for await (const instance of await this.retrieve.pixelInstancesAt(LOCAL_CALLER, path, 'instances')) {
      const syntax = syntaxOf(instance, asked, path);
      const name = directory.add(storedDataset(instance.metadata), syntax).join('/');
      const { sha256, bytes, changedAt } = instance;
      yield instance.revision === 0 && syntax === instance.transferSyntaxUID
        ? { name, changedAt, length: bytes, bytes: this.retrieve.stream([{ sha256, offset: 0, length: bytes }]) }
        : { name, changedAt, bytes: await this.transcode.file(instance, syntax) };
    }
    const bytes = directory.bytes();
    yield { name: 'DICOMDIR', changedAt: lastModified, length: bytes.length, bytes: [bytes] };
  }
}

/** The transfer syntax that an instance is given in. What has no pixels has no compressed form: among others it is given without. */
function syntaxOf({ revision, transferSyntaxUID, frameTable }: PixelInstanceRow, asked: string, path: ArchivePath): string {
  if (asked !== '*' && asked !== transferSyntaxUID) {
    const encapsulated = transferSyntax(asked)?.encapsulated === true;
    return encapsulated && frameTable === null && path.instance === undefined ? EXPLICIT_VR_LITTLE_ENDIAN : asked;
  }
  // A file that is written anew is never big endian (PS3.5 A.3 is retired).
  return revision > 0 && transferSyntaxUID === EXPLICIT_VR_BIG_ENDIAN ? EXPLICIT_VR_LITTLE_ENDIAN : transferSyntaxUID;
}

function tagOf(found: readonly StoredInstanceRow[], asked: string): string {
  const hash = createHash('sha256').update(asked);
  for (const one of found) hash.update(` ${contentVersion(one)}`);
  return `${hash.digest('hex').slice(0, 32)}-zip`;
}
