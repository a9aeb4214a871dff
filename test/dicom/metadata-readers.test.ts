import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { readDicomJson } from '../../src/dicom/dicom-json-reader.js';
import { dicomJsonText } from '../../src/dicom/dicom-json-text.js';
import { dicomXml } from '../../src/dicom/dicom-xml.js';
import { readDicomXml } from '../../src/dicom/dicom-xml-reader.js';
import { DicomFault, MalformedMetadata, SequenceTooDeep, UnwritableValue } from '../../src/dicom/faults.js';
import { bytesOf, corpus, mustBeStored, onCorpus, read } from './corpus.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const json = (text: string) => readDicomJson(bytes(text));
const NAMESPACE = 'http://dicom.nema.org/PS3.19/models/NativeDICOM';
const xml = (content: string): DicomJson => readDicomXml(bytes(`<NativeDicomModel xmlns="${NAMESPACE}">${content}</NativeDicomModel>`));
const attribute = (vr: string, content: string, tag = '00081030'): DicomJson =>
  xml(`<DicomAttribute tag="${tag}" vr="${vr}">${content}</DicomAttribute>`);

describe('Metadata in JSON (PS3.18 Annex F)', () => {
  onCorpus('is read as it is written, of every real data set; so is XML (PS3.19 A.1)', async () => {
    let files = 0;
    for (const { path } of corpus.filter(mustBeStored)) {
      const { dataset } = await read(bytesOf(path));
      expect({ path, dataset: json(dicomJsonText(dataset))[0] }).toEqual({ path, dataset });
      const document = dicomXml(dataset);
      // XML says nothing else than JSON; it only lacks characters that XML 1.0 cannot hold, and names of empty groups.
      expect({ path, document: dicomXml(readDicomXml(bytes(document))) }).toEqual({ path, document });
      files++;
    }
    expect(files).toBeGreaterThan(330);
  });

  it('keeps the digits of integers that a JavaScript number does not hold', () => {
    const [dataset] = json('[{"0008040C":{"vr":"UV","Value":[18446744073709551615, 7]}}]');
    expect(dataset).toEqual({ '0008040C': { vr: 'UV', Value: ['18446744073709551615', 7] } });
  });

  it('gives what is wrong with one data set in its place, by its tag', () => {
    const [first, second, third] = json('[{"00080018":{"vr":"UI"}},{"00080018":{"Value":[]}},7]');
    expect(first).toEqual({ '00080018': { vr: 'UI' } });
    expect(second).toBeInstanceOf(UnwritableValue);
    expect((second as DicomFault).tag).toBe('00080018');
    expect(third).toBeInstanceOf(MalformedMetadata);
  });

  it.each([
    ['an unknown VR', '{"vr":"ZZ"}'],
    ['no VR', '{}'],
    ['Value that is no array', '{"vr":"LO","Value":"x"}'],
    ['both Value and InlineBinary', '{"vr":"OB","Value":[],"InlineBinary":""}'],
    ['an object for text', '{"vr":"LO","Value":[{}]}'],
    ['text for a name', '{"vr":"PN","Value":["Doe^Jane"]}'],
    ['an unknown component group', '{"vr":"PN","Value":[{"Alphabet":"x"}]}'],
    ['true', '{"vr":"LO","Value":[true]}'],
    ['an empty number', '{"vr":"US","Value":[null]}'],
    ['a sequence that is elsewhere', '{"vr":"SQ","BulkDataURI":"x"}'],
    ['an address that is a number', '{"vr":"OB","BulkDataURI":1}'],
  ])('refuses %s', (_, element) => {
    expect(json(`[{"00081030":${element}}]`)[0]).toBeInstanceOf(DicomFault);
  });

  it.each(['', '[', '[1', '{"a":1,"a":2}', '{"a"}', '[1,]', '{,}', '"\\x"', '"\n"', '01', '1e999', 'nul', '[] []', '"\\u12g4"', '-'])(
    'is no JSON: %j',
    (text) => {
      expect(() => json(text)).toThrow(MalformedMetadata);
    },
  );

  it('has names that mean nothing to JavaScript', () => {
    expect(json('[{"__proto__":{"vr":"LO"}}]')[0]).toBeInstanceOf(MalformedMetadata);
    expect(json('[{"constructor":{"vr":"LO"}}]')[0]).toBeInstanceOf(MalformedMetadata);
  });

  it.each([63, 70, 5_000, 1_000_000])('is bounded in depth: %i sequences within each other', (depth) => {
    const read = () => json(`[${'{"0040A730":{"vr":"SQ","Value":['.repeat(depth)}{}${']}}'.repeat(depth)}]`)[0];
    if (depth <= 64) expect(read()).not.toBeInstanceOf(DicomFault);
    else if (depth < 100) expect(read()).toBeInstanceOf(SequenceTooDeep);
    else expect(read).toThrow(MalformedMetadata);
  });

  it('agrees with JSON.parse on what is JSON and what it says', () => {
    const property = fc.property(fc.json({ maxDepth: 5 }), (text) => {
      const whole = `[{"00081030":{"vr":"LO","Value":[${text}]}}]`;
      const [dataset] = json(whole);
      const value: unknown = JSON.parse(text);
      if (typeof value === 'string' || (typeof value === 'number' && Number.isSafeInteger(value)))
        expect((dataset as DicomJson)['00081030'].Value).toEqual([value]);
    });
    expect(() => fc.assert(property, { numRuns: 500, seed: 4 })).not.toThrow();
  });
});

