import type { Type } from '@nestjs/common';
import { Field, ObjectType } from '@nestjs/graphql';
import { GraphAuditRecord } from './audit-types.js';
import type { Page } from './paging.js';
import { GraphReading } from './reading-types.js';
import { GraphRegulatoryRecord } from './regulatory-types.js';
import { GraphReport } from './report-types.js';
import { GraphStudy } from './study-types.js';
import { GraphDataset } from './validation-dataset-types.js';
import { GraphValidationStudySummary } from './validation-study-types.js';
import { GraphWorkitem } from './workitem-types.js';

@ObjectType('PageInfo', { description: 'Where a page lies in its list (Relay, Cursor Connections)' })
export class PageInfo {
  @Field({ description: 'Things follow this page; walking backwards: whether `before` was given' })
  readonly hasNextPage!: boolean;

  @Field({ description: 'Things come before this page; walking forwards: whether `after` was given' })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first thing of the page; null of an empty one' })
  readonly startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the last thing of the page; null of an empty one' })
  readonly endCursor!: string | null;
}

/** A connection and its edges (Relay, Cursor Connections) for a type of node. */
function connection<Node>(name: string, node: Type<Node>): Type<Page<Node>> {
  @ObjectType(`${name}Edge`, { description: `A ${name} in its place in a list` })
  class Edge {
    @Field({ description: 'Of its place: what `after` and `before` take' })
    readonly cursor!: string;

    @Field(() => node, { description: 'The thing itself' })
    readonly node!: Node;
  }

  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name}s (Relay, Cursor Connections)` })
  class Connection {
    @Field(() => [Edge], { description: 'The things of the page, in the list’s order' })
    readonly edges!: readonly Edge[];

    @Field(() => PageInfo, { description: 'What lies around the page' })
    readonly pageInfo!: PageInfo;
  }
  return Connection;
}

export const ReportConnection = connection('Report', GraphReport);
export const StudyConnection = connection('Study', GraphStudy);
export const ReadingConnection = connection('Reading', GraphReading);
export const WorkitemConnection = connection('Workitem', GraphWorkitem);
export const AuditConnection = connection('AuditRecord', GraphAuditRecord);
export const ValidationStudyConnection = connection('ValidationStudySummary', GraphValidationStudySummary);
export const ValidationDatasetConnection = connection('ValidationDataset', GraphDataset);
export const RegulatoryRecordConnection = connection('RegulatoryRecord', GraphRegulatoryRecord);
