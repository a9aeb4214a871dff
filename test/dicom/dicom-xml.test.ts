import { describe, expect, it } from '@jest/globals';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { dicomXml } from '../../src/dicom/dicom-xml.js';

const body = (dataset: DicomJson) => dicomXml(dataset).replace(/^.*?xml:space="preserve">|<\/NativeDicomModel>$/gs, '');

describe('Native DICOM Model (PS3.19 A.1)', () => {
  it('numbers values and leaves the place of an empty one', () => {
    expect(body({ '00080008': { vr: 'CS', Value: ['DERIVED', null] } })).toBe(
      '<DicomAttribute tag="00080008" vr="CS" keyword="ImageType"><Value number="1">DERIVED</Value><Value number="2"/></DicomAttribute>',
    );
  });

  it('takes a person name apart', () => {
    expect(body({ '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Yamada^Tarou^^Dr', Ideographic: '山田^太郎' }] } })).toBe(
      '<DicomAttribute tag="00100010" vr="PN" keyword="PatientName"><PersonName number="1">' +
        '<Alphabetic><FamilyName>Yamada</FamilyName><GivenName>Tarou</GivenName><NamePrefix>Dr</NamePrefix></Alphabetic>' +
        '<Ideographic><FamilyName>山田</FamilyName><GivenName>太郎</GivenName></Ideographic></PersonName></DicomAttribute>',
    );
  });

  it('nests items', () => {
    expect(body({ '00081140': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['1.2'] } }, {}] } })).toBe(
      '<DicomAttribute tag="00081140" vr="SQ" keyword="ReferencedImageSequence"><Item number="1">' +
        '<DicomAttribute tag="00081155" vr="UI" keyword="ReferencedSOPInstanceUID"><Value number="1">1.2</Value></DicomAttribute>' +
        '</Item><Item number="2"></Item></DicomAttribute>',
    );
  });

  it('names private elements by their creator', () => {
    const dataset: DicomJson = { '00090011': { vr: 'LO', Value: ['ACME "1"'] }, '00091102': { vr: 'US', Value: [7] } };
    expect(body(dataset)).toContain(
      '<DicomAttribute tag="00090002" vr="US" privateCreator="ACME &quot;1&quot;"><Value number="1">7</Value>',
    );
  });

  it('gives binary and bulk data', () => {
    expect(body({ '00282000': { vr: 'OB', InlineBinary: 'AAE=' } })).toContain('<InlineBinary>AAE=</InlineBinary>');
    expect(body({ '7FE00010': { vr: 'OW', BulkDataURI: 'x?a=1&b=2' } })).toContain('<BulkData uri="x?a=1&amp;b=2"/>');
    expect(body({ '00100030': { vr: 'DA' } })).toBe('<DicomAttribute tag="00100030" vr="DA" keyword="PatientBirthDate"/>');
  });

  it('lets no value become markup, nor a character that XML cannot hold', () => {
    const hostile = '</Value><script a="1">&\u0001\uD800\r\n';
    expect(body({ '00081030': { vr: 'LO', Value: [hostile] } })).toContain(
      '<Value number="1">&lt;/Value&gt;&lt;script a=&quot;1&quot;&gt;&amp;\uFFFD\uFFFD&#13;\n</Value>',
    );
  });
});
