/** Values by key, the least recently used dropped first once their bytes pass a bound. */
export class BoundedCache<Value> {
  private readonly entries = new Map<string, { readonly value: Value; readonly bytes: number }>();
  private bytes = 0;

  constructor(private readonly limitBytes: number) {}

  get(key: string): Value | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    this.entries.delete(key); // a Map keeps the order of insertion: the last in is the last used
    this.entries.set(key, entry);
    return entry.value;
  }

  /** @param bytes  memory that the value holds, about; a value beyond the bound is not kept */
  set(key: string, value: Value, bytes: number): void {
    this.bytes -= this.entries.get(key)?.bytes ?? 0;
    this.entries.delete(key);
    if (bytes > this.limitBytes) return;
    this.entries.set(key, { value, bytes });
    this.bytes += bytes;
    for (const [oldest, entry] of this.entries) {
      if (this.bytes <= this.limitBytes) return;
      this.entries.delete(oldest);
      this.bytes -= entry.bytes;
    }
  }
}
