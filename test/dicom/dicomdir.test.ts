import { describe, expect, it } from '@jest/globals';
import { ByteWindow, Pump } from '../../src/dicom/byte-window.js';
import { DataSetParser } from '../../src/dicom/data-set-parser.js';
import { allTexts, firstNumber, firstText, items, tag, type DicomJson } from '../../src/dicom/dicom-json.js';
import { Dicomdir } from '../../src/dicom/dicomdir.js';
import { leafType } from '../../src/dicom/directory-record-types.js';
import { EXPLICIT_LITTLE_ENDIAN } from '../../src/dicom/encoding.js';
import { READER_LIMITS } from '../../src/dicom/reader-limits.js';
import { ReadingNotes } from '../../src/dicom/reading-notes.js';

const EXPLICIT = '1.2.840.10008.1.2.1';
const CT = '1.2.840.10008.5.1.4.1.1.2';
const COMPREHENSIVE_SR = '1.2.840.10008.5.1.4.1.1.88.33';
const at = (group: number, element: number) => tag(group, element);

/** An instance's metadata; what a test says takes the place of what is here. */
const anInstance = (series: string, number: number, said: DicomJson = {}): DicomJson => ({
  '00080016': { vr: 'UI', Value: [CT] },
  '00080018': { vr: 'UI', Value: [`${series}.${number}`] },
  '00080020': { vr: 'DA', Value: ['20260102'] },
  '00080030': { vr: 'TM', Value: ['101112'] },
  '00080060': { vr: 'CS', Value: ['CT'] },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane' }] },
  '00100020': { vr: 'LO', Value: ['P-1'] },
  '0020000D': { vr: 'UI', Value: ['1.2.3'] },
  '0020000E': { vr: 'UI', Value: [series] },
  '00200010': { vr: 'SH', Value: ['S-1'] },
  '00200011': { vr: 'IS', Value: [7] },
  '00200013': { vr: 'IS', Value: [number] },
  '00280010': { vr: 'US', Value: [16] },
  ...said,
});

/** Reads a directory as a reader of media would: from record to record by their offsets alone. */
interface Read {
  readonly type: string;
  readonly record: DicomJson;
  readonly below: readonly Read[];
}
function walk(file: Buffer): Read[] {
  const metaLength = file.readUInt32LE(140);
  const root = parsed(file.subarray(144 + metaLength));
  const from = (offset: number): Read[] => {
    const found: Read[] = [];
    for (let next = offset; next !== 0;) {
      expect(file.subarray(next, next + 4).toString('hex')).toBe('feff00e0'); // an item begins where the offset says
      const record = parsed(file.subarray(next + 8, next + 8 + file.readUInt32LE(next + 4)));
      const lower = firstNumber(record, at(0x0004, 0x1420)) ?? 0;
      found.push({ type: firstText(record, at(0x0004, 0x1430)) ?? '', record, below: from(lower) });
      next = firstNumber(record, at(0x0004, 0x1400)) ?? 0;
    }
    return found;
  };
  const found = from(firstNumber(root, at(0x0004, 0x1200)) ?? 0);
  const last = firstNumber(root, at(0x0004, 0x1202)) ?? 0;
  if (found.length > 0) expect(from(last)).toEqual([found.at(-1)]);
  expect(items(root, at(0x0004, 0x1220))).toHaveLength(count(found));
  return found;
}
const count = (reads: readonly Read[]): number => reads.reduce((sum, { below }) => sum + 1 + count(below), 0);

function parsed(bytes: Buffer): DicomJson {
  const window = new ByteWindow();
  const parser = new DataSetParser(window, EXPLICIT_LITTLE_ENDIAN, READER_LIMITS, new ReadingNotes());
  const pump = new Pump(window, parser.parse());
  pump.push(bytes);
  pump.end();
  return parser.dataset;
}

const only = (dataset: DicomJson, transferSyntaxUID = EXPLICIT): Read => {
  const directory = new Dicomdir();
  directory.add(dataset, transferSyntaxUID);
  return walk(directory.bytes())[0].below[0].below[0].below[0];
};

