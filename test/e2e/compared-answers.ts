import { evidenceBody } from './evidence-of.js';
import type { Wetread } from './wetread.js';

/** Asks as a browser of no other page would, and follows nowhere. */
export const ask = (wetread: Wetread, path: string, method: string, headers: Record<string, string>, body?: string) =>
  wetread.fetch(path, {
    method,
    redirect: 'manual',
    headers: { ...headers, 'apollo-require-preflight': '1', prefer: 'respond-async' },
    ...(body !== undefined && { body }),
  });

/** What differs from answer to answer whatever is asked. */
const VOLATILE: ReadonlySet<string> = new Set(['date', 'x-request-id', 'content-length', 'keep-alive']);

/** An answer without what names the thing that was asked for, and without what no two answers share. */
export async function answerTo(wetread: Wetread, { method, path, names, headers: sent, body }: Named): Promise<unknown> {
  const answer = await ask(wetread, path, method, sent, body);
  const strip = (text: string): string =>
    names
      .reduce((rest, name) => rest.replaceAll(name, 'IT'), text)
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)/g, 'WHEN')
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID');
  const headers = [...answer.headers].filter(([name]) => !VOLATILE.has(name)).map(([name, value]) => [name, strip(value)]);
  return [answer.status, headers, strip(await answer.text())];
}

/** A request, and what in it and its answer names the thing that it is for. */
interface Named extends Asked {
  readonly method: string;
  readonly path: string;
  readonly names: readonly string[];
}

interface Asked {
  readonly headers: Record<string, string>;
  readonly body?: string | undefined;
}

/** A body that a route may take, of the thing that is named. */
export function bodyFor(method: string, url: string, { type = '', id = '' }: Readonly<Record<string, string>>): Partial<Asked> {
  if (method === 'GET' || method === 'DELETE') return {};
  const json = (media: string, value: unknown) => ({ headers: { 'content-type': media }, body: JSON.stringify(value) });
  if (method === 'PATCH' && url.startsWith('/fhir'))
    return json('application/json-patch+json', [{ op: 'add', path: '/language', value: 'en' }]);
  if (url.startsWith('/evidence')) return evidenceBody(url);
  if (url.startsWith('/access')) return json('application/json', {});
  if (url.endsWith('/state')) return json('application/dicom+json', [STATE]);
  if (url.endsWith('/metadata')) return json('application/dicom+json', [{ '00081030': { vr: 'LO', Value: ['Changed'] } }]);
  if (!url.startsWith('/fhir')) return json('application/dicom+json', [{}]);
  if (url.includes('$graphql')) return json('application/json', { query: '{ id }' });
  if (url.includes('$')) return json('application/fhir+json', { resourceType: 'Parameters' });
  const resource = json('application/fhir+json', { resourceType: type, id, ...MINIMAL[type] });
  // Of another organisation an id is free to take: a version to go on from keeps the two apart from what was asked before.
  return method === 'PUT' ? { ...resource, headers: { ...resource.headers, 'if-match': 'W/"1"' } } : resource;
}

/** Somebody takes a workitem (PS3.4 CC.2.1). */
const STATE = { '00741000': { vr: 'CS', Value: ['IN PROGRESS'] }, '00081195': { vr: 'UI', Value: ['2.25.314159'] } };

export const MINIMAL: Readonly<Record<string, object>> = {
  Observation: { status: 'final', code: { text: 'x' } },
  Encounter: { status: 'finished', class: { code: 'AMB' } },
  Binary: { contentType: 'text/plain', data: 'AAAA' },
};
