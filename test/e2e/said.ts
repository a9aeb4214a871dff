/** What a resource says apart from what the server says of it, whatever the order of its members. */
export function said(text: string): string {
  const { id: _, meta, ...rest } = JSON.parse(text) as { id?: string; meta?: Record<string, unknown> };
  const { versionId: _v, lastUpdated: _t, ...kept } = meta ?? {};
  return JSON.stringify({ ...rest, ...(Object.keys(kept).length > 0 && { meta: kept }) }, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** The numbers of a text as they are written. */
export const numbersIn = (text: string): string[] => [...(text.replace(/"(?:[^"\\]|\\.)*"/g, '""').match(/-?\d[\d.eE+-]*/g) ?? [])].sort();

/** What a Subscription's headers say is kept, and shown to nobody (docs/fhir.md). */
export const withoutHeaders = (text: string): string =>
  text.includes('"Subscription"') ? text.replace(/"([\w-]+:) (?:\*{5}[0-9a-f]{16}|Bearer [^"]*)"/g, '"$1"') : text;
