import { beforeAll, describe, expect, it } from '@jest/globals';
import { parquetReadObjects } from 'hyparquet';
import { analyse } from '../../../src/evidence/analysis/analyse.js';
import { casesOf, predictionsOf, readingsOf, readTable } from '../../../src/evidence/analysis/csv-tables.js';
import { StudyFileContradictory } from '../../../src/evidence/contents/faults.js';
import { studyContents } from '../../../src/evidence/contents/study-contents.js';
import type { StudyFile } from '../../../src/evidence/contents/study-file.js';
import { canonicalSha256, canonicalText } from '../../../src/signing/canonical.js';
import { present, scenarioPlan, scenarioTables, textOf } from '../statistics/scenario-study.js';
import { aSmallStudyFile } from './a-small-study.js';
import { aPurpose, aStudyFile, sha256 } from './a-study-file.js';
import { bytesOf, OPTIONS, readContents, textIn } from './read-contents.js';

const onlyPresent = present ? describe : describe.skip;

/** The analysis, from the package's own tables and plan. */
function analysedAgain(files: ReadonlyMap<string, Buffer>, { protocols }: StudyFile) {
  return analyse(JSON.parse(textIn(files, '01-protocol/sap.json')), {
    cases: casesOf(textIn(files, '03-reference/cases.csv'), protocols.at(-1)!.protocol.variables),
    predictions: predictionsOf(textIn(files, '05-predictions/predictions.csv')),
    readings: readingsOf(textIn(files, '04-readers/readings.csv')),
  });
}

describe('The contents of a study’s package', () => {
  let file: StudyFile;
  let files: ReadonlyMap<string, Buffer>;
  beforeAll(async () => {
    file = aSmallStudyFile();
    files = await readContents(file);
  });

  it('give the same analysis again, to the last bit of its hash', () => {
    expect(canonicalSha256(analysedAgain(files, file))).toBe(file.analysis.sha256);
    expect(sha256(textIn(files, '07-statistics/results.json'))).toBe(file.analysis.sha256);
  });

  it('are the same bytes for the same study, and at each reading', async () => {
    const again = studyContents(aSmallStudyFile(), OPTIONS).files;
    expect(again.map(({ path }) => path)).toEqual([...files.keys()]);
    for (const one of again) {
      expect([one.path, (await bytesOf(one)).equals(files.get(one.path)!)]).toEqual([one.path, true]);
      expect([one.path, (await bytesOf(one)).equals(files.get(one.path)!)]).toEqual([one.path, true]);
    }
  });

  it('hold each version of the protocol with the bytes that were signed', () => {
    const [first, second] = file.protocols;
    expect(sha256(textIn(files, '01-protocol/protocol.json'))).toBe(second.sha256);
    expect(sha256(textIn(files, '01-protocol/versions/1.json'))).toBe(first.sha256);
    expect(sha256(textIn(files, '01-protocol/amendments/2.json'))).toBe(second.sha256);
    expect(JSON.parse(textIn(files, 'signatures.json'))).toEqual(file.signatures);
    const signed = readTable(textIn(files, '01-protocol/signed-content.csv'), ['signature', 'content']);
    expect(signed.map(({ fields }) => fields.get('content'))).toEqual(['amendment, version 2', 'amendment, version 2', 'analysis 1']);
    expect(textIn(files, '01-protocol/sap.json')).toBe(canonicalText(second.protocol.plan));
    expect(sha256(textIn(files, '02-dataset/manifest.jsonl'))).toBe(second.protocol.population.dataset?.manifestSha256);
    for (const [i, { sha256: recorded }] of file.records.entries()) {
      const path = [...files.keys()].find((one) => one.startsWith(`06-device/records/00${i + 1}-`))!;
      expect(sha256(textIn(files, path))).toBe(recorded);
    }
  });

  it('give spreadsheets no formula from what people wrote', () => {
    const tables = [...files.keys()].filter((path) => path.endsWith('.csv'));
    expect(tables.length).toBeGreaterThan(15);
    for (const path of tables) {
      const [head] = textIn(files, path).split('\r\n');
      const columns = head.split(',').map((name) => name.replaceAll('"', ''));
      for (const { number, fields } of readTable(textIn(files, path), []))
        for (const column of columns)
          expect([path, number, /^[=+@\t\r]|^-(?!\d)/.test(fields.get(column) ?? '')]).toEqual([path, number, false]);
    }
    expect(textIn(files, '01-protocol/deviations.csv')).toContain("'=1+1 <script>");
    expect(textIn(files, '03-reference/labels.csv')).toContain("'-T2");
  });

  it('have the table of the cases as Parquet too, cell by cell', async () => {
    const bytes = files.get('07-statistics/cases.parquet')!;
    const rows = await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer });
    const table = readTable(textIn(files, '07-statistics/cases.csv'), ['case_id', 'score', 'ledger_seq', 'R2_simulated_unaided_rating']);
    expect(rows).toHaveLength(120);
    for (const [i, row] of rows.entries())
      expect(Object.entries(row).map(([name, value]) => [name, value === null || value === undefined ? '' : String(value)])).toEqual([
        ...table[i].fields,
      ]);
    expect(rows[0]['ledger_seq']).toBe(1000n);
  });

  it('are refused where they would tell two stories', () => {
    const changed = (change: Partial<StudyFile>) => () => studyContents({ ...file, ...change }, OPTIONS);
    expect(changed({ analysis: { ...file.analysis, sha256: sha256('another') } })).toThrow(StudyFileContradictory);
    expect(changed({ dataset: { ...file.dataset, items: file.dataset.items.slice(1) } })).toThrow(StudyFileContradictory);
    expect(changed({ dataset: { ...file.dataset, manifestSha256: sha256('another') } })).toThrow(StudyFileContradictory);
    expect(changed({ run: { ...file.run, predictions: file.run.predictions.map((one) => ({ ...one, score: 0.5 })) } })).toThrow(
      StudyFileContradictory,
    );
    expect(changed({ readings: file.readings.map((one) => ({ ...one, rating: 1 })) })).toThrow(StudyFileContradictory);
    expect(changed({ protocols: file.protocols.map((one) => ({ ...one, protocol: { ...one.protocol, seed: 8 } })) })).toThrow(
      StudyFileContradictory,
    );
  });
});

