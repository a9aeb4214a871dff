import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Part10Reader } from '../../../src/dicom/part10-header.js';
import type { DicomJson } from '../../../src/dicom/dicom-json.js';
import { labelsFromSr } from '../../../src/evidence/studies/imports/label-from-sr.js';
import { instanceHashOf } from '../../../src/evidence/studies/imports/reading-codes.js';
import { readingsFromSr } from '../../../src/evidence/studies/imports/reading-from-sr.js';
import { dataElements } from '../../../src/reporting/data-elements.js';
import { code, container, number, text } from '../../../src/reporting/sr/content-items.js';
import { aLabelGroup, aReadingGroup, aReadingReport, evidence, inPart10, observer, own, reference } from '../a-reading-report.js';

const UID = '1.2.826.0.1.3680043.1';
const OTHER = '1.2.826.0.1.3680043.2';
const read = readingsFromSr;
const refusal = (dataset: DicomJson): string => {
  try {
    return JSON.stringify(readingsFromSr(dataset));
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
};

describe('Readings in a structured report', () => {
  it('are a container each, of the observer around them', () => {
    const report = aReadingReport([
      ...observer('R1'),
      aReadingGroup({ uid: UID }),
      aReadingGroup({ uid: OTHER, rating: 1, clinicalAction: false, arm: 'aided' }),
    ]);
    const base = { reader: 'R1', status: 'read', submittedAt: '2026-03-02T09:15:30.500Z', reason: '' };
    expect(read(report)).toEqual([
      { ...base, place: 'Content item 1.4', of: { instanceHash: instanceHashOf(UID) }, arm: 'unaided', rating: 4, clinicalAction: 1 },
      { ...base, place: 'Content item 1.5', of: { instanceHash: instanceHashOf(OTHER) }, arm: 'aided', rating: 1, clinicalAction: 0 },
    ]);
  });

  it('are the same after a file, and what another toolkit takes for a report', async () => {
    const report = aReadingReport([...observer('R1'), aReadingGroup({ uid: UID })], evidence(UID));
    const bytes = inPart10(report);
    const reader = new Part10Reader();
    await reader.push(bytes);
    expect(read((await reader.end()).dataset)).toEqual(read(report));
    const folder = mkdtempSync(join(tmpdir(), 'wetread-reading-sr-'));
    writeFileSync(join(folder, 'sr.dcm'), bytes);
    const { status, stdout } = spawnSync('dsrdump', [join(folder, 'sr.dcm')], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect([status, stdout]).toEqual([0, expect.stringContaining('rating')]);
  });

  it('are of another observer where their own container says so, and by the name where that is all', () => {
    const own2 = container('CONTAINS', own('session'), undefined, [...observer('R2'), aReadingGroup({ uid: UID })]);
    expect(read(aReadingReport([...observer('R1'), own2])).map(({ reader }) => reader)).toEqual(['R2']);
    const [type, name] = observer('R1');
    expect(read(aReadingReport([type, name, aReadingGroup({ uid: UID })]))[0].reader).toBe('Reader^Somebody');
  });

  it('that could not be made say why, by the qualifier of a value that is not there', () => {
    const [one] = read(aReadingReport([...observer('R1'), aReadingGroup({ uid: UID, rating: null, clinicalAction: null })]));
    expect(one).toMatchObject({ status: 'not-evaluable', rating: null, clinicalAction: null, reason: 'Motion' });
  });

  it('may stand in the root, numbers as text as Basic Text SR has them, the image as the only evidence', () => {
    const items = [
      ...observer('R1'),
      text('CONTAINS', own('rating'), '5'),
      number(own('clinical-action'), 1),
      code('CONTAINS', own('arm'), own('aided')),
    ];
    const basic = { SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.11', ...evidence(UID) };
    expect(read(aReadingReport(items, basic))).toMatchObject([{ rating: 5, clinicalAction: 1, of: { instanceHash: instanceHashOf(UID) } }]);
    expect(refusal(aReadingReport(items, evidence(UID, OTHER)))).toContain('entry-malformed: (0040,A375)');
  });

  it('have the time of their own item before the document’s', () => {
    const group = { ...aReadingGroup({ uid: UID }), ...dataElements({ ObservationDateTime: '20260303080000-0230' }) };
    expect(read(aReadingReport([...observer('R1'), group]))[0].submittedAt).toBe('2026-03-03T10:30:00.000Z');
  });

  const group = aReadingGroup({ uid: UID });
  it.each([
    ['a class that is no report', aReadingReport([group], { SOPClassUID: '1.2.840.10008.5.1.4.1.1.7' }), '(0008,0016)'],
    ['a document that is not complete', aReadingReport([...observer('R1'), group], { CompletionFlag: 'PARTIAL' }), '(0040,A491)'],
    ['no reading', aReadingReport(observer('R1')), 'Content item 1 must hold'],
    ['no observer', aReadingReport([group]), 'Content item 1.1 lacks its observer'],
    ['two observers', aReadingReport([...observer('R1'), ...observer('R2'), group]), 'Content item 1.6'],
    ['no zone', aReadingReport([...observer('R1'), group], { TimezoneOffsetFromUTC: null }), '(0008,0023), (0008,0033), (0008,0201)'],
    ['no day', aReadingReport([...observer('R1'), group], { ContentDate: '20260230' }), '(0008,0023)'],
    ['a share as rating', aReadingReport([...observer('R1'), aReadingGroup({ uid: UID, rating: 0.5 })]), 'Content item 1.4.1 (0040,A30A)'],
    ['no action', aReadingReport([...observer('R1'), aReadingGroup({ uid: UID, clinicalAction: null })]), 'Content item 1.4 '],
    ['an action without reading', aReadingReport([...observer('R1'), aReadingGroup({ uid: UID, rating: null })]), 'Content item 1.4.2'],
    ['an arm that is none', aReadingReport([...observer('R1'), aReadingGroup({ uid: UID, arm: 'both' })]), 'Content item 1.4.3'],
  ])('are refused by their place: %s', (_what, report, place) => {
    expect(refusal(report)).toContain(`entry-malformed: ${place}`);
  });

  it('are in an arm by our code, not by another’s of the same letters', () => {
    const foreign = container('CONTAINS', own('reading'), undefined, [
      number(own('rating'), 3),
      code('CONTAINS', own('arm'), { scheme: '99OTHER', code: 'aided', meaning: 'aided' }),
    ]);
    expect(refusal(aReadingReport([...observer('R1'), foreign], evidence(UID)))).toContain('Content item 1.4.2 must be one of the arms');
  });

  it('are of one image', () => {
    const two = container('CONTAINS', own('reading'), undefined, [
      number(own('rating'), 3),
      code('CONTAINS', own('clinical-action'), { scheme: 'SCT', code: '373066001', meaning: 'Yes' }),
      code('CONTAINS', own('arm'), own('aided')),
      { ...dataElements({ RelationshipType: 'CONTAINS', ValueType: 'IMAGE', ReferencedSOPSequence: [reference(UID), reference(OTHER)] }) },
    ]);
    expect(refusal(aReadingReport([...observer('R1'), two]))).toContain('must name one image');
  });
});

describe('Labels in a structured report', () => {
  it('are a container each, with how they are known', () => {
    const report = aReadingReport([aLabelGroup(UID, true), aLabelGroup(OTHER, false, 'follow-up'), aLabelGroup('1.2.3', null)]);
    expect(labelsFromSr(report).map(({ label, method }) => [label, method])).toEqual([
      [1, 'biopsy'],
      [0, 'follow-up'],
      [null, 'biopsy'],
    ]);
  });

  it('are refused without it', () => {
    expect(() => labelsFromSr(aReadingReport([aLabelGroup(UID, true), aLabelGroup(OTHER, true, ' ')]))).toThrow(
      'Content item 1.2 lacks method',
    );
  });
});
