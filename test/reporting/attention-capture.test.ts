import { describe, expect, it } from '@jest/globals';
import { tagOf } from '../../src/dicom/data-dictionary.js';
import { allTexts, firstNumber, firstText, items, tag, type DicomJson } from '../../src/dicom/dicom-json.js';
import { Part10Reader } from '../../src/dicom/part10-header.js';
import { writePart10 } from '../../src/dicom/part10-writer.js';
import { attentionCapture } from '../../src/reporting/attention-capture.js';
import { barColumns, inferno, overlayAttention, type DisplayImage } from '../../src/reporting/attention-overlay.js';
import { aReading, aReport, STUDY_INSTANCE_UID, studyAttributes } from './a-report.js';

const at = (keyword: string) => tagOf(keyword) ?? tag(0, 0);
const text = (dataset: DicomJson, keyword: string) => firstText(dataset, at(keyword));

const GREY = 100;
const grey = (rows: number, columns: number): DisplayImage => ({
  bytes: new Uint8Array(rows * columns).fill(GREY),
  rows,
  columns,
  channels: 1,
});
const aMap = (rows: number, columns: number, ...values: number[]) => ({ rows, columns, values: Float32Array.from(values) });
const pixel = ({ bytes, columns }: { bytes: Uint8Array; columns: number }, row: number, column: number) => [
  ...bytes.subarray((row * columns + column) * 3, (row * columns + column) * 3 + 3),
];

