import type { FastifyReply, FastifyRequest } from 'fastify';
import { draftOf, type Draft } from '../../records/edit/draft.js';
import { conditionsOf, type Conditions } from '../../records/edit/conditions.js';
import type { Edited } from '../../records/edit/edit.js';
import { preference } from '../preferences.js';
import type { PublicAddress } from '../../public-address.js';
import { isOwnPage } from '../own-page.js';
import { checkedType, fhirBase } from './addresses.js';
import { answer, etagOf, formAsked } from './answer.js';
import { binaryText } from './raw-binary.js';
import { BodyAbsent } from './validate-faults.js';

/** The resource in a body; the Binary that one of another media type is. @throws NotAcceptable, BodyAbsent, TypeNotServed and what draftOf and binaryText do */
export function draftFrom(type: string, body: unknown, request: FastifyRequest, address: PublicAddress): Draft {
  formAsked(request);
  checkedType(type);
  const text = Buffer.isBuffer(body) && body.length > 0 ? binaryText(request, body, isOwnPage(request.headers, address)) : body;
  if (typeof text !== 'string' || text === '') throw new BodyAbsent();
  return draftOf(text, type, fhirBase(request, address));
}

/**
 * What became of an edit (R4 http.html#ops): status, Location, ETag, and as much as `Prefer: return` asks for; nothing of the resource to
 * who may not read it.
 */
export async function tellEdited(
  request: FastifyRequest,
  reply: FastifyReply,
  { outcome, row, isShown }: Edited,
  base: string,
): Promise<void> {
  if (row === undefined) return void (await reply.code(204).send());
  reply
    .code(outcome === 'created' ? 201 : 200)
    .header('Location', `${base}/${row.type}/${row.id}/_history/${row.version}`)
    .header('ETag', etagOf(row.version))
    .header('Last-Modified', row.lastUpdated.toUTCString());
  const wanted = preference(request.headers.prefer, 'return');
  if (wanted === 'operationoutcome') return answer(request, reply, JSON.stringify(outcomeOf(outcome)));
  if (wanted === 'minimal' || !isShown) return void (await reply.send());
  await answer(request, reply, row.content);
}

const WORDS: Readonly<Record<Edited['outcome'], string>> = {
  created: 'The resource was created.',
  updated: 'The resource was updated.',
  unchanged: 'The resource says this already: nothing was changed.',
  deleted: 'The resource was deleted.',
  absent: 'There is no such resource.',
};

const outcomeOf = (outcome: Edited['outcome']) => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'information', code: 'informational', details: { text: WORDS[outcome] } }],
});

/** What an edit's headers ask for. */
export const conditionsIn = ({ headers }: FastifyRequest): Conditions => conditionsOf(headers['if-match'], headers['if-none-match']);

/** Deleted, now or before: the client need not know which. */
export async function tellRemoved(reply: FastifyReply, edited: Edited | undefined): Promise<void> {
  if (edited?.outcome === 'deleted' && edited.row) reply.header('ETag', etagOf(edited.row.version));
  await reply.code(204).send();
}
