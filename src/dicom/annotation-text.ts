import { firstNumber, firstText, tag, type DicomJson, type Tag } from './dicom-json.js';

/** What a rendered image may be annotated with (PS3.18 8.3.5.1.1). */
export type Annotation = 'patient' | 'technique';

type Line = (dataset: DicomJson) => string | undefined;

const text =
  (at: Tag, label = ''): Line =>
  (dataset) => {
    const value = firstText(dataset, at)?.trim();
    return value ? `${label}${value}` : undefined;
  };
const number =
  (at: Tag, label: string, unit: string): Line =>
  (dataset) => {
    const value = firstNumber(dataset, at);
    return value === undefined ? undefined : `${label} ${Number(value.toPrecision(5))} ${unit}`;
  };

const NAME: Line = (dataset) => firstText(dataset, tag(0x0010, 0x0010))?.replaceAll('^', ' ').trim() || undefined;

const LINES: Readonly<Record<Annotation, readonly Line[]>> = {
  patient: [
    NAME,
    text(tag(0x0010, 0x0020), 'ID '),
    text(tag(0x0010, 0x0030), 'BORN '),
    text(tag(0x0010, 0x0040), 'SEX '),
    text(tag(0x0008, 0x0020), 'STUDY '),
    text(tag(0x0008, 0x0050), 'ACC '),
  ],
  technique: [
    text(tag(0x0008, 0x0060)),
    text(tag(0x0008, 0x1030)),
    text(tag(0x0008, 0x103e)),
    text(tag(0x0018, 0x0015)),
    number(tag(0x0018, 0x0060), 'KVP', 'KV'),
    number(tag(0x0018, 0x1151), 'TUBE', 'MA'),
    number(tag(0x0018, 0x0050), 'SLICE', 'MM'),
    number(tag(0x0018, 0x0081), 'TE', 'MS'),
    number(tag(0x0018, 0x0080), 'TR', 'MS'),
  ],
};

/** The lines that say who was imaged, and how; what the instance does not say has no line. */
export const annotationLines = (dataset: DicomJson, asked: readonly Annotation[]): string[] =>
  asked.flatMap((kind) => LINES[kind].map((line) => line(dataset)).filter((line) => line !== undefined));