describe('An attention map over its image', () => {
  it('leaves the image as it is where the map is 0, and lays half the colour over it where the map is 1', () => {
    const overlaid = overlayAttention(grey(8, 8), aMap(1, 2, 0, 1));
    expect(pixel(overlaid, 4, 0)).toEqual([GREY, GREY, GREY]);
    expect(pixel(overlaid, 4, 7)).toEqual([(GREY + 252) / 2, Math.round((GREY + 255) / 2), (GREY + 164) / 2]);
  });

  it('lies over the whole image, bilinear between the centres of its cells', () => {
    const overlaid = overlayAttention(grey(2, 4), aMap(2, 2, 0, 1, 1, 0));
    const [red] = inferno(0.25);
    expect(pixel(overlaid, 0, 1)[0]).toBe(Math.round(GREY + (red - GREY) * 0.125)); // centre at a quarter of the way
    expect(pixel(overlaid, 0, 0)).toEqual([GREY, GREY, GREY]);
    expect(pixel(overlaid, 1, 3)).toEqual([GREY, GREY, GREY]);
    expect(pixel(overlaid, 1, 0)).toEqual(pixel(overlaid, 0, 3));
  });

  it('keeps the colours of a colour image', () => {
    const colours = Uint8Array.from([1, 2, 3, 4, 5, 6]);
    const overlaid = overlayAttention({ bytes: colours, rows: 1, columns: 2, channels: 3 }, aMap(1, 1, 0));
    expect([pixel(overlaid, 0, 0), pixel(overlaid, 0, 1)]).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it('shows nothing where the map has no number, and no more than 1 where it has more', () => {
    expect(pixel(overlayAttention(grey(1, 1), aMap(1, 1, NaN)), 0, 0)).toEqual([GREY, GREY, GREY]);
    expect(pixel(overlayAttention(grey(1, 1), aMap(1, 1, 7)), 0, 0)).toEqual(pixel(overlayAttention(grey(1, 1), aMap(1, 1, 1)), 0, 0));
  });

  it('has a colour bar beside the image, from 1 down to 0, and a black gap', () => {
    const overlaid = overlayAttention(grey(100, 400), aMap(1, 1, 0));
    expect([overlaid.columns, overlaid.bytes.length]).toEqual([400 + 2 * barColumns(400), 100 * 420 * 3]);
    expect([pixel(overlaid, 0, 419), pixel(overlaid, 99, 410)]).toEqual([
      [252, 255, 164],
      [0, 0, 4],
    ]);
    expect([pixel(overlaid, 50, 399), pixel(overlaid, 50, 400)]).toEqual([
      [GREY, GREY, GREY],
      [0, 0, 0],
    ]);
  });

  it('gets brighter with the value, all the way', () => {
    const luminance = Array.from({ length: 101 }, (_, step) => inferno(step / 100)).map(
      ([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue,
    );
    expect(luminance.every((value, step) => step === 0 || value > luminance[step - 1])).toBe(true);
  });
});

describe('The attention map as a Secondary Capture (PS3.3 A.8.1)', () => {
  const image = aReading(0.9, { sopInstanceUID: '2.25.7', attentionMap: aMap(2, 2, 0, 0.5, 0.5, 1) });
  const attributes = studyAttributes({ '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane' }] } });
  const study = { studyInstanceUID: STUDY_INSTANCE_UID, attributes, patientId: 'p', imagingStudyId: 's' };
  const report = aReport([aReading(0.1, { sopInstanceUID: '2.25.9' }), image], { study, issued: new Date('2024-03-01T00:30:15.125Z') });
  const capture = (dataset: DicomJson = {}, rows = 7, columns = 9) =>
    attentionCapture(report, image, { dataset, display: grey(rows, columns) });

  it('is not made where the model gives no map', () => {
    expect(attentionCapture(report, aReading(0.9), { dataset: {}, display: grey(1, 1) })).toBeUndefined();
  });

  it('reads back as it was written, with all its pixels, the same bytes each time', async () => {
    const made = capture();
    const bytes = writePart10(made?.dataset ?? {}, { pixelData: made?.pixelData });
    const again = capture();
    expect(writePart10(again?.dataset ?? {}, { pixelData: again?.pixelData })).toEqual(bytes);
    const reader = new Part10Reader();
    await reader.push(bytes);
    const { dataset, frameTable } = await reader.end();
    const { '7FE00010': _, ...others } = dataset;
    expect(others).toEqual(made?.dataset);
    expect([firstNumber(dataset, at('Rows')), firstNumber(dataset, at('Columns')), made?.pixelData.length]).toEqual([7, 17, 7 * 17 * 3]);
    expect(frameTable).toMatchObject({ kind: 'native', frames: 1, frameBytes: 7 * 17 * 3 });
  });

  it('says what it is, what it was made from, and that it is not for diagnosis', () => {
    const dataset = capture()?.dataset ?? {};
    expect(allTexts(dataset, at('ImageType'))).toEqual(['DERIVED', 'SECONDARY']);
    expect(
      ['SOPClassUID', 'Modality', 'ConversionType', 'InstanceNumber', 'PhotometricInterpretation'].map((keyword) => text(dataset, keyword)),
    ).toEqual(['1.2.840.10008.5.1.4.1.1.7', 'OT', 'WSD', '2', 'RGB']);
    expect(text(dataset, 'SeriesDescription')).toBe('wetread attention map (not for diagnosis)');
    expect(text(dataset, 'DerivationDescription')).toMatch(/not for diagnosis: per-region contribution.*\(chest\), version 3/);
    const [source] = items(dataset, at('SourceImageSequence'));
    expect([text(source, 'ReferencedSOPInstanceUID'), text(items(source, at('PurposeOfReferenceCodeSequence'))[0], 'CodeValue')]).toEqual([
      '2.25.7',
      '121322',
    ]);
    expect([text(dataset, 'DateOfSecondaryCapture'), text(dataset, 'TimeOfSecondaryCapture')]).toEqual(['20240301', '013015.125000']);
    expect(dataset[at('PatientName')]).toEqual(attributes['00100010']);
    expect(dataset[at('PixelSpacing')]).toBeUndefined();
  });

  it('keeps one series for the report, and an instance of its own for each version, image and frame', () => {
    const display = grey(1, 1);
    const made = [
      attentionCapture(report, image, { dataset: {}, display }),
      attentionCapture({ ...report, version: 2 }, image, { dataset: {}, display }),
      attentionCapture(report, { ...image, sopInstanceUID: '2.25.9' }, { dataset: {}, display }),
      attentionCapture(report, { ...image, frameNumber: 2 }, { dataset: {}, display }),
    ].map((one) => one?.dataset ?? {});
    expect(new Set(made.map((dataset) => text(dataset, 'SOPInstanceUID'))).size).toBe(4);
    expect(new Set(made.map((dataset) => text(dataset, 'SeriesInstanceUID'))).size).toBe(1);
  });

  it('carries on what the source says of its side, its loss and the text in its pixels, and claims nothing of its own', () => {
    const source: DicomJson = {
      '00200020': { vr: 'CS', Value: ['L', 'F'] },
      '00200062': { vr: 'CS', Value: ['L'] },
      '00280301': { vr: 'CS', Value: ['YES'] },
      '00282110': { vr: 'CS', Value: ['01'] },
      '00282112': { vr: 'DS', Value: [12.5] },
      '00280030': { vr: 'DS', Value: [0.1, 0.1] },
    };
    expect(capture(source)?.dataset).toMatchObject({
      '00200020': source['00200020'],
      '00200062': source['00200062'],
      '00280301': source['00280301'],
      '00282110': source['00282110'],
      '00282112': source['00282112'],
    });
    expect(capture(source)?.dataset['00280030']).toBeUndefined();
    const bare = capture()?.dataset ?? {};
    expect(['00200062', '00280301', '00282110'].filter((key) => key in bare)).toEqual([]);
    expect([bare['00200020'], bare['00200060']]).toEqual([{ vr: 'CS' }, { vr: 'CS' }]);
    expect(capture({ '00180015': { vr: 'CS', Value: ['CHEST'] } })?.dataset['00200060']).toBeUndefined(); // not paired
  });
});
