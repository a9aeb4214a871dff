import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { part } from '../../archive/byte-ranges.js';
import { Retrieve } from '../../archive/retrieve.js';
import type { PixelInstanceRow, StoredInstanceRow } from '../../archive/retrieve.sql.js';
import type { Segment } from '../../archive/stored-bytes.js';
import { Transcode } from '../../archive/transcode.js';
import { EXPLICIT_VR_LITTLE_ENDIAN, transferSyntax } from '../../dicom/transfer-syntaxes.js';
import { Fault } from '../../faults.js';
import { Settings } from '../../settings.js';
import { beginOnRecord, decide, type Decision, type Tagged } from '../conditional.js';
import { BulkSpool } from './bulk-spool.js';
import { AS_STORED, formOf } from './instance-form.js';
import { wholeFile, type Receiver } from './whole-file.js';

/** An instance as a file to be sent. */
export interface MadeFile {
  /** as it was handed in; without what its pixels need where it had to wait */
  readonly instance: StoredInstanceRow | PixelInstanceRow;
  readonly transferSyntaxUID: string;
  /** Bytes, where they are known. */
  readonly length?: number;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** to be called where the bytes are not read */
  readonly close?: () => Promise<unknown>;
}

/** How files are asked for. */
export interface AskedFiles {
  /** Transfer Syntax UID, `*` for as they are stored; undefined where none was named, and as it is stored will do (PS3.18 8.7.3). */
  readonly transferSyntax: string | undefined;
  /** Several: one that cannot be given so is no reason to refuse its neighbours. */
  readonly several: boolean;
  /** The response that they are made for. */
  readonly receiver: Receiver;
}

/** Files made anew where the stored ones will not do, each when its turn comes. */
@Injectable()
export class MadeFiles {
  constructor(
    private readonly retrieve: Retrieve,
    private readonly transcode: Transcode,
    private readonly settings: Settings,
  ) {}

  /**
   * Of several, what cannot be given in the transfer syntax asked for comes as it is stored, and says so: its neighbours are
   * not lost for it. Only where none can be given so, that is the answer. Whoever sends them puts that on record.
   * @throws NotInArchive, ObjectMissing, StorageAway, NotWanted; what Transcode.file throws where none can be given as asked
   */
  async *of(
    found: AsyncIterable<StoredInstanceRow | PixelInstanceRow> | readonly StoredInstanceRow[],
    asked: AskedFiles,
  ): AsyncGenerator<MadeFile, undefined> {
    const orStored = asked.transferSyntax === undefined;
    const waiting: StoredInstanceRow[] = [];
    let refusal: Fault | undefined;
    let given = orStored;
    for await (const instance of found) {
      const made = await this.made(instance, asked).catch((fault: unknown) => {
        if (!isOfTheInstance(fault) || (!orStored && !asked.several)) throw fault;
        refusal ??= fault;
        return undefined;
      });
      given ||= made !== undefined;
      if (!given) waiting.push(withoutPixels(instance));
      else {
        for (const one of waiting.splice(0)) yield await this.instead(one, asked.receiver);
        yield made ?? (await this.instead(instance, asked.receiver));
      }
    }
    if (!given && refusal !== undefined) throw refusal;
    for (const one of waiting) yield await this.instead(one, asked.receiver);
    return undefined;
  }

  /**
   * A file in a transfer syntax. Where more than its first frame must be decoded it is made to its end first.
   * @throws what Transcode.file throws, and what goes wrong on the way to the end; NotWanted
   */
  async in(transferSyntaxUID: string, instance: PixelInstanceRow, receiver: Receiver): Promise<MadeFile> {
    const { frameTable: table } = instance;
    const file = await this.transcode.file(instance, transferSyntaxUID);
    const isWhole = table?.kind !== 'encapsulated' || table.frames.length < 2 || transferSyntaxUID === instance.transferSyntaxUID;
    return { instance, transferSyntaxUID, ...(isWhole ? file : await wholeFile(this.spool(), file.bytes, receiver)) };
  }

