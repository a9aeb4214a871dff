import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Caller } from '../../access/caller.js';
import { RegulatoryRecordAbsent } from '../../evidence/regulatory/faults.js';
import { RECORD_ID } from '../../evidence/regulatory/record-reference.js';
import { recordTypeName } from '../../evidence/regulatory/record-types.js';
import { RegulatoryRecords } from '../../evidence/regulatory/regulatory-records.js';
import type { StoredRecord } from '../../evidence/regulatory/regulatory-records.sql.js';
import { entityTags, sameMeaning, weakTag } from '../entity-tag.js';
import { GraphClassification } from './classification-types.js';
import { DeviceFactsInput } from './device-facts-input.js';
import { BadGraphArgument } from './faults.js';
import { RegulatoryRecordConnection } from './graph-connections.js';
import { jsonOf } from './json-text.js';
import { INPUT } from './mutation-types.js';
import { pageOf, sliceOf, type Page, type Places } from './paging.js';
import {
  AddRegulatoryRecordInput,
  AddRegulatoryRecordPayload,
  GraphRegulatoryRecord,
  RecordArguments,
  RecordPageArguments,
} from './regulatory-types.js';
import { Requires } from './requires.js';

/** By id: each page is of the type that was asked for, so that the type is part of the list's name. */
const placesOf = (type: string): Places<string> => ({
  list: `regulatory/${type}`,
  write: (id) => [id, ''],
  read: (key, id) => (RECORD_ID.test(key) && id === '' ? key : undefined),
});

/** The regulatory file, and what the rules suggest. */
@Resolver(() => GraphRegulatoryRecord)
export class RegulatoryResolver {
  constructor(private readonly records: RegulatoryRecords) {}

  @Query(() => RegulatoryRecordConnection, { nullable: true, description: 'Records of a type by their ids, each in its newest version' })
  @Requires('Evidence', 'SEARCH', 'evidence.look')
  async regulatoryRecords(
    @Args() { type, ...page }: RecordPageArguments,
    @Context('caller') caller: Caller,
  ): Promise<Page<GraphRegulatoryRecord>> {
    const places = placesOf(type);
    const slice = sliceOf(page, places);
    const rows = await this.records.page(caller, type, slice);
    return pageOf(rows, slice, { places, placeOfRow: ({ id }: StoredRecord) => id, node: graphRecord });
  }

  @Query(() => GraphRegulatoryRecord, { nullable: true, description: 'A version of a record; null where there is none' })
  @Requires('Evidence', 'READ', 'evidence.look')
  async regulatoryRecord(
    @Args() { type, id, version }: RecordArguments,
    @Context('caller') caller: Caller,
  ): Promise<GraphRegulatoryRecord | null> {
    if (!RECORD_ID.test(id)) return null;
    const found = await this.records.read(caller, type, id, version ?? undefined).catch(absent);
    if (found === null) return null;
    await this.records.looked(caller, found);
    return graphRecord(found);
  }

  @Query(() => GraphClassification, {
    nullable: true,
    description: 'What the rules suggest of these facts, with citations; nothing is kept',
  })
  @Requires('Evidence', 'READ', 'evidence.look')
  classify(
    @Args('facts', { description: 'What is stated of the device' }) facts: DeviceFactsInput,
    @Context('caller') caller: Caller,
  ): GraphClassification {
    const known = Object.entries(facts).filter(([, value]) => value !== null && value !== undefined);
    return this.records.classify(caller, Object.fromEntries(known));
  }

  @Mutation(() => AddRegulatoryRecordPayload, { nullable: true, description: 'Writes a version of a record of the regulatory file' })
  @Requires('Evidence', 'UPDATE', 'evidence.regulate')
  async addRegulatoryRecord(
    @Args('input', INPUT) { type, id, content, reason, ifMatch, clientMutationId }: AddRegulatoryRecordInput,
    @Context('caller') caller: Caller,
  ): Promise<AddRegulatoryRecordPayload> {
    const sent = { content: jsonOf('content', content), ...(reason != null && { reason }) };
    const name = recordTypeName(type);
    if (ifMatch == null) {
      const first = await this.records.add(caller, name, { ...sent, ...(id != null && { id }) });
      return { clientMutationId, record: graphRecord(first) };
    }
    if (id == null || !RECORD_ID.test(id)) throw new BadGraphArgument('id', 'must name the record whose next version this is');
    const next = await this.records.addVersion(caller, name, id, sent, isNamedBy(ifMatch));
    return { clientMutationId, record: graphRecord(next) };
  }
}

const graphRecord = (record: StoredRecord): GraphRegulatoryRecord => ({
  ...record,
  type: recordTypeName(record.type),
  etag: weakTag(String(record.version)),
});

const isNamedBy =
  (ifMatch: string) =>
  ({ version }: StoredRecord): boolean => {
    const tags = entityTags(ifMatch);
    return tags === '*' || tags.some((tag) => sameMeaning(tag, weakTag(String(version))));
  };

function absent(error: unknown): null {
  if (error instanceof RegulatoryRecordAbsent) return null;
  throw error;
}