describe('A DICOMDIR (PS3.3 Annex F)', () => {
  it('leads by its offsets from patients over studies and series to every file', () => {
    const directory = new Dicomdir();
    const fileIds = [
      directory.add(anInstance('1.1', 1), EXPLICIT),
      directory.add(anInstance('1.2', 1), EXPLICIT),
      directory.add(anInstance('1.1', 2), EXPLICIT),
      directory.add(anInstance('1.3', 1, { '00100020': { vr: 'LO', Value: ['P-2'] } }), EXPLICIT),
    ].map((components) => components.join('/'));
    expect(fileIds).toEqual([
      'DICOM/PA000001/ST000001/SE000001/IM000001',
      'DICOM/PA000001/ST000001/SE000002/IM000001',
      'DICOM/PA000001/ST000001/SE000001/IM000002',
      'DICOM/PA000002/ST000001/SE000001/IM000001',
    ]);
    const shape = (reads: readonly Read[]): unknown =>
      reads.map(({ type, record, below }) => [type, type === 'IMAGE' ? allTexts(record, at(0x0004, 0x1500)).join('/') : shape(below)]);
    expect(shape(walk(directory.bytes()))).toEqual([
      [
        'PATIENT',
        [
          [
            'STUDY',
            [
              ['SERIES', [fileIds[0], fileIds[2]].map((fileId) => ['IMAGE', fileId])],
              ['SERIES', [['IMAGE', fileIds[1]]]],
            ],
          ],
        ],
      ],
      ['PATIENT', [['STUDY', [['SERIES', [['IMAGE', fileIds[3]]]]]]]],
    ]);
  });

  it('names files by at most 8 components of at most 8 letters, digits and underscores (PS3.10 8.2)', () => {
    const directory = new Dicomdir();
    let fileId: readonly string[] = [];
    for (let i = 1; i <= 1_200; i++) fileId = directory.add(anInstance('1.1', i), EXPLICIT);
    expect(fileId.at(-1)).toBe('IM001200');
    expect(fileId.length).toBeLessThanOrEqual(8);
    for (const component of fileId) expect(component).toMatch(/^[A-Z0-9_]{1,8}$/);
    expect(count(walk(directory.bytes()))).toBe(1_203);
  });

  it('says of each file what it is: SOP Class, SOP Instance and Transfer Syntax UID', () => {
    const general = '1.2.840.10008.5.1.4.1.1.7';
    const { record } = only(anInstance('1.1', 5, { '0008001A': { vr: 'UI', Value: [general] } }), '1.2.840.10008.1.2.4.80');
    const uids = [0x1510, 0x1511, 0x1512, 0x151a].map((element) => firstText(record, at(0x0004, element)));
    expect(uids).toEqual([CT, '1.1.5', '1.2.840.10008.1.2.4.80', general]);
    expect(firstNumber(record, at(0x0020, 0x0013))).toBe(5);
  });

  it('keeps names in any script, and says so (PS3.3 F.5: Specific Character Set of the record)', () => {
    const directory = new Dicomdir();
    directory.add(
      anInstance('1.1', 1, { '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Yamada', Ideographic: '山田^太郎' }] } }),
      EXPLICIT,
    );
    const [patient] = walk(directory.bytes());
    expect(patient.record['00100010'].Value).toEqual([{ Alphabetic: 'Yamada', Ideographic: '山田^太郎' }]);
    expect(patient.record['00080005'].Value).toEqual(['ISO_IR 192']);
    expect(patient.below[0].record['00080005']).toBeUndefined();
  });

  it('gives every key a value that must have one, where the instance has none', () => {
    const directory = new Dicomdir();
    const gone = ['00100020', '00080020', '00080030', '00200010', '00200011', '00200013', '00080060', '00100010'];
    directory.add(anInstance('1.1', 1, Object.fromEntries(gone.map((key) => [key, { vr: 'LO' }]))), EXPLICIT);
    const [patient] = walk(directory.bytes());
    const [study] = patient.below;
    const [series] = study.below;
    expect(firstText(patient.record, at(0x0010, 0x0020))).toBe('PA000001');
    expect(patient.record['00100010']).toEqual({ vr: 'PN' });
    expect([0x0020, 0x0030].map((element) => firstText(study.record, at(0x0008, element)))).toEqual(['19000101', '000000']);
    expect(firstText(study.record, at(0x0020, 0x0010))).toBe('ST000001');
    expect([firstText(series.record, at(0x0008, 0x0060)), firstNumber(series.record, at(0x0020, 0x0011))]).toEqual(['OT', 1]);
    expect(firstNumber(series.below[0].record, at(0x0020, 0x0013))).toBe(1);
  });

  it('lists a report by its title, its state and the time it was verified last (PS3.3 Table F.5-24)', () => {
    const code = (value: string): DicomJson => ({ '00080100': { vr: 'SH', Value: [value] } });
    const content = (relationship: string, value: string): DicomJson => ({
      '0040A010': { vr: 'CS', Value: [relationship] },
      '0040A168': { vr: 'SQ', Value: [code(value)] },
    });
    const { type, record } = only(
      anInstance('1.1', 1, {
        '00080016': { vr: 'UI', Value: [COMPREHENSIVE_SR] },
        '00080023': { vr: 'DA', Value: ['20260103'] },
        '00080033': { vr: 'TM', Value: ['080000'] },
        '0040A043': { vr: 'SQ', Value: [code('18782-3')] },
        '0040A073': {
          vr: 'SQ',
          Value: ['20260104', '20260105'].map((day) => ({ '0040A030': { vr: 'DT', Value: [`${day}120000`] } })),
        },
        '0040A491': { vr: 'CS', Value: ['COMPLETE'] },
        '0040A493': { vr: 'CS', Value: ['VERIFIED'] },
        '0040A730': { vr: 'SQ', Value: [content('CONTAINS', 'finding'), content('HAS CONCEPT MOD', 'language')] },
      }),
    );
    expect(type).toBe('SR DOCUMENT');
    expect(record['0040A043'].Value).toEqual([code('18782-3')]);
    expect([firstText(record, at(0x0040, 0xa491)), firstText(record, at(0x0040, 0xa493))]).toEqual(['COMPLETE', 'VERIFIED']);
    expect(firstText(record, at(0x0040, 0xa030))).toBe('20260105120000');
    expect(record['0040A730'].Value).toEqual([content('HAS CONCEPT MOD', 'language')]);
  });

  it('lists an instance whose key cannot be written, without that key', () => {
    const { record } = only(
      anInstance('1.1', 3, { '00080008': { vr: 'CS', BulkDataURI: 'bulkdata/00080008' }, '00200013': { vr: 'IS', Value: [{}] } }),
    );
    expect(record['00080008']).toBeUndefined();
    expect(firstNumber(record, at(0x0020, 0x0013))).toBe(1);
  });

  it.each([
    ['IMAGE', CT],
    ['IMAGE', '1.2.840.10008.5.1.4.1.1.66.4'],
    ['SR DOCUMENT', COMPREHENSIVE_SR],
    ['KEY OBJECT DOC', '1.2.840.10008.5.1.4.1.1.88.59'],
    ['PRESENTATION', '1.2.840.10008.5.1.4.1.1.11.1'],
    ['WAVEFORM', '1.2.840.10008.5.1.4.1.1.9.1.1'],
    ['RT STRUCTURE SET', '1.2.840.10008.5.1.4.1.1.481.3'],
    ['RT PLAN', '1.2.840.10008.5.1.4.1.1.481.5'],
    ['RADIOTHERAPY', '1.2.840.10008.5.1.4.1.1.481.10'],
    ['ENCAP DOC', '1.2.840.10008.5.1.4.1.1.104.1'],
    ['SPECTROSCOPY', '1.2.840.10008.5.1.4.1.1.4.2'],
    ['RAW DATA', '1.2.840.10008.5.1.4.1.1.66'],
    ['REGISTRATION', '1.2.840.10008.5.1.4.1.1.66.1'],
    ['SURFACE', '1.2.840.10008.5.1.4.1.1.66.5'],
  ])('has a record of type %s for SOP class %s (PS3.3 F.4)', (type, sopClassUID) => {
    expect(leafType(sopClassUID, type === 'IMAGE')).toBe(type);
    expect(only(anInstance('1.1', 1, { '00080016': { vr: 'UI', Value: [sopClassUID] } })).type).toBe(type);
  });

  it('has a PRIVATE record, with its UID, for what is no image and of no class that PS3.3 has a type for', () => {
    const dataset = anInstance('1.1', 1, { '00080016': { vr: 'UI', Value: ['1.2.3.4.5'] } });
    delete dataset['00280010'];
    const { type, record } = only(dataset);
    expect(type).toBe('PRIVATE');
    expect(firstText(record, at(0x0004, 0x1432))).toMatch(/^2\.25\./);
  });

  it('is the same for the same files', () => {
    const made = [1, 1, 2].map((number) => {
      const directory = new Dicomdir();
      directory.add(anInstance('1.1', number), EXPLICIT);
      return directory.bytes();
    });
    expect(made[0].equals(made[1])).toBe(true);
    expect(made[0].equals(made[2])).toBe(false);
  });
});
