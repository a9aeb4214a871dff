import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ImageRow } from '../../archive/render.sql.js';
import type { Retrieve } from '../../archive/retrieve.js';
import { UnsupportedPixels } from '../../pixels/faults.js';
import { callerOf } from '../called-by.js';
import { strongTag } from '../entity-tag.js';
import { choose } from '../media-types.js';
import type { InstancePath } from './archive-paths.js';
import { sendBytes } from './send-bytes.js';

const MPEG_2 = /^1\.2\.840\.10008\.1\.2\.4\.10[01](\.1)?$/;
const SYNC_BYTE = 0x47; // of a transport stream packet (ISO/IEC 13818-1 2.4.3.2)

/**
 * Sends a video as it is stored, fragments joined, whole or by ranges: nothing is decoded (PS3.5 8.2.5 to 8.2.8). What it is
 * called goes by its first bytes, since the transfer syntax says MPEG-4 of MP4 files and of transport streams alike.
 * @throws UnsupportedPixels  a bare stream that no media type names; NotAcceptable
 */
export async function sendVideo(
  retrieve: Retrieve,
  path: InstancePath,
  { transferSyntaxUID, sha256, studyRow, whose, id, changedAt }: ImageRow,
  request: FastifyRequest,
  reply: FastifyReply,
  accept: string | undefined,
): Promise<void> {
  const { frameTable } = await retrieve.frameInstance(path, [1]);
  const fragments = frameTable?.kind === 'video' ? frameTable.fragments : [];
  const segments = fragments.map(([offset, length]) => ({ sha256, offset, length }));
  const start = await retrieve.bytesOnRecord(segments).slice(0, 12).whole(); // looked at here, and given to nobody
  const mediaType = videoType(start, transferSyntaxUID);
  if (mediaType === undefined) throw new UnsupportedPixels('a bare video stream, in no file that a player takes');
  choose(accept, [{ mediaType }]);
  const bytes = retrieve.bytes(callerOf(request), { studyRow, whose, what: 'pixels', instances: [id] }, segments);
  await sendBytes(request, reply, mediaType, bytes, { etag: strongTag(`${sha256.slice(0, 32)}-video`), lastModified: changedAt });
}

function videoType(start: Buffer, transferSyntaxUID: string): string | undefined {
  if (start.subarray(4, 8).toString('latin1') === 'ftyp') return 'video/mp4'; // ISO/IEC 14496-12 4.3
  if (start.at(0) === SYNC_BYTE) return 'video/mp2t';
  return MPEG_2.test(transferSyntaxUID) ? 'video/mpeg' : undefined;
}
