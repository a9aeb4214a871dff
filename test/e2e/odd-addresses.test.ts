import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ask, bodyFor } from './compared-answers.js';
import { aChestXray } from './instances.js';
import { Wetread } from './wetread.js';

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
}
const { paths } = JSON.parse(readFileSync(fileURLToPath(new URL('../../../openapi/openapi.json', import.meta.url)), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
};
const OPERATIONS = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), parameters: operation.parameters ?? [] })),
);
/** What a text can hold that a database, a path or a number cannot; none of it is what any parameter may be. */
const ODD = [
  '%00',
  'x%00',
  '%ED%A0%80',
  '%F0%9F%A9%BB',
  '%0D%0AX-Y:%201',
  '1e400',
  '-1',
  '99999999999999999999',
  '..%2f..%2f',
  '%25',
  `'--`,
];

let wetread: Wetread;
const image = aChestXray();
beforeAll(async () => {
  wetread = await Wetread.start();
  await wetread.store(image.bytes);
});
afterAll(() => wetread.remove());

const USUAL: Readonly<Record<string, string>> = {
  study: image.studyInstanceUID,
  series: image.seriesInstanceUID,
  instance: image.sopInstanceUID,
  frames: '1',
  type: 'Patient',
  compartment: 'Patient',
  id: 'nobody',
  version: '1',
  workitem: '1.2.3',
  job: 'none',
  file: 'Patient.ndjson',
  path: '7FE00010',
};
const filled = (path: string, odd: Readonly<Record<string, string>>): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => odd[name] ?? USUAL[name] ?? 'x');

/** The statuses that are the server's own failure, by what was asked. */
async function failures(asked: readonly (readonly [method: string, address: string, path: string])[]): Promise<unknown[]> {
  const failed: unknown[] = [];
  for (const [method, address, path] of asked) {
    const { headers = {}, body } = bodyFor(method, path, { type: 'Patient', id: 'nobody' });
    const answer = await ask(wetread, address, method, headers, body);
    await answer.body?.cancel();
    if (answer.status >= 500) failed.push([method, address, answer.status]);
  }
  return failed;
}

describe('Every route of the published contract', () => {
  it.each(ODD)('answers that it is none to a parameter of its path that is %s, and is not broken by it', async (odd) => {
    const asked = OPERATIONS.flatMap(({ path, method }) =>
      [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [method, filled(path, { [name]: odd }), path] as const),
    );
    expect(asked.length).toBeGreaterThan(100);
    expect(await failures(asked)).toEqual([]);
  });

  it.each(ODD)(
    'is not broken by a parameter of its query that is %s',
    async (odd) => {
      const asked = OPERATIONS.flatMap(({ path, method, parameters }) => {
        const own = parameters.filter((one) => one.in === 'query').map(({ name }) => name);
        const names = [...new Set([...own, '_id', '_count', '_sort', '_cursor', '_since', 'limit', 'offset', 'anything'])];
        return names.map((name) => [method, `${filled(path, {})}?${name}=${odd}`, path] as const);
      });
      expect(await failures(asked)).toEqual([]);
    },
    60_000,
  );

  it('goes on to be served', async () => {
    const other = aChestXray();
    expect((await wetread.store(other.bytes)).status).toBe(200);
    expect((await wetread.fetch(`${other.path}/metadata`, { headers: { accept: 'application/dicom+json' } })).status).toBe(200);
  });
});
