/**
 * The same bytes in memory that holds nothing else, as a transfer to another thread needs it: a transfer takes the
 * whole buffer along. Copies only a view on part of a buffer, or on shared memory.
 */
export function ownMemory(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  const owned = bytes.byteLength === buffer.byteLength && !(buffer instanceof SharedArrayBuffer);
  return owned ? new Uint8Array(buffer) : new Uint8Array(bytes);
}
