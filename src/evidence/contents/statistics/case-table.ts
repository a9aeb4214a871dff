import type { PayloadFile } from '../../package/evidence-package.js';
import { parquetWriteBuffer, type ColumnSource } from 'hyparquet-writer';
import { PATHS } from '../study/paths.js';
import type { CaseView, StudyView } from '../study/study-view.js';
import { csvRecords, words, type Cell } from '../written/csv.js';
import { MEDIA, streamed } from '../written/payload.js';

interface Column {
  readonly name: string;
  readonly type: 'STRING' | 'INT32' | 'INT64' | 'DOUBLE';
  readonly of: (one: CaseView) => Cell;
}

/** A row of each case: all that is known of it. The same columns in CSV and in Parquet. */
export const caseTableFiles = (view: StudyView): PayloadFile[] => [
  streamed(PATHS.caseTable, 'csv', 'A row of each case: keys, truth, variables, score, call, readings, hashes, ledger record', () =>
    caseRecords(view),
  ),
  {
    path: PATHS.caseParquet,
    encodingFormat: MEDIA.parquet,
    description: 'The same table as cases.csv, as Apache Parquet',
    open: () => [caseParquet(view)],
  },
];

function* caseRecords(view: StudyView): Generator<string, void> {
  const columns = columnsOf(view);
  const rows = function* (): Generator<Cell[], void> {
    for (const one of view.cases)
      yield columns.map(({ of }) => {
        const cell = of(one);
        return typeof cell === 'string' ? words(cell) : cell;
      });
  };
  yield* csvRecords(
    columns.map(({ name }) => name),
    rows(),
  );
}

/** Uncompressed: the same bytes by whatever version of a compressor; a row group of them all. */
function caseParquet(view: StudyView): Uint8Array {
  const columnData = columnsOf(view).map(({ name, type, of }): ColumnSource => {
    const values = view.cases.map(of);
    return { name, type, data: type === 'INT64' ? values.map((value) => (value === null ? null : BigInt(value))) : values };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData, codec: 'UNCOMPRESSED', createdBy: 'wetread' }));
}

function columnsOf(view: StudyView): Column[] {
  const { binary, category, number } = view.protocol.protocol.variables;
  return oneNameEach([
    text('case_id', ({ key }) => key),
    text('patient_id', ({ row }) => row.patientId),
    whole('truth', ({ row }) => row.truth),
    ...binary.map((name) => whole(name, ({ row }) => row.binary[name] ?? null)),
    ...category.map((name) => text(name, ({ row }) => row.category[name] ?? null)),
    ...number.map((name) => real(name, ({ row }) => row.number[name] ?? null)),
    real('score', ({ prediction }) => prediction.score),
    text('error', ({ prediction }) => prediction.error || null),
    whole('called', ({ called }) => called),
    ...readingColumns(view),
    text('instance_hash', ({ item }) => item.instanceHash),
    text('file_sha256', ({ item }) => item.fileSha256),
    text('pixel_sha256', ({ item }) => item.pixelSha256),
    text('output_sha256', ({ prediction }) => prediction.outputSha256),
    { name: 'ledger_seq', type: 'INT64', of: ({ prediction }) => prediction.ledgerSeq },
  ]);
}

/** A variable may have the name of a column that is always there: the later of two gets another. */
function oneNameEach(columns: readonly Column[]): Column[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    let { name } = column;
    while (taken.has(name)) name += '_';
    taken.add(name);
    return { ...column, name };
  });
}

/** A column's name says of a simulated reader that it is one. */
const readingColumns = ({ data, memberByKey }: StudyView): Column[] =>
  data.readers.flatMap((reader) =>
    (['unaided', 'aided'] as const).flatMap((arm) => {
      if (![...data.readings[arm].values()].some((readings) => readings.has(reader))) return [];
      const name = `${reader}${memberByKey.get(reader)?.simulated === true ? '_simulated' : ''}_${arm}`;
      const reading = ({ key }: CaseView) => data.readings[arm].get(key)?.get(reader);
      return [
        real(`${name}_rating`, (one) => reading(one)?.rating ?? null),
        whole(`${name}_clinical_action`, (one) => reading(one)?.clinicalAction ?? null),
      ];
    }),
  );

const text = (name: string, of: Column['of']): Column => ({ name, type: 'STRING', of });
const whole = (name: string, of: Column['of']): Column => ({ name, type: 'INT32', of });
const real = (name: string, of: Column['of']): Column => ({ name, type: 'DOUBLE', of });
