import type { Observation } from 'fhir/r4.js';
import type { Caller } from '../../access/caller.js';
import { draftOfValue } from '../../records/edit/draft.js';
import type { Edits } from '../../records/edit/edits.js';
import { sought } from '../../records/search/sought.js';
import { parseSearch } from '../../records/search/parse-search.js';
import type { RecordSearch } from '../../records/search/record-search.js';
import { NOTE, noteObservation, type NewNote } from './note-observation.js';

/** On a page, and in all. */
const PAGE = 1_000;
const MOST = 20_000;

export interface Note {
  readonly id: string;
  /** What it is about: `ImagingStudy/…`, `DiagnosticReport/…`. */
  readonly about: readonly string[];
  readonly text: string;
  readonly time: Date;
  readonly author: string | null;
}

/** What people note of studies and reports, kept as FHIR. */
export class Notes {
  constructor(
    private readonly edits: Edits,
    private readonly search: RecordSearch,
  ) {}

  /** Throws ResourceInvalid. */
  async add(caller: Caller, note: NewNote): Promise<Note> {
    const { row } = await this.edits.create(caller, draftOfValue(noteObservation(note, new Date()), 'Observation'));
    return noteOf(JSON.parse(row?.content ?? '') as Observation & { id: string }); // this class made it
  }

  /** Notes about any of these, oldest first; on record. */
  async about(caller: Caller, references: readonly string[]): Promise<Note[]> {
    const parameters = [
      ['focus', references.join(',')],
      ['code', `${NOTE.system}|${NOTE.code}`],
      ['status', 'final,amended,corrected'],
      ['_sort', 'date'],
      ['_count', String(PAGE)],
      ['_total', 'none'],
    ] as const;
    const { search } = parseSearch({ type: 'Observation', parameters, lenient: false }, { base: '', now: Date.now() });
    const found = await this.search.searchAll(caller, search, sought({ type: 'Observation' }, parameters), MOST);
    return found.map(({ content }) => noteOf(JSON.parse(content) as Observation & { id: string })); // the store holds valid resources
  }
}

const noteOf = ({ id, focus = [], valueString = '', effectiveDateTime, issued, meta, performer }: Observation & { id: string }): Note => ({
  id,
  about: focus.flatMap(({ reference }) => reference ?? []),
  text: valueString,
  time: new Date(effectiveDateTime ?? issued ?? meta?.lastUpdated ?? 0),
  author: performer?.[0]?.reference ?? null,
});
