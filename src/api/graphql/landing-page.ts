import type { ApolloServerPlugin } from '@apollo/server';
import { GRAPHIQL_PAGE } from './graphiql-page.js';

/** What a browser that opens /graphql is shown. */
export const graphiqlPlugin: ApolloServerPlugin = {
  serverWillStart: async () => ({ renderLandingPage: async () => ({ html: GRAPHIQL_PAGE }) }),
};
