import type { KnownPath, RouteTable } from '../route-table.js';
import { transactionAt, type Transaction } from './transactions.js';
import { doc, element, type WadlElement } from './wadl.js';

const SERVICE = '/dicom-web';
/** Described by the transaction that gives the description, or part of GET (PS3.18 Annex H). */
const UNDESCRIBED = new Set(['HEAD', 'OPTIONS']);

/** The Capabilities Description of the DICOMweb services (PS3.18 8.9, Annex H): the routes that are there, in the words of the standard. */
export class Capabilities {
  private routes: RouteTable | undefined;

  /** The server has its routes: what is described is what they are. */
  describe(routes: RouteTable): void {
    this.routes = routes;
  }

  /** The WADL document. @param base  where the server is reached, no slash at the end */
  description(base: string): WadlElement {
    const paths = (this.routes?.paths ?? [])
      .filter(({ path }) => path.startsWith(`${SERVICE}/`))
      .map(({ path, methods }) => ({ path: path.slice(SERVICE.length), methods }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    const resources = element('resources', { base: `${base}${SERVICE}/` }, resourcesBelow('', paths));
    return element('application', { xmlns: 'http://wadl.dev.java.net/2009/02' }, [doc('wetread: DICOMweb services'), resources]);
  }
}

/** A resource for each segment that comes next, with its methods and what lies below it. */
function resourcesBelow(parent: string, paths: readonly KnownPath[]): WadlElement[] {
  const below = paths.filter(({ path }) => path.startsWith(`${parent}/`));
  const segments = new Set(below.map(({ path }) => path.slice(parent.length + 1).split('/', 1)[0]));
  return [...segments].map((segment) => {
    const here = `${parent}/${segment}`;
    const methods = [...(below.find(({ path }) => path === here)?.methods ?? [])].filter((one) => !UNDESCRIBED.has(one)).sort();
    const name = segment.startsWith(':') ? segment.slice(1) : segment === '*' ? 'reference' : undefined;
    const parameters = name === undefined ? [] : [element('param', { name, style: 'template', required: 'true' })];
    return element('resource', { path: name === undefined ? segment : `{${name}}` }, [
      ...parameters,
      ...methods.map((method) => methodElement(method, transactionAt(method, here))),
      ...resourcesBelow(here, paths),
    ]);
  });
}

function methodElement(name: string, transaction: Transaction | undefined): WadlElement {
  if (transaction === undefined) return element('method', { name });
  const { id, query = [], takes = [], gives } = transaction;
  const representation = (mediaType: string) => element('representation', { mediaType });
  const request = element('request', {}, [
    element('param', { name: 'Accept', style: 'header' }),
    ...query.map((one) => element('param', { name: one, style: 'query' })),
    ...takes.map(representation),
  ]);
  const response = gives.length === 0 ? [] : [element('response', { status: '200' }, gives.map(representation))];
  return element('method', { name, id }, [request, ...response]);
}
