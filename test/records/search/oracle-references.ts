import type { SearchParameter } from '../../../src/records/search/search-parameters.js';
import { BASE, escaped, objects, text, type Members, type Query, type Values } from './oracle-query.js';

export function referenceQueries({ name, targets }: SearchParameter, values: Values): Query[] {
  const identifiers = values
    .filter((one) => (one as Members | undefined)?.['resourceType'] === undefined)
    .flatMap((one) => objects((one as Members | undefined)?.['identifier']));
  return [
    ...[...new Set(addresses(values))].flatMap((given) => {
      const [type, id] = /^([A-Z]\w+)\/([A-Za-z0-9.-]{1,64})$/.exec(given)?.slice(1) ?? [];
      const exact = { name, value: escaped(given), matches: (own: Values) => addresses(own).includes(given) };
      const not = { name: `${name}:not`, value: exact.value, matches: (own: Values) => !exact.matches(own) };
      if (type === undefined) return [exact, not];
      const own = { ...exact, value: `${BASE}/${given}`, kind: 'own address' };
      if (targets.length > 0 && !targets.includes(type)) return [exact, not, own];
      return [
        exact,
        not,
        own,
        { ...exact, name: `${name}:${type}`, value: id },
        {
          name,
          value: id,
          matches: (there: Values) =>
            addresses(there).some((one) =>
              targets.length === 0 ? /^[A-Z]\w+\//.test(one) && one.endsWith(`/${id}`) : targets.some((each) => one === `${each}/${id}`),
            ),
          kind: 'bare id',
        },
      ];
    }),
    ...identifiers.flatMap(({ system, value }) => {
      const has = (test: (identifier: Members) => boolean) => (own: Values) =>
        own.flatMap((one) => objects((one as Members | undefined)?.['identifier'])).some(test);
      if (value === undefined) return [];
      return [
        {
          name: `${name}:identifier`,
          value: `${escaped(text(system))}|${escaped(text(value))}`,
          matches: has((one) => text(one['system']) === text(system) && one['value'] === value),
        },
        { name: `${name}:identifier`, value: escaped(text(value)), matches: has((one) => one['value'] === value) },
      ];
    }),
    { name, value: 'Patient/no-such-id', matches: () => false, kind: 'none' },
  ];
}

/** A canonical with and without its version; what is contained is not found. */
const addresses = (own: Values): string[] =>
  own
    .flatMap((one) => (typeof one === 'string' ? [one, one.split('|')[0]] : [addressOf(one as Members)]))
    .filter((one) => one !== '' && !one.startsWith('#') && !one.endsWith('/'));

const addressOf = ({ reference, resourceType, id }: Members): string =>
  (resourceType !== undefined ? `${text(resourceType)}/${text(id)}` : text(reference).replace(`${BASE}/`, '')).replace(
    /\/_history\/.*$/,
    '',
  );
