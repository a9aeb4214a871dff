import { createRequire } from 'node:module';
import { CorruptFrame, UnsupportedPixels } from './faults.js';

/** What the decoders of the @cornerstonejs codecs have in common. */
export interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number; isSigned?: boolean };
  delete(): void;
}

/** What an encoder is told of the samples it is given. */
export interface WasmFrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  readonly isSigned: boolean;
  readonly isUsingColorTransform: boolean;
}

/** What the encoders have in common. */
export interface WasmEncoder {
  getDecodedBuffer(frameInfo: WasmFrameInfo): Uint8Array;
  encode(): void;
  getEncodedBuffer(): ArrayLike<number>;
  delete(): void;
}

interface WasmModule {
  readonly HEAPU8: Uint8Array;
  readonly [codec: string]: unknown;
}

type WasmFactory = (settings: { print: () => void; printErr: () => void }) => Promise<WasmModule>;

const require = createRequire(import.meta.url);
const MAX_KEPT_HEAP = 256 * 1024 * 1024; // WASM memory grows and never shrinks

/** A codec in WebAssembly, loaded when first used. Not for two calls at once. */
export class WasmCodec<Codec extends WasmDecoder | WasmEncoder> {
  private module: Promise<WasmModule> | undefined;

  /** @param path  as `require` finds it  @param codec  the class inside */
  constructor(
    private readonly path: string,
    private readonly codec: string,
  ) {}

  /**
   * One codestream or frame with a codec of its own, whose buffers are gone afterwards.
   * @param work  copies in, runs the codec and copies out
   * @throws the faults of `work` as they are; `refusal` for whatever else the codec threw
   */
  async use<T>(refusal: CorruptFrame | UnsupportedPixels, work: (codec: Codec) => T): Promise<T> {
    // The packages are CommonJS without types; an Emscripten factory is what each exports.
    this.module ??= (require(this.path) as WasmFactory)({ print: () => {}, printErr: () => {} });
    const module = await this.module;
    let intact = false;
    try {
      const codec = new (module[this.codec] as new () => Codec)();
      const result = work(codec);
      codec.delete();
      intact = module.HEAPU8.length <= MAX_KEPT_HEAP;
      return result;
    } catch (error) {
      if (error instanceof CorruptFrame || error instanceof UnsupportedPixels) throw error;
      throw refusal;
    } finally {
      // After a C++ exception or a trap the heap is in an unknown state: the next call gets a fresh one.
      if (!intact) this.module = undefined;
    }
  }
}

/**
 * Decodes one codestream.
 * @param read  takes what it needs from the decoder
 * @throws CorruptFrame  the codec refused the codestream
 */
export function decodeWith<Decoder extends WasmDecoder, T>(
  codec: WasmCodec<Decoder>,
  encoded: Uint8Array,
  read: (decoder: Decoder) => T,
): Promise<T> {
  return codec.use(new CorruptFrame('its codec refuses it'), (decoder) => {
    decoder.getEncodedBuffer(encoded.length).set(encoded);
    decoder.decode();
    return read(decoder);
  });
}

/**
 * Encodes one frame.
 * @param settings  sets what the encoder can be told beyond the frame's size
 * @returns a copy of the codestream
 * @throws UnsupportedPixels  the codec refused the frame
 */
export function encodeWith<Encoder extends WasmEncoder>(
  codec: WasmCodec<Encoder>,
  samples: Uint8Array,
  info: WasmFrameInfo,
  settings: (encoder: Encoder) => void,
): Promise<Uint8Array> {
  return codec.use(new UnsupportedPixels('the encoder refuses them'), (encoder) => {
    encoder.getDecodedBuffer(info).set(samples);
    settings(encoder);
    encoder.encode();
    return Uint8Array.from(encoder.getEncodedBuffer());
  });
}