describe('Metadata in XML (PS3.19 A.1)', () => {
  it('has values by their numbers; those left out are empty', () => {
    expect(attribute('LO', '<Value number="2">b</Value><Value number="3"/>')).toEqual({
      '00081030': { vr: 'LO', Value: [null, 'b', null] },
    });
    expect(attribute('US', ' <Value number="1"> 7 </Value> ')).toEqual({ '00081030': { vr: 'US', Value: [7] } });
    expect(attribute('UV', '<Value number="1">18446744073709551615</Value>')).toEqual({
      '00081030': { vr: 'UV', Value: ['18446744073709551615'] },
    });
  });

  it('has names by component', () => {
    const name =
      '<Alphabetic><FamilyName>Müller</FamilyName><NameSuffix>MD</NameSuffix></Alphabetic><Phonetic><GivenName>J</GivenName></Phonetic>';
    expect(attribute('PN', `<PersonName number="1">${name}</PersonName>`)).toEqual({
      '00081030': { vr: 'PN', Value: [{ Alphabetic: 'Müller^^^^MD', Phonetic: '^J' }] },
    });
  });

  it('has private elements by their creator, in the block it holds or in a free one (PS3.5 7.8.1)', () => {
    const creator = (tag: string, name: string) =>
      `<DicomAttribute tag="${tag}" vr="LO"><Value number="1">${name}</Value></DicomAttribute>`;
    const of = (name: string) =>
      `<DicomAttribute tag="00090001" vr="OB" privateCreator="${name}"><InlineBinary>AAA=</InlineBinary></DicomAttribute>`;
    const value = { vr: 'OB', InlineBinary: 'AAA=' };
    expect(xml(creator('00090010', 'A') + creator('00090011', 'B') + of('B'))).toMatchObject({ '00091101': value });
    expect(xml(creator('00090010', 'A') + of('C'))).toMatchObject({ '00090011': { vr: 'LO', Value: ['C'] }, '00091101': value });
  });

  it.each([
    ['another root', '<Native/>'],
    ['no end', `<NativeDicomModel>`],
    ['an attribute that stands twice', '<NativeDicomModel a="1" a="2"/>'],
    ['an unknown entity', '<NativeDicomModel>&nbsp;</NativeDicomModel>'],
    ['a document type', '<!DOCTYPE NativeDicomModel><NativeDicomModel/>'],
    ['a file to fetch', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><NativeDicomModel>&e;</NativeDicomModel>'],
    ['a billion laughs', `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><NativeDicomModel>&b;</NativeDicomModel>`],
    ['text between', '<NativeDicomModel>text</NativeDicomModel>'],
    ['another encoding', '<?xml version="1.0" encoding="UTF-16"?><NativeDicomModel/>'],
    ['a control character', '<NativeDicomModel>\u0001</NativeDicomModel>'],
    ['nothing', ''],
  ])('is no metadata with %s', (_, text) => {
    expect(() => readDicomXml(bytes(text))).toThrow(MalformedMetadata);
  });

  it('is UTF-8', () => {
    expect(() => readDicomXml(Buffer.from('<NativeDicomModel>\xff</NativeDicomModel>', 'latin1'))).toThrow(MalformedMetadata);
  });

  it.each([
    ['numbers that fall', 'LO', '<Value number="2"/><Value number="1"/>'],
    ['numbers without end', 'LO', '<Value number="4000000000"/>'],
    ['no binary number', 'US', '<Value number="2">1</Value>'],
    ['items where there are values', 'LO', '<Item number="1"/>'],
    ['values where there are items', 'SQ', '<Value number="1"/>'],
    ['two kinds of value', 'OB', '<InlineBinary/><BulkData uri="x"/>'],
    ['binary data as a value', 'OB', '<Value number="1">1</Value>'],
    ['an unknown VR', 'ZZ', ''],
  ])('refuses %s', (_, vr, content) => {
    expect(() => attribute(vr, content)).toThrow(UnwritableValue);
  });

  it.each([64, 65, 20_000])('is bounded in depth: %i sequences within each other', (depth) => {
    const open = '<DicomAttribute tag="0040A730" vr="SQ"><Item number="1">';
    const nested = () => xml(open.repeat(depth) + '</Item></DicomAttribute>'.repeat(depth));
    if (depth <= 64) expect(Object.keys(nested())).toEqual(['0040A730']);
    else expect(nested).toThrow(SequenceTooDeep);
  });
});
