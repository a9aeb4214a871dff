/** Fields of an event: ids, codes, counts, milliseconds. No PHI, no UID, no prose. */
type EventFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Writes one log event: a JSON line on standard error with the time, the event's name and its fields. */
export function event(name: string, fields: EventFields = {}): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), event: name, ...fields })}\n`);
}
