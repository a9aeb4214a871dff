import { describe, expect, it } from '@jest/globals';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { dicomJsonText } from '../../src/dicom/dicom-json-text.js';
import { bytesOf, onCorpus, read } from './corpus.js';

describe('DICOM JSON as text (PS3.18 F.2.2)', () => {
  it('has its attributes by rising tag, in items too', () => {
    const item: DicomJson = { '30060084': { vr: 'IS', Value: [1] }, '00080005': { vr: 'CS' } };
    const text = dicomJsonText({ '30060020': { vr: 'SQ', Value: [item] }, '00080018': { vr: 'UI', Value: ['1.2'] } });
    expect(text.match(/[0-9A-F]{8}/g)).toEqual(['00080018', '30060020', '00080005', '30060084']);
  });

  onCorpus.each(['pydicom/rtplan.dcm', 'synthetic/empty-sequences.dcm', 'synthetic/hostile-strings.dcm'])(
    'says of %s what JSON.stringify says',
    async (path) => {
      const { dataset } = await read(bytesOf(path));
      expect(JSON.parse(dicomJsonText(dataset))).toEqual(JSON.parse(JSON.stringify(dataset)));
    },
  );
});
