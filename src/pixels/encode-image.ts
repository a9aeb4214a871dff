import sharp, { type Sharp } from 'sharp';
import { burnText } from './burn-text.js';
import { graphicsSvg } from './draw-graphics.js';
import { PixelTimeLimit, RegionOutside, UnsupportedPixels } from './faults.js';
import type { DisplayFrame, ImageForm, RenderedImage, Viewport } from './pixel-job.js';

const QUALITY = 90;

// An image is small and several are made at once: threads within one cost more than they save, and no operation comes twice.
sharp.concurrency(1);
sharp.cache(false);

/** More libvips does not take from memory. */
const MOST_PIXELS = 0x3fff ** 2;

/** The fast ways: optimal Huffman tables double the time of a JPEG for a few percent. By format; `raw` and the codestream of `jp2` are made elsewhere. */
const WRITERS = {
  png: { mediaType: 'image/png', write: (image: Sharp) => image.png({ compressionLevel: 2, adaptiveFiltering: false }) },
  jpeg: {
    mediaType: 'image/jpeg',
    write: (image: Sharp, quality: number) => image.jpeg({ quality, chromaSubsampling: '4:4:4', optimiseCoding: false }),
  },
  gif: { mediaType: 'image/gif', write: (image: Sharp) => image.gif() },
  webp: { mediaType: 'image/webp', write: (image: Sharp, quality: number) => image.webp({ quality }) },
} as const;

/**
 * Scales a frame into the viewport, draws graphics, then text into it and encodes it. Runs on libvips' own threads, not on the caller's:
 * it may be called from the server's thread. Grey stays one channel. `jp2` comes back raw: a worker has its encoder.
 * @param timeLimitMilliseconds  libvips gives up after this time, in whole seconds
 * @throws PixelTimeLimit; RegionOutside  the viewport's region is not inside the image; UnsupportedPixels  it has too many of them
 */
export async function encodeImage(display: DisplayFrame, form: ImageForm, timeLimitMilliseconds: number): Promise<RenderedImage> {
  const { format, quality = QUALITY, graphics, text = [], iccProfile } = form;
  if (display.columns * display.rows > MOST_PIXELS) throw new UnsupportedPixels('an image of so many of them');
  const writer = format === 'raw' || format === 'jp2' ? undefined : WRITERS[format];
  const seconds = Math.ceil(timeLimitMilliseconds / 1000);
  const timed = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: Error) => {
      throw error.message.startsWith('timeout') ? new PixelTimeLimit(timeLimitMilliseconds) : error;
    });
  const shown = form.viewport === undefined ? display : await timed(turned(display, form.viewport, seconds));
  let image = sharpOf(shown, seconds);
  if (form.viewport !== undefined) image = intoViewport(image, form.viewport);
  const isDrawn = graphics !== undefined && graphics.graphics.length > 0;
  if (writer !== undefined && text.length === 0 && !isDrawn) return timed(written(image, writer, quality, iccProfile, display.channels));
  const scaled = form.viewport === undefined ? { ...display, bytes: display.bytes } : await timed(rawOf(image, display.channels));
  const drawn = isDrawn ? await timed(drawnOn(scaled, graphicsSvg(graphics, form.viewport ?? {}, scaled), seconds)) : scaled;
  burnText(drawn, text);
  if (writer === undefined) return { ...drawn, mediaType: 'application/octet-stream' };
  return timed(written(sharpOf(drawn, seconds), writer, quality, iccProfile, display.channels));
}

const sharpOf = ({ bytes, columns: width, rows: height, channels }: DisplayFrame, seconds: number): Sharp =>
  sharp(bytes, { raw: { width, height, channels } })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .timeout({ seconds });

/** The region of the viewport, turned: by itself, since sharp scales before it turns, whichever is asked for first. */
async function turned(display: DisplayFrame, { region, rotation = 0 }: Viewport, seconds: number): Promise<DisplayFrame> {
  if (region !== undefined) {
    const { left, top, width, height } = region;
    if (left < 0 || top < 0 || left + width > display.columns || top + height > display.rows) throw new RegionOutside();
  }
  if (region === undefined && rotation === 0) return display;
  const part = sharpOf(display, seconds);
  return rawOf((region === undefined ? part : part.extract(region)).rotate(rotation), display.channels);
}

/** Grey stays grey: what is drawn on it is grey as well. */
const drawnOn = (display: DisplayFrame, svg: string, seconds: number): Promise<DisplayFrame> =>
  rawOf(
    sharpOf(display, seconds)
      .composite([{ input: Buffer.from(svg) }])
      .removeAlpha(),
    display.channels,
  );

function intoViewport(image: Sharp, { columns, rows, flips = [] }: Viewport): Sharp {
  let shown = image.resize({ width: columns, height: rows, fit: 'inside' });
  if (flips.includes('vertical')) shown = shown.flip();
  return flips.includes('horizontal') ? shown.flop() : shown;
}

async function rawOf(image: Sharp, channels: 1 | 3): Promise<DisplayFrame> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { bytes: data, rows: info.height, columns: info.width, channels };
}

async function written(
  image: Sharp,
  { mediaType, write }: (typeof WRITERS)[keyof typeof WRITERS],
  quality: number,
  iccProfile: ImageForm['iccProfile'],
  channels: 1 | 3,
): Promise<RenderedImage> {
  const profiled = iccProfile === undefined ? image : image.toColourspace('srgb').withIccProfile(iccProfile);
  const { data, info } = await write(profiled, quality).toBuffer({ resolveWithObject: true });
  return { bytes: data, mediaType, rows: info.height, columns: info.width, channels };
}

/**
 * Frames of one size as an animated GIF that repeats for ever.
 * @param frameMilliseconds  between frames; GIF counts in hundredths of a second
 */
export async function encodeAnimation(frames: readonly DisplayFrame[], frameMilliseconds: number): Promise<RenderedImage> {
  const [{ rows, columns, channels }] = frames;
  const raw = { width: columns, height: rows * frames.length, channels, pageHeight: rows };
  const image = sharp(Buffer.concat(frames.map(({ bytes }) => bytes)), { raw }).toColourspace(channels === 1 ? 'b-w' : 'srgb');
  const delay = frames.map(() => Math.max(20, Math.round(frameMilliseconds)));
  return { bytes: await image.gif({ delay, loop: 0 }).toBuffer(), mediaType: 'image/gif', rows, columns, channels };
}
