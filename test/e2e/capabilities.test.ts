import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exchange } from './exchange.js';
import { Wetread } from './wetread.js';

interface Resource {
  readonly '@path': string;
  readonly method?: readonly { readonly '@name': string; readonly '@id'?: string; readonly response?: unknown }[];
  readonly resource?: readonly Resource[];
}

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());
const ask = (path: string, method: string, accept?: string) =>
  exchange(`${wetread.url}${path}`, { method, headers: accept === undefined ? {} : { accept } });

/** Every method of a resource and of those below it, as `METHOD /path`, with what is said of it. */
const methodsOf = (resources: readonly Resource[], parent = ''): [string, string | undefined][] =>
  resources.flatMap((one) => {
    const path = `${parent}/${one['@path']}`;
    const own = (one.method ?? []).map((method): [string, string | undefined] => [`${method['@name']} ${path}`, method['@id']]);
    return [...own, ...methodsOf(one.resource ?? [], path)];
  });

describe('Retrieve Capabilities (PS3.18 8.9)', () => {
  it.each([
    ['OPTIONS', '/dicom-web'],
    ['OPTIONS', '/dicom-web/'],
    ['GET', '/dicom-web'],
  ])('%s %s gives WADL', async (method, path) => {
    for (const accept of [undefined, '*/*', 'application/vnd.sun.wadl+xml']) {
      const { status, headers, body } = await ask(path, method, accept);
      expect([status, headers['content-type']]).toEqual([200, 'application/vnd.sun.wadl+xml; charset=utf-8']);
      expect(body.toString()).toContain(`<resources base="${wetread.url}/dicom-web/">`);
      expect(body.toString()).toContain('<method name="GET" id="RetrieveStudyMetadata">');
    }
  });

  it('describes every service that is there, and none that is not, each by its name', async () => {
    const { body } = await ask('/dicom-web', 'OPTIONS', 'application/json');
    const { application } = JSON.parse(body.toString()) as { application: { resources: { '@base': string; resource: Resource[] } } };
    const described = methodsOf(application.resources.resource);
    const { paths } = await wetread.json<{ paths: Record<string, object> }>('/docs/openapi.json');
    const there = Object.entries(paths)
      .filter(([path]) => path.startsWith('/dicom-web/'))
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.slice('/dicom-web'.length)}`))
      .map((one) => one.replace('bulkdata/{path}', 'bulkdata/{reference}'));
    expect(described.map(([method]) => method).sort()).toEqual(there.sort());
    expect(described.filter(([, id]) => id === undefined)).toEqual([]);
    expect(new Set(described.map(([, id]) => id)).size).toBe(described.length);
  });

  it('is not sent again to who has it', async () => {
    const { headers } = await ask('/dicom-web', 'OPTIONS');
    const again = await exchange(`${wetread.url}/dicom-web`, { method: 'OPTIONS', headers: { 'if-none-match': String(headers['etag']) } });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });

  it('is 406 in other forms', async () => {
    expect((await ask('/dicom-web', 'OPTIONS', 'text/html')).status).toBe(406);
  });
});
