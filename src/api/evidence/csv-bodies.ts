import type { FastifyInstance } from 'fastify';

export const CSV = 'text/csv';
/** A table of 200,000 cases with some columns. */
const MOST_CSV_BYTES = 16 * 2 ** 20;

/** Tables come as text (RFC 4180), for the rooms to read; of other media types they are refused before (415). */
export function takeCsv(server: FastifyInstance): void {
  server.addContentTypeParser(CSV, { parseAs: 'string', bodyLimit: MOST_CSV_BYTES }, (_request, body, done) => done(null, body));
}
