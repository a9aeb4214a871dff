import { escaped, text, type Members, type Query, type Values } from './oracle-query.js';

/** Another way to the same: letters without their marks, in one case. */
export const plain = (given: string): string =>
  Array.from(given.normalize('NFKD'))
    .filter((letter) => !/\p{Mark}/u.test(letter))
    .join('')
    .toLocaleLowerCase('en')
    .split(/\s+/)
    .filter((word) => word !== '')
    .join(' ');

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  const given = (value ?? {}) as Members;
  return ['text', 'family', 'given', 'prefix', 'suffix', 'line', 'city', 'district', 'state', 'postalCode', 'country'].flatMap((part) =>
    [given[part] ?? []].flat().filter((one) => typeof one === 'string'),
  );
}

export function stringQueries(name: string, values: Values): Query[] {
  const some = (test: (given: string) => boolean) => (own: Values) => own.flatMap(stringsOf).some(test);
  return [...new Set(values.flatMap(stringsOf))]
    .flatMap((given) => [
      {
        name,
        value: escaped(given.slice(0, 4).toUpperCase()),
        matches: some((one) => plain(one).startsWith(plain(given.slice(0, 4).toUpperCase()))),
      },
      { name, value: escaped(given), matches: some((one) => plain(one).startsWith(plain(given))), kind: 'whole' },
      { name, value: escaped(`${given}x`), matches: some((one) => plain(one).startsWith(plain(`${given}x`))), kind: 'longer' },
      { name: `${name}:exact`, value: escaped(given), matches: some((one) => one === given) },
      { name: `${name}:exact`, value: escaped(plain(given)), matches: some((one) => one === plain(given)), kind: 'exact, plain' },
      {
        name: `${name}:contains`,
        value: escaped(given.slice(1, 6)),
        matches: some((one) => plain(one).includes(plain(given.slice(1, 6)))),
      },
    ])
    .filter(({ value }) => plain(value) !== '' && value.trim() === value && !value.endsWith('\\'));
}

/** What goes on from an address at a slash is below it. */
const isBelow = (one: string, other: string): boolean => one === other || one.startsWith(other.endsWith('/') ? other : `${other}/`);

/** Of an address of more than 400 bytes the index has the first 80 characters: `:below` goes no further. */
const isTold = (parent: string, address: string): boolean => parent.length <= 80 || Buffer.byteLength(address) <= 400;

export function uriQueries(name: string, values: Values): Query[] {
  const some = (test: (given: string) => boolean) => (own: Values) => own.some((one) => test(text(one)));
  return [...new Set(values.map(text))].flatMap((given) => {
    const parent = given.replace(/\/[^/]*$/, '');
    return [
      { name, value: escaped(given), matches: some((one) => one === given) },
      { name, value: escaped(parent), matches: some((one) => one === parent), kind: 'parent' },
      ...[parent, given]
        .filter((value) => value === given || isTold(value, given))
        .map((value) => ({ name: `${name}:below`, value: escaped(value), matches: some((one) => isBelow(one, value)) })),
      ...[given, `${given}/more`].map((value) => ({
        name: `${name}:above`,
        value: escaped(value),
        matches: some((one) => one !== '' && isBelow(value, one)),
      })),
    ];
  });
}
