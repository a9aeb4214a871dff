import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

/** RFC 3339 5.6, as FHIR's instant: with its time zone, and of a year that every part of the server can keep. */
const INSTANT = /^(?!0000)\d{4}-\d\d-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** The time that a text says; undefined where it says none, as 31 February is none. */
export function instantOf(text: string): Date | undefined {
  const [, day] = INSTANT.exec(text) ?? [];
  const time = new Date(text);
  if (day === undefined || Number.isNaN(time.getTime())) return undefined;
  // JavaScript takes days that a month lacks for those of the next.
  const written = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return written.getUTCDate() === Number(day) ? time : undefined;
}

/** Whether a text is a day, YYYYMMDD, that there is. */
export const isDay = (text: string): boolean =>
  /^\d{8}$/.test(text) && instantOf(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}T00:00:00Z`) !== undefined;

function parsed(value: unknown): Date {
  const time = typeof value === 'string' ? instantOf(value) : undefined;
  if (time === undefined) throw new GraphQLError('A DateTime is a text such as 2026-11-28T09:30:00Z.');
  return time;
}

/** The graph's times; what is no time is refused as a value of a wrong type is. */
export const DATE_TIME = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'A date-time string at UTC, such as 2019-12-03T09:54:33Z, compliant with the date-time format.',
  serialize: (value) => (value as Date).toISOString(),
  parseValue: parsed,
  parseLiteral: (node) => parsed(node.kind === Kind.STRING ? node.value : undefined),
});
