/**
 * The value of a preference of the Prefer header, in lower case (RFC 7240 2): of several the first counts; '' where it has none,
 * undefined where it is not there.
 * @param name  in lower case
 */
export function preference(prefer: string | string[] | undefined, name: string): string | undefined {
  for (const one of [prefer ?? []].flat().join(',').split(',')) {
    const [token, value = ''] = one.split(';', 1)[0].split('=', 2);
    if (token.trim().toLowerCase() === name)
      return value
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .toLowerCase();
  }
  return undefined;
}
