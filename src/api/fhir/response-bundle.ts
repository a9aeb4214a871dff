import type { Edited } from '../../records/edit/edit.js';
import type { RouteAnswer } from '../../records/bundle/entry.js';
import type { EntryAnswer } from '../../records/bundle/transactions.js';
import { subsetText } from '../../records/subset.js';
import { etagOf, isKnownBy } from './answer.js';
import { issuesOf } from './fhir-faults.js';
import { historyText } from './history-bundle.js';
import { searchsetText } from './searchset.js';

/** The Bundle that answers a batch or transaction (R4 http.html#transaction-response): an entry for each, in their order. */
export function responseBundle(
  type: 'batch' | 'transaction',
  answers: readonly EntryAnswer[],
  base: string,
  wanted: string | undefined,
): string {
  const head = `{"resourceType":"Bundle","type":"${type}-response"`;
  return answers.length === 0 ? `${head}}` : `${head},"entry":[${answers.map((one) => entryText(one, base, wanted)).join(',')}]}`;
}

function entryText(answer: EntryAnswer, base: string, wanted: string | undefined): string {
  if ('fault' in answer) {
    const outcome = { resourceType: 'OperationOutcome', issue: issuesOf(answer.fault) };
    return JSON.stringify({ response: { status: String(answer.fault.status), outcome } });
  }
  if ('edited' in answer) return editedText(answer.edited, base, wanted);
  const { request } = answer;
  const isHead = request.method === 'HEAD';
  if ('ran' in answer) return ranText(answer.ran);
  const { read } = answer;
  if ('found' in read) return entryOf({ status: '200' }, isHead ? undefined : searchsetText(read.found, read.parsed, read.of, base));
  if ('versions' in read)
    return entryOf({ status: '200' }, isHead ? undefined : historyText(read.versions, read.total, read.asked, read.used, base));
  const { row, subset } = read;
  const { version, lastUpdated } = row;
  const response = { etag: etagOf(version), lastModified: lastUpdated.toISOString() };
  if (isKnownBy(request.ifNoneMatch, request.ifModifiedSince, row)) return entryOf({ status: '304', ...response }, undefined);
  return entryOf({ status: '200', ...response }, isHead ? undefined : subset === undefined ? row.content : subsetText(row.content, subset));
}

function ranText({ status, content, etag, location, lastModified }: RouteAnswer): string {
  const response = {
    status: String(status),
    ...(location !== undefined && { location }),
    ...(etag !== undefined && { etag }),
    ...(lastModified && { lastModified: lastModified.toISOString() }),
  };
  if (status < 400 || content === undefined) return entryOf(response, content);
  return `{"response":${JSON.stringify(response).slice(0, -1)},"outcome":${content}}}`;
}

const STATUS: Readonly<Record<Edited['outcome'], string>> = {
  created: '201 Created',
  updated: '200 OK',
  unchanged: '200 OK',
  deleted: '204 No Content',
  absent: '204 No Content',
};

function editedText({ outcome, row, isShown }: Edited, base: string, wanted: string | undefined): string {
  if (row === undefined) return entryOf({ status: STATUS[outcome] }, undefined);
  const { type, id, version, lastUpdated, content, deleted } = row;
  const response = {
    status: STATUS[outcome],
    ...(!deleted && { location: `${base}/${type}/${id}/_history/${version}` }),
    etag: etagOf(version),
    lastModified: lastUpdated.toISOString(),
  };
  return entryOf(
    response,
    wanted === 'representation' && isShown && !deleted ? content : undefined,
    deleted ? undefined : `${base}/${type}/${id}`,
  );
}

const entryOf = (response: object, resource: string | undefined, fullUrl?: string): string =>
  `{${fullUrl === undefined || resource === undefined ? '' : `"fullUrl":${JSON.stringify(fullUrl)},`}${resource === undefined ? '' : `"resource":${resource},`}"response":${JSON.stringify(response)}}`;
