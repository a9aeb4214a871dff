import { createRequire } from 'node:module';
import { CorruptFrame } from './faults.js';

/** What the decoders of the @cornerstonejs codecs have in common. */
export interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number; isSigned?: boolean };
  delete(): void;
}

interface WasmModule {
  readonly HEAPU8: Uint8Array;
  readonly [decoder: string]: unknown;
}

type WasmFactory = (settings: { print: () => void; printErr: () => void }) => Promise<WasmModule>;

const require = createRequire(import.meta.url);
const MAX_KEPT_HEAP = 256 * 1024 * 1024; // WASM memory grows and never shrinks

/** A codec in WebAssembly, loaded when first used. Not for two calls at once. */
export class WasmCodec<Decoder extends WasmDecoder = WasmDecoder> {
  private module: Promise<WasmModule> | undefined;

  /** @param path  as `require` finds it  @param decoder  the class inside */
  constructor(
    private readonly path: string,
    private readonly decoder: string,
  ) {}

  /**
   * Decodes one codestream.
   * @param read  takes what it needs from the decoder; its buffers are gone afterwards
   * @throws CorruptFrame  the codec refused the codestream
   */
  async decode<T>(encoded: Uint8Array, read: (decoder: Decoder) => T): Promise<T> {
    // The packages are CommonJS without types; an Emscripten factory is what each exports.
    this.module ??= (require(this.path) as WasmFactory)({ print: () => {}, printErr: () => {} });
    const module = await this.module;
    let intact = false;
    try {
      const decoder = new (module[this.decoder] as new () => Decoder)();
      decoder.getEncodedBuffer(encoded.length).set(encoded);
      decoder.decode();
      const result = read(decoder);
      decoder.delete();
      intact = module.HEAPU8.length <= MAX_KEPT_HEAP;
      return result;
    } catch (error) {
      if (error instanceof CorruptFrame) throw error;
      throw new CorruptFrame('its codec refuses it');
    } finally {
      // After a C++ exception or a trap the heap is in an unknown state: the next call gets a fresh one.
      if (!intact) this.module = undefined;
    }
  }
}
