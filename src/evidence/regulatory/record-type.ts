import type { Models } from '../../inference/models.js';
import type { JsonPlace } from '../../json-place.js';
import type { RecordReference } from '../studies/protocol.js';
import type { JsonSchema, Shape } from './shape.js';

/** A record that another refers to, and where in it. */
export interface Referred {
  readonly path: string;
  /** Of what type it must be. */
  readonly type: string;
  readonly reference: RecordReference;
}

/** What is kept as a record's content, and which records it builds on: those must be there. */
export interface MadeContent {
  readonly content: object;
  readonly refersTo?: readonly Referred[];
}

/** A type of record of the regulatory file: a line of the table (record-types.ts). */
export interface RecordType {
  readonly title: string;
  readonly description: string;
  /** Of what is sent. */
  readonly schema: JsonSchema;
  /** Reads what is sent, and makes of it what is kept. Throws UnfitContent, and what the type refuses by. */
  readonly make: (place: JsonPlace, models: Models) => Promise<MadeContent>;
}

/** @param make  what is kept, where the server adds to it or makes it; what was sent otherwise */
export const recordType = <Sent extends object>(
  words: Pick<RecordType, 'title' | 'description'>,
  sent: Shape<Sent>,
  make: (sent: Sent, models: Models) => MadeContent | Promise<MadeContent> = (content) => ({ content }),
): RecordType => ({
  ...words,
  schema: { $schema: 'https://json-schema.org/draft/2020-12/schema', title: words.title, ...sent.schema },
  make: async (place, models) => make(sent.read(place), models),
});
