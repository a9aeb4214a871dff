import type { FastifyRequest } from 'fastify';
import type { Interaction } from '../access/grant.js';
import type { StudyAccess } from '../archive/study-access.js';
import { knownCaller } from './called-by.js';

/** Where studies are searched or stored by a path that names one: the search narrows itself, and the store asks for its own right. */
const SEARCHES = /^\/dicom-web\/studies\/:study(\/series|\/instances|\/series\/:series\/instances)$/;
const STORES = /^\/dicom-web\/studies\/:study$/;
const OF_METHOD: Readonly<Record<string, Interaction>> = { GET: 'r', HEAD: 'r', DELETE: 'd' };

/**
 * Lets a request to the study that its address names: one gate for every route of DICOMweb that names a study, whatever it gives of it.
 * Throws NotInArchive, NotPermitted.
 */
export const studyGate =
  (access: StudyAccess) =>
  async (request: FastifyRequest): Promise<void> => {
    const { url = '' } = request.routeOptions;
    const study = studyIn(request, url);
    const caller = knownCaller(request);
    if (study === undefined || caller?.rights === undefined) return;
    const isLook = request.method === 'GET' || request.method === 'HEAD';
    if ((isLook && SEARCHES.test(url)) || (request.method === 'POST' && STORES.test(url))) return;
    await access.require(caller, study, OF_METHOD[request.method] ?? 'u');
  };

function studyIn({ params, query }: FastifyRequest, url: string): string | undefined {
  const named =
    url === '/wado'
      ? (query as Readonly<Record<string, unknown>>)['studyUID']
      : (params as Readonly<Record<string, unknown>> | null)?.['study'];
  return typeof named === 'string' ? named : undefined;
}
