/** Below this many bytes a buffer of its own costs less than keeping one. */
const WORTH_KEEPING = 1 << 16;
const KEPT_BYTES = 1 << 24;

/**
 * Buffers used over and over: the kernel hands out fresh memory page by page, each zeroed first, which for half a megabyte
 * takes several times as long as filling it.
 */
export class PiecePool {
  private readonly free: Buffer[] = [];

  /** @param pieceBytes  of each buffer kept */
  constructor(readonly pieceBytes: number) {}

  /** A buffer of that length, with anything in it. Whoever does not give it back loses nothing but the reuse. */
  take(length: number): Buffer {
    if (length < WORTH_KEEPING) return Buffer.allocUnsafe(length);
    if (length > this.pieceBytes) return Buffer.allocUnsafeSlow(length);
    return (this.free.pop() ?? Buffer.allocUnsafeSlow(this.pieceBytes)).subarray(0, length);
  }

  /** Gives a buffer back: nobody reads or writes it any more. */
  giveBack(piece: Buffer): void {
    if (piece.buffer.byteLength !== this.pieceBytes || piece.length < WORTH_KEEPING) return;
    if ((this.free.length + 1) * this.pieceBytes <= KEPT_BYTES) this.free.push(Buffer.from(piece.buffer));
  }
}
