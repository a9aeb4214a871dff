/** What a list was asked for by, as its record keeps it, sealed; undefined where it was by nothing. */
export function askedText(filter: object): string | undefined {
  const asked = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null && value !== undefined));
  return Object.keys(asked).length === 0 ? undefined : JSON.stringify(asked);
}
