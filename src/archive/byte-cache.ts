/** Values kept in memory up to so many bytes, the least lately used given up first. Its keys say all that a value depends on. */
export class ByteCache<Value extends { readonly bytes: number }> {
  private readonly values = new Map<string, Value>();
  private held = 0;

  constructor(private readonly mostBytes: number) {}

  get(key: string): Value | undefined {
    const value = this.values.get(key);
    if (value === undefined) return undefined;
    this.values.delete(key); // and back in at the end: the first is the least lately used
    this.values.set(key, value);
    return value;
  }

  /** Keeps a value, unless it alone would take a quarter of the room. */
  set(key: string, value: Value): void {
    if (value.bytes * 4 > this.mostBytes) return;
    this.held += value.bytes - (this.values.get(key)?.bytes ?? 0);
    this.values.delete(key);
    this.values.set(key, value);
    for (const [oldest, { bytes }] of this.values) {
      if (this.held <= this.mostBytes) return;
      this.values.delete(oldest);
      this.held -= bytes;
    }
  }
}
