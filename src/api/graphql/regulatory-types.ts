import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { RECORD_TYPE_NAMES, recordTypeOf, type RecordTypeName } from '../../evidence/regulatory/record-types.js';
import { namesOf } from './enum-names.js';
import { MutationInput, MutationPayload } from './mutation-types.js';
import { PageArguments } from './paging.js';

export const GraphRecordType = namesOf(RECORD_TYPE_NAMES);
registerEnumType(GraphRecordType.names, {
  name: 'RegulatoryRecordType',
  description: 'What the regulatory file has records of',
  valuesMap: GraphRecordType.described((name) => recordTypeOf(name).description),
});

@ObjectType('RegulatoryRecord', { description: 'A version of a record of the regulatory file: never changed, superseded by the next' })
export class GraphRegulatoryRecord {
  @Field(() => GraphRecordType.names, { description: 'What it is a record of' })
  readonly type!: RecordTypeName;

  @Field(() => ID, { description: 'Of the record: the same in all its versions' })
  readonly id!: string;

  @Field(() => Int, { description: 'From 1, without gaps' })
  readonly version!: number;

  @Field({ description: 'SHA-256 of `content`, hex: what references and signatures name' })
  readonly sha256!: string;

  @Field({ description: 'Canonical JSON text (RFC 8785); /evidence/record-types tells its schema' })
  readonly content!: string;

  @Field({ description: 'Why it was written' })
  readonly reason!: string;

  @Field(() => Date, { description: 'When it was written' })
  readonly createdAt!: Date;

  @Field({ description: 'Who wrote it, as the ledger calls them' })
  readonly createdBy!: string;

  @Field({ description: 'What `ifMatch` takes for the next version' })
  readonly etag!: string;
}

@ArgsType()
export class RecordPageArguments extends PageArguments {
  @Field(() => GraphRecordType.names, { description: 'Which records' })
  readonly type!: RecordTypeName;
}

@ArgsType()
export class RecordArguments {
  @Field(() => GraphRecordType.names, { description: 'What it is a record of' })
  readonly type!: RecordTypeName;

  @Field(() => ID, { description: 'Of the record' })
  readonly id!: string;

  @Field(() => Int, { nullable: true, description: 'The newest unless given' })
  readonly version?: number | null;
}

@InputType('AddRegulatoryRecordInput', { description: 'A version to be written: the first of a record, or with `ifMatch` the next' })
export class AddRegulatoryRecordInput extends MutationInput {
  @Field(() => GraphRecordType.names, { description: 'What it is a record of' })
  readonly type!: RecordTypeName;

  @Field(() => ID, { nullable: true, description: 'Of the record; of a new one a UUID is given unless there is one' })
  readonly id?: string | null;

  @Field({ description: 'JSON text of the content, as /evidence/record-types has it of the type' })
  readonly content!: string;

  @Field(() => String, { nullable: true, description: 'Why it is written; needed of a next version' })
  readonly reason?: string | null;

  @Field(() => String, { nullable: true, description: '`etag` of the newest version: the next one of that record is written' })
  readonly ifMatch?: string | null;
}

@ObjectType('AddRegulatoryRecordPayload', { description: 'The version that was written' })
export class AddRegulatoryRecordPayload extends MutationPayload {
  @Field(() => GraphRegulatoryRecord, { description: 'As it is kept' })
  readonly record!: GraphRegulatoryRecord;
}
