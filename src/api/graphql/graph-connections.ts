import type { Type } from '@nestjs/common';
import { Field, ObjectType } from '@nestjs/graphql';
import { GraphAuditRecord } from './audit-types.js';
import type { Page } from './paging.js';
import { GraphReading } from './reading-types.js';
import { GraphReport } from './report-types.js';
import { GraphStudy } from './study-types.js';
import { GraphWorkitem } from './workitem-types.js';

@ObjectType('PageInfo')
export class PageInfo {
  @Field({ description: 'Things follow this page; walking backwards: whether `before` was given' })
  readonly hasNextPage!: boolean;

  @Field({ description: 'Things come before this page; walking forwards: whether `after` was given' })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true })
  readonly startCursor!: string | null;

  @Field(() => String, { nullable: true })
  readonly endCursor!: string | null;
}

/** A connection and its edges (Relay, Cursor Connections) for a type of node. */
function connection<Node>(name: string, node: Type<Node>): Type<Page<Node>> {
  @ObjectType(`${name}Edge`)
  class Edge {
    @Field()
    readonly cursor!: string;

    @Field(() => node)
    readonly node!: Node;
  }

  @ObjectType(`${name}Connection`)
  class Connection {
    @Field(() => [Edge])
    readonly edges!: readonly Edge[];

    @Field(() => PageInfo)
    readonly pageInfo!: PageInfo;
  }
  return Connection;
}

export const ReportConnection = connection('Report', GraphReport);
export const StudyConnection = connection('Study', GraphStudy);
export const ReadingConnection = connection('Reading', GraphReading);
export const WorkitemConnection = connection('Workitem', GraphWorkitem);
export const AuditConnection = connection('AuditRecord', GraphAuditRecord);
