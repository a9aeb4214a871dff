/** A DA (PS3.5 6.2) as a FHIR date; undefined where it is none or there is no such day. FHIR knows no year 0. */
export function calendarDay(text: string | undefined): string | undefined {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(text?.trim() ?? '') ?? [];
  if (year === undefined || year === '0000') return undefined;
  const date = `${year}-${month}-${day}`;
  const time = Date.parse(`${date}T00:00:00Z`); // rolls 30 February over to March
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date) ? date : undefined;
}
