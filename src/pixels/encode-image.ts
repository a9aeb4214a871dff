import sharp from 'sharp';
import { PixelTimeLimit } from './faults.js';
import type { DisplayFrame, RenderedImage, RenderJob } from './pixel-job.js';

const JPEG_QUALITY = 90;
const MEDIA_TYPES = { png: 'image/png', jpeg: 'image/jpeg', raw: 'application/octet-stream' } as const;

/**
 * Scales a frame into the viewport and encodes it. Runs on libvips' own threads, not on the caller's: it may be called
 * from the server's thread. Grey stays one channel.
 * @param timeLimitMilliseconds  libvips gives up after this time, in whole seconds
 * @throws PixelTimeLimit
 */
export async function encodeImage(
  display: DisplayFrame,
  { format, quality = JPEG_QUALITY, viewport }: Pick<RenderJob, 'format' | 'quality' | 'viewport'>,
  timeLimitMilliseconds: number,
): Promise<RenderedImage> {
  const mediaType = MEDIA_TYPES[format];
  if (format === 'raw' && viewport === undefined) return { ...display, mediaType };
  const { columns: width, rows: height, channels, bytes } = display;
  let image = sharp(bytes, { raw: { width, height, channels } })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .timeout({ seconds: Math.ceil(timeLimitMilliseconds / 1000) });
  if (viewport !== undefined) image = image.resize({ width: viewport.columns, height: viewport.rows, fit: 'inside' });
  if (format === 'png') image = image.png({ compressionLevel: 6 });
  else if (format === 'jpeg') image = image.jpeg({ quality, chromaSubsampling: '4:4:4' });
  else image = image.raw();
  const { data, info } = await image.toBuffer({ resolveWithObject: true }).catch((error: Error) => {
    throw error.message.startsWith('timeout') ? new PixelTimeLimit(timeLimitMilliseconds) : error;
  });
  return { bytes: data, mediaType, rows: info.height, columns: info.width, channels };
}
