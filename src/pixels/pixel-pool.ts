import type { DecodedFrame } from './decoded-frame.js';
import type { EncodedFrame } from './encoded-frame.js';
import { displayPixels } from './display-frame.js';
import { encodeAnimation, encodeImage } from './encode-image.js';
import { decodingFault, PixelPoolClosed, PixelsBusy } from './faults.js';
import { jp2File } from './jp2-file.js';
import type {
  DecodeJob,
  DisplayFrame,
  DisplayJob,
  ImageForm,
  RenderedImage,
  RenderJob,
  TranscodeJob,
  WorkerAnswer,
  WorkerRequest,
} from './pixel-job.js';
import { PixelThread } from './pixel-thread.js';

const JPEG_2000 = '1.2.840.10008.1.2.4.90';

export interface PixelPoolLimits {
  /** worker threads, at least 1 */
  readonly threads: number;
  /** jobs that may wait for a thread; one more is refused */
  readonly queueLimit: number;
  readonly timeLimitMilliseconds: number;
}

/**
 * Decodes and renders frames off the server's thread. What a frame does to its worker stays there: a worker that dies
 * or takes too long fails its own job and is replaced.
 */
export class PixelPool {
  private readonly threads: readonly PixelThread[];
  private readonly idle: PixelThread[];
  private readonly waiting: { take: (thread: PixelThread) => void; refuse: (fault: Error) => void }[] = [];
  private unfinished = 0;
  private closed = false;

  constructor(private readonly limits: PixelPoolLimits) {
    this.threads = Array.from({ length: limits.threads }, () => new PixelThread(limits.timeLimitMilliseconds));
    this.idle = [...this.threads];
  }

  /**
   * One frame to native samples. The frame's memory is handed over: `job.frame` is empty afterwards.
   * @throws CorruptFrame, UnsupportedTransferSyntax, UnsupportedPixels: the frame's fault
   * @throws PixelsBusy, PixelTimeLimit, PixelWorkerDied, PixelPoolClosed: the pool's
   */
  decode(job: DecodeJob): Promise<DecodedFrame> {
    return this.admit(async () => {
      const answer = await this.ask({ kind: 'decode', job });
      return answer.kind === 'decode' ? answer.frame : raise(answer);
    });
  }

  /**
   * One frame in another transfer syntax, by way of its native samples.
   * @throws as decode does; UnsupportedPixels also for what the encoder cannot take
   */
  transcode(job: TranscodeJob): Promise<EncodedFrame> {
    return this.admit(async () => {
      const answer = await this.ask({ kind: 'transcode', job });
      return answer.kind === 'transcode' ? answer.frame : raise(answer);
    });
  }

  /**
   * One frame as an 8-bit image (PS3.18 10.4.1.1.4): Modality LUT, VOI LUT, polarity or colour, then viewport and format.
   * @throws as decode does; RegionOutside
   */
  render({ pixels, frame, bitOffset, covering, ...form }: RenderJob): Promise<RenderedImage> {
    return this.admit(async () => {
      const display = await this.display({ pixels, frame, bitOffset, covering }, form);
      const image = await encodeImage(display, form, this.limits.timeLimitMilliseconds);
      return form.format === 'jp2' ? this.asJp2(image) : image;
    });
  }

  /**
   * Frames as one animated GIF, each drawn as `render` draws it.
   * @param frameMilliseconds  between frames
   * @throws as render does
   */
  animate(jobs: AsyncIterable<DecodeJob>, form: Omit<ImageForm, 'format'>, frameMilliseconds: number): Promise<RenderedImage> {
    return this.admit(async () => {
      const frames: DisplayFrame[] = [];
      for await (const job of jobs)
        frames.push(await encodeImage(await this.display(job, form), { ...form, format: 'raw' }, this.limits.timeLimitMilliseconds));
      return encodeAnimation(frames, frameMilliseconds);
    });
  }

  /** Shrunk on the way where all of it goes into a small viewport. */
  private async display(job: Omit<DisplayJob, 'fitInto'>, { viewport }: Pick<ImageForm, 'viewport'>): Promise<DisplayFrame> {
    const isWhole = viewport !== undefined && viewport.region === undefined && (viewport.rotation ?? 0) === 0;
    const answer = await this.ask({
      kind: 'display',
      job: isWhole ? { ...job, fitInto: { columns: viewport.columns, rows: viewport.rows } } : job,
    });
    return answer.kind === 'display' ? answer.frame : raise(answer);
  }

  private async asJp2(image: RenderedImage): Promise<RenderedImage> {
    const job = { pixels: displayPixels(image), frame: image.bytes, targetTransferSyntaxUID: JPEG_2000 };
    const answer = await this.ask({ kind: 'transcode', job });
    const { bytes } = answer.kind === 'transcode' ? answer.frame : raise(answer);
    return { ...image, bytes: jp2File(bytes, image), mediaType: 'image/jp2' };
  }

  /** Ends all threads; jobs not done fail with PixelPoolClosed. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { refuse } of this.waiting.splice(0)) refuse(new PixelPoolClosed());
    await Promise.all(this.threads.map((thread) => thread.end()));
  }

  /** Counts a job from its first wait to its last byte: encoding holds memory as well. */
  private async admit<T>(work: () => Promise<T>): Promise<T> {
    if (this.closed) throw new PixelPoolClosed();
    if (this.unfinished >= this.limits.threads + this.limits.queueLimit) throw new PixelsBusy();
    this.unfinished++;
    try {
      return await work();
    } finally {
      this.unfinished--;
    }
  }

  private async ask(request: WorkerRequest): Promise<WorkerAnswer> {
    const thread = this.idle.pop() ?? (await new Promise<PixelThread>((take, refuse) => this.waiting.push({ take, refuse })));
    try {
      return await thread.ask(request);
    } catch (fault) {
      throw this.closed ? new PixelPoolClosed() : fault;
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.idle.push(thread);
      else next.take(thread);
    }
  }
}

function raise(answer: WorkerAnswer): never {
  if (answer.kind !== 'fault') throw new Error('the worker answered another question');
  throw decodingFault(answer);
}
