import { negotiate, NotAcceptable } from '../media-types.js';
import { overHttp } from './faults.js';

const FORMS = ['application/json', 'application/graphql-response+json'] as const;

/**
 * The media type that the answer to an operation has, decided before any of it is run: nothing is looked at, or done, and then not told.
 * @throws GraphQLError  of NotAcceptable
 */
export function answerForm(accept: string | undefined): string {
  try {
    return `${negotiate(accept, FORMS)}; charset=utf-8`;
  } catch (error) {
    throw error instanceof NotAcceptable ? overHttp(error) : error;
  }
}
