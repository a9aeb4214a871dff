import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { ArchiveModule } from '../../archive/archive.module.js';
import { Studies } from '../../archive/studies.js';
import { InferenceModule } from '../../inference/inference.module.js';
import { Readings } from '../../inference/readings.js';
import { Reports } from '../../reporting/reports.js';
import { ReportingModule } from '../../reporting/reporting.module.js';
import { PublicAddress } from '../../public-address.js';
import { askedBy, type Asked } from './asked-by.js';
import { formatGraphError } from '../graph-errors.js';
import { graphContext, makeLoaders } from './loaders.js';
import { MAXIMUM_TOKENS, queryLimits } from '../query-limits.js';
import { ReportResolver } from './report.resolver.js';
import { InstanceResolver, ReadingResolver, SeriesResolver, StudyResolver } from './study.resolver.js';
import { subscriptionOptions } from './subscriptions.js';

/** The app's own graph at /graphql; subscriptions over graphql-ws at the same path. */
@Module({
  imports: [
    ArchiveModule,
    InferenceModule,
    ReportingModule,
    GraphQLModule.forRootAsync<ApolloDriverConfig>({
      driver: ApolloDriver,
      imports: [ArchiveModule, InferenceModule, ReportingModule],
      inject: [Studies, Readings, Reports, PublicAddress],
      useFactory: (studies: Studies, readings: Readings, reports: Reports, address: PublicAddress): ApolloDriverConfig => ({
        path: '/graphql',
        autoSchemaFile: true,
        introspection: true, // the schema is published with the source
        graphiql: false,
        playground: false,
        csrfPrevention: true,
        includeStacktraceInErrorResponses: false,
        formatError: (formatted, error) => formatGraphError(formatted, error),
        validationRules: [queryLimits],
        parseOptions: { maxTokens: MAXIMUM_TOKENS },
        subscriptions: { 'graphql-ws': subscriptionOptions(address) },
        context: (asked: Asked) => graphContext(askedBy(asked), () => makeLoaders(studies, readings, reports)),
      }),
    }),
  ],
  providers: [StudyResolver, SeriesResolver, InstanceResolver, ReadingResolver, ReportResolver],
})
export class GraphModule {}
