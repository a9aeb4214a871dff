import { asFault, InternalFault } from './faults.js';

/** Fields of an event: ids, codes, counts, milliseconds. No PHI, no UID, no prose. */
type EventFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where an error was thrown: file and line of our own code, no values. */
const placeOf = (cause: unknown): string | undefined =>
  cause instanceof Error ? /(?:dist|build[\w-]*)\/src\/([\w./-]+:\d+)/.exec(cause.stack ?? '')?.[1] : undefined;

/** What a log event says of something thrown: its code; of an error of our own making, its class and place too. */
export function thrownFields(error: unknown): EventFields {
  const fault = asFault(error);
  if (!(fault instanceof InternalFault)) return { fault: fault.code };
  const { cause } = fault;
  const sqlState = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return { fault: fault.code, error: cause instanceof Error ? cause.name : typeof cause, code: sqlState, at: placeOf(cause) };
}

/** Writes one log event: a JSON line on standard error with the time, the event's name and its fields. */
export function event(name: string, fields: EventFields = {}): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), event: name, ...fields })}\n`);
}