onlyPresent('The contents of the scenario’s package (../shared/stats/scenario)', () => {
  const made = (): StudyFile => {
    const plan = scenarioPlan();
    return aStudyFile({
      plan,
      tables: scenarioTables(),
      variables: { binary: ['routine_recall'], category: ['site', 'vendor'], number: ['age'] },
      purposes: plan.endpoints.map(({ id }) => aPurpose(id, id.startsWith('P') ? 'primary' : 'secondary')),
    });
  };

  it('give its analysis again from their own tables, and its expected numbers', async () => {
    const file = made();
    const files = await readContents(file);
    expect(canonicalSha256(analysedAgain(files, file))).toBe(file.analysis.sha256);
    const expected = JSON.parse(textOf('expected.json')) as {
      P1: { auc: number; ci_delong: readonly number[] };
      confusion: { sensitivity: { value: number } };
    };
    const rows = readTable(textIn(files, '07-statistics/results.csv'), ['endpoint', 'measure', 'estimate', 'lower', 'upper']);
    const auc = rows.find(({ fields }) => fields.get('endpoint') === 'P1')!;
    expect(Number(auc.fields.get('estimate'))).toBeCloseTo(expected.P1.auc, 12);
    expect([Number(auc.fields.get('lower')), Number(auc.fields.get('upper'))]).toEqual(
      expected.P1.ci_delong.map((limit) => expect.closeTo(limit, 10)),
    );
    const sensitivity = rows.find(({ fields }) => fields.get('endpoint') === 'confusion' && fields.get('measure') === 'Sensitivity')!;
    expect(Number(sensitivity.fields.get('estimate'))).toBeCloseTo(expected.confusion.sensitivity.value, 12);
    const figures = JSON.parse(textIn(files, '08-figures/figures.json')) as readonly { name: string; drawn: boolean }[];
    expect(figures.filter(({ drawn }) => !drawn)).toEqual([]);
  });
});
