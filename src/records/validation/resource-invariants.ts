import { isObject, objectsOf, type JsonObject } from './json-object.js';
import type { Check } from './rule-context.js';

/** Whether a member, or what extends it, is there. */
const has = (element: JsonObject, name: string): boolean => element[name] !== undefined || element[`_${name}`] !== undefined;
/** The same of a choice, whichever type it has. */
const hasChoice = (element: JsonObject, name: string): boolean =>
  Object.keys(element).some((key) => {
    const plain = key.startsWith('_') ? key.slice(1) : key;
    return plain.startsWith(name) && /^[A-Z]/.test(plain.slice(name.length));
  });
const entriesOf = ({ entry }: JsonObject): JsonObject[] => objectsOf(entry);
const isOf = ({ type }: JsonObject, ...types: readonly string[]): boolean => typeof type === 'string' && types.includes(type);
const typeOfFirst = (bundle: JsonObject): unknown => {
  const [first] = entriesOf(bundle);
  return isObject(first?.['resource']) ? first['resource']['resourceType'] : undefined;
};

/** Invariants of Bundles and of what clients write most, as plain functions: a transaction would else spend most of its time on them. */
export const RESOURCE_INVARIANTS: Readonly<Record<string, Check>> = {
  'bdl-1': (bundle) => !has(bundle, 'total') || isOf(bundle, 'searchset', 'history'),
  'bdl-2': (bundle) => isOf(bundle, 'searchset') || entriesOf(bundle).every((entry) => !has(entry, 'search')),
  'bdl-3': (bundle, { resource }) => {
    const wanted = isOf(resource, 'batch', 'transaction', 'history');
    return entriesOf(bundle).every((entry) => has(entry, 'request') === wanted);
  },
  'bdl-4': (bundle, { resource }) => {
    const wanted = isOf(resource, 'batch-response', 'transaction-response', 'history');
    return entriesOf(bundle).every((entry) => has(entry, 'response') === wanted);
  },
  'bdl-5': (entry) => has(entry, 'resource') || has(entry, 'request') || has(entry, 'response'),
  'bdl-7': (bundle) => {
    if (isOf(bundle, 'history')) return true;
    const names = entriesOf(bundle)
      .filter(({ fullUrl }) => typeof fullUrl === 'string')
      .map(({ fullUrl, resource }) => {
        const meta = isObject(resource) ? resource['meta'] : undefined;
        return `${fullUrl as string}${isObject(meta) && typeof meta['versionId'] === 'string' ? meta['versionId'] : ''}`;
      });
    return new Set(names).size === names.length;
  },
  'bdl-8': ({ fullUrl }) => typeof fullUrl !== 'string' || !fullUrl.includes('/_history/'),
  'bdl-9': (bundle) => {
    const { identifier } = bundle;
    return !isOf(bundle, 'document') || (isObject(identifier) && has(identifier, 'system') && has(identifier, 'value'));
  },
  'bdl-10': (bundle) => !isOf(bundle, 'document') || bundle['timestamp'] !== undefined,
  'bdl-11': (bundle) => !isOf(bundle, 'document') || typeOfFirst(bundle) === 'Composition',
  'bdl-12': (bundle) => !isOf(bundle, 'message') || typeOfFirst(bundle) === 'MessageHeader',
  'obs-3': (range) => has(range, 'low') || has(range, 'high') || has(range, 'text'),
  'obs-6': (observation) => !has(observation, 'dataAbsentReason') || !hasChoice(observation, 'value'),
  'obs-7': (observation, { resource }) => {
    if (!hasChoice(observation, 'value')) return true;
    const own = new Set(codings(resource).map(textOf));
    return !objectsOf(observation['component']).some((component) => codings(component).some((coding) => own.has(textOf(coding))));
  },
  'pat-1': (contact) => ['name', 'telecom', 'address', 'organization'].some((name) => has(contact, name)),
  'org-1': (organization) => has(organization, 'identifier') || has(organization, 'name'),
  'org-2': ({ use }) => use !== 'home',
  'org-3': ({ use }) => use !== 'home',
  'prr-1': (request) => !has(request, 'orderDetail') || has(request, 'code'),
  'cpt-2': (point) => !has(point, 'value') || has(point, 'system'),
};

const codings = ({ code }: JsonObject): JsonObject[] => (isObject(code) ? objectsOf(code['coding']) : []);

/** An element's text that is the same whatever the order of its members. */
const textOf = (element: JsonObject): string =>
  JSON.stringify(element, (_key, value: unknown) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
