import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ArchiveModule } from '../../archive/archive.module.js';
import { Database } from '../../database/database.js';
import { EvidenceModule } from '../../evidence/evidence.module.js';
import { RegulatoryModule } from '../../evidence/regulatory/regulatory.module.js';
import { InferenceModule } from '../../inference/inference.module.js';
import { RecordsAbout } from '../../ledger/records-about.js';
import { RecordsModule } from '../../records/records.module.js';
import { ReportingModule } from '../../reporting/reporting.module.js';
import { Settings } from '../../settings.js';
import { SigningModule } from '../../signing/signing.module.js';
import { WorklistModule } from '../../worklist/worklist.module.js';
import { AuditResolver } from './audit.resolver.js';
import { AuthenticationModule } from '../authentication.module.js';
import { breakOff } from '../broken-answer.js';
import { callerOf } from '../called-by.js';
import { Door } from '../door.js';
import { DATE_TIME } from './date-time.js';
import { overHttp } from './faults.js';
import { formatGraphError } from '../graph-errors.js';
import { GraphRoomsModule, ROOMS } from './graph-rooms.module.js';
import { byResponse } from '../leaving.js';
import { graphContext, type Rooms } from './loaders.js';
import { GraphiqlController } from './graphiql.controller.js';
import { graphiqlPlugin } from './landing-page.js';
import { ModelMutations } from './model.mutations.js';
import { ModelResolver } from './model.resolver.js';
import { NodeResolver } from './node.resolver.js';
import { AnnotatedResolver, AssignedResolver, ClaimedResolver, RequestedResolver, ReviewedResolver } from './payload.resolvers.js';
import { Operations } from './operations.js';
import { MAXIMUM_TOKENS } from '../query-limits.js';
import { AnswerRecords } from './answer-records.js';
import { ReadingResolver } from './reading.resolver.js';
import { RegulatoryResolver } from './regulatory.resolver.js';
import { ReportListResolver } from './report-list.resolver.js';
import { ReportMutations } from './report.mutations.js';
import { FindingResolver, ReportResolver } from './report.resolver.js';
import { REQUIRES } from './requires.js';
import { InstanceResolver, SeriesResolver } from './series.resolver.js';
import { StudyResolver } from './study.resolver.js';
import { GraphSockets } from './sockets.js';
import { GraphStreamController } from './stream.controller.js';
import { ReportSubscriptions, WorkSubscriptions } from './subscription.resolver.js';
import { ValidationCollecting } from './validation-collecting.mutations.js';
import { ValidationDatasetResolver } from './validation-dataset.resolver.js';
import { ValidationPlanning } from './validation-planning.mutations.js';
import { ValidationResults } from './validation-results.mutations.js';
import { ValidationSigning } from './validation-signing.mutations.js';
import { ValidationStudyResolver } from './validation-study.resolver.js';
import { WorkitemMutations } from './workitem.mutations.js';
import { WorkitemResolver } from './workitem.resolver.js';

/** The app's own graph at /graphql; WebSockets at the same path. */
@Module({
  imports: [
    AuthenticationModule,
    ArchiveModule,
    EvidenceModule,
    InferenceModule,
    RecordsModule,
    RegulatoryModule,
    ReportingModule,
    SigningModule,
    WorklistModule,
    GraphRoomsModule,
    GraphQLModule.forRootAsync<ApolloDriverConfig>({
      driver: ApolloDriver,
      imports: [GraphRoomsModule],
      inject: [ROOMS, Operations, AnswerRecords, Settings],
      useFactory: (rooms: Rooms, operations: Operations, records: AnswerRecords, settings: Settings): ApolloDriverConfig => ({
        path: '/graphql',
        autoSchemaFile: true,
        buildSchemaOptions: { directives: [REQUIRES], scalarsMap: [{ type: Date, scalar: DATE_TIME }] },
        transformSchema: operations.over,
        introspection: operations.introspection,
        graphiql: false,
        playground: false,
        csrfPrevention: true,
        includeStacktraceInErrorResponses: false,
        formatError: (formatted, error) => formatGraphError(formatted, error),
        validationRules: [...operations.rules],
        plugins: [
          operations.plugin(),
          records.plugin(),
          ApolloServerPluginCacheControlDisabled(),
          ...(settings.GRAPHIQL === '1' ? [graphiqlPlugin] : []),
        ],
        persistedQueries: { cache: operations.documents, ttl: null },
        parseOptions: { maxTokens: MAXIMUM_TOKENS },
        context: async (asked: FastifyRequest, reply: FastifyReply) => {
          operations.admit(asked);
          const caller = callerOf(asked);
          const leaving = byResponse(reply.raw);
          const began = operations.turns.takeFor(caller, leaving, () => breakOff(reply));
          const turn = await began.catch((error: unknown) => Promise.reject(overHttp(error)));
          return graphContext(caller, rooms, leaving, turn);
        },
      }),
    }),
  ],
  controllers: [GraphStreamController, GraphiqlController],
  providers: [
    { provide: RecordsAbout, inject: [Database], useFactory: (database: Database) => new RecordsAbout(database) },
    {
      provide: GraphSockets,
      inject: [HttpAdapterHost, ROOMS, Operations, Door, AnswerRecords],
      useFactory: (...given: ConstructorParameters<typeof GraphSockets>) => new GraphSockets(...given),
    },
    AnnotatedResolver,
    AssignedResolver,
    AuditResolver,
    ClaimedResolver,
    FindingResolver,
    InstanceResolver,
    ModelMutations,
    ModelResolver,
    NodeResolver,
    ReadingResolver,
    RegulatoryResolver,
    ReportListResolver,
    ReportMutations,
    ReportResolver,
    SeriesResolver,
    StudyResolver,
    ReportSubscriptions,
    RequestedResolver,
    ReviewedResolver,
    ValidationCollecting,
    ValidationDatasetResolver,
    ValidationPlanning,
    ValidationResults,
    ValidationSigning,
    ValidationStudyResolver,
    WorkSubscriptions,
    WorkitemMutations,
    WorkitemResolver,
  ],
})
export class GraphModule {}
