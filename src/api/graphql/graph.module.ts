import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { ArchiveModule } from '../../archive/archive.module.js';
import { Studies } from '../../archive/studies.js';
import { InferenceModule } from '../../inference/inference.module.js';
import { Readings } from '../../inference/readings.js';
import { Reports } from '../../reporting/reports.js';
import { ReportingModule } from '../../reporting/reporting.module.js';
import { formatGraphError } from './faults.js';
import { makeLoaders } from './loaders.js';
import { queryLimits } from './query-limits.js';
import { ReportResolver } from './report.resolver.js';
import { InstanceResolver, ReadingResolver, SeriesResolver, StudyResolver } from './study.resolver.js';

const MAXIMUM_TOKENS = 2_000;

/** The app's own graph at /graphql; subscriptions over graphql-ws at the same path. */
@Module({
  imports: [
    ArchiveModule, InferenceModule, ReportingModule,
    GraphQLModule.forRootAsync<ApolloDriverConfig>({
      driver: ApolloDriver,
      imports: [ArchiveModule, InferenceModule, ReportingModule],
      inject: [Studies, Readings, Reports],
      useFactory: (studies: Studies, readings: Readings, reports: Reports): ApolloDriverConfig => ({
        path: '/graphql',
        autoSchemaFile: true,
        introspection: true, // the schema is published with the source
        graphiql: false,
        playground: false,
        csrfPrevention: true,
        includeStacktraceInErrorResponses: false,
        formatError: formatGraphError,
        validationRules: [queryLimits],
        parseOptions: { maxTokens: MAXIMUM_TOKENS },
        subscriptions: { 'graphql-ws': true },
        context: () => ({ loaders: makeLoaders(studies, readings, reports) }),
      }),
    }),
  ],
  providers: [StudyResolver, SeriesResolver, InstanceResolver, ReadingResolver, ReportResolver],
})
export class GraphModule {}
