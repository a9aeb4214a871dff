const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

/** A moment as ISO 8601 writes it, with its offset from UTC: the same in UTC, to the millisecond; undefined where it is none, as 30 February is. */
export function instantOf(text: string): string | undefined {
  const found = TIME.exec(text);
  if (found === null) return undefined;
  const [year, month, day, hour, minute, second = 0] = found.slice(1, 7).map((one) => Number(one ?? 0));
  const date = new Date(Date.UTC(year, month - 1, day));
  if (year < 1900 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59)
    return undefined;
  const thousandths = (found[7] ?? '').padEnd(3, '0').slice(0, 3);
  const clock = [hour, minute, second].map((one) => String(one).padStart(2, '0')).join(':');
  return new Date(`${text.slice(0, 10)}T${clock}.${thousandths}${found[8]}`).toISOString();
}