  /** A file as it was asked for; undefined of what holds no pixels, among others that are asked for compressed. */
  private async made(
    instance: StoredInstanceRow | PixelInstanceRow,
    { transferSyntax, several, receiver }: AskedFiles,
  ): Promise<MadeFile | undefined> {
    const form = formOf(instance, transferSyntax);
    if (form === AS_STORED) return this.asItIs(instance);
    const pixels = await this.pixelsOf(instance);
    if (several && pixels.frameTable === null && isEncapsulated(form)) return undefined;
    return this.in(form, pixels, receiver);
  }

  /** Without pixels there is no compressed form (PS3.5 A.4 is of Pixel Data only): it comes uncompressed. All else as it is stored. */
  private async instead(instance: StoredInstanceRow | PixelInstanceRow, receiver: Receiver): Promise<MadeFile> {
    const pixels = await this.pixelsOf(instance);
    if (pixels.frameTable !== null) return this.asItIs(pixels);
    const uncompressed = { transferSyntax: EXPLICIT_VR_LITTLE_ENDIAN, several: false, receiver };
    const made = await this.made(pixels, uncompressed).catch((fault: unknown) => {
      if (!isOfTheInstance(fault)) throw fault;
      return undefined;
    });
    return made ?? this.asItIs(pixels);
  }

  private async asItIs(instance: StoredInstanceRow | PixelInstanceRow): Promise<MadeFile> {
    const form = formOf(instance, '*');
    if (form !== AS_STORED)
      return { instance, transferSyntaxUID: form, ...(await this.transcode.file(await this.pixelsOf(instance), form)) };
    const { transferSyntaxUID, bytes: length } = instance;
    return { instance, transferSyntaxUID, length, bytes: this.retrieve.stream([whole(instance)]) };
  }

  private async pixelsOf(instance: StoredInstanceRow | PixelInstanceRow): Promise<PixelInstanceRow> {
    return 'metadata' in instance ? instance : this.retrieve.pixelInstanceOf(instance);
  }

  private spool(): BulkSpool {
    const { WETREAD_DATA, FREE_SPACE_FLOOR_MIB } = this.settings;
    return new BulkSpool(join(WETREAD_DATA, 'spool'), FREE_SPACE_FLOOR_MIB * 2 ** 20);
  }
}

/**
 * Begins the answer that gives a file that is made, with the look at it on record before. Where no body is due, or it cannot begin, the file
 * is let go. Answers whether one is. Throws as beginOnRecord does.
 */
export async function beginFile(
  { close }: Pick<MadeFile, 'close'>,
  reply: FastifyReply,
  decision: Decision,
  looked: () => Promise<unknown>,
): Promise<boolean> {
  let isDue = false;
  try {
    isDue = await beginOnRecord(reply, decision, looked);
  } finally {
    if (!isDue) await close?.();
  }
  return isDue;
}

/**
 * Sends one file by itself, or the range of it that was asked for where its length is known; the look at it is on record before.
 * @throws PreconditionFailed, RangeNotSatisfiable
 */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  contentType: string,
  file: MadeFile,
  about: Tagged,
  looked: () => Promise<unknown>,
): Promise<void> {
  const { bytes, length } = file;
  const decision = decide(request, { ...about, ...(length !== undefined && { length }) });
  if (!(await beginFile(file, reply.type(contentType), decision, looked))) return;
  const wanted = length === undefined ? bytes : part(bytes, decision.start, decision.end + 1);
  await reply.send(Readable.from(wanted, { objectMode: false }));
}

const isOfTheInstance = (fault: unknown): fault is Fault => fault instanceof Fault && fault.status < 500;
const isEncapsulated = (uid: string): boolean => transferSyntax(uid)?.encapsulated === true;

/** A file as it was received. */
export const whole = ({ sha256, bytes }: StoredInstanceRow): Segment => ({ sha256, offset: 0, length: bytes });

/** Many may wait, so not with their headers. */
function withoutPixels(instance: StoredInstanceRow | PixelInstanceRow): StoredInstanceRow {
  const { id, studyRow, sopInstanceUID, sopClassUID, seriesInstanceUID, transferSyntaxUID, sha256, bytes, revision, changedAt } = instance;
  return { id, studyRow, sopInstanceUID, sopClassUID, seriesInstanceUID, transferSyntaxUID, sha256, bytes, revision, changedAt };
}
