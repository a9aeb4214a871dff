import { createHash, randomUUID } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { tagOf, vrOf } from '../../src/dicom/data-dictionary.js';
import type { DicomElement, DicomJson, DicomValue } from '../../src/dicom/dicom-json.js';
import { writePart10 } from '../../src/dicom/part10-writer.js';

/** Elements by keyword; one value stands for itself, a person name for its alphabetic group, null for an empty element, octets for a binary one. */
export type Elements = Readonly<Record<string, DicomValue | readonly DicomValue[] | Buffer>>;

/** A DICOM file as its sender knows it. */
export interface TestInstance {
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly sopClassUID: string;
  readonly pixelData: Buffer;
  /** Where DICOMweb has it, from /dicom-web on. */
  readonly path: string;
}

const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const DEFLATED = '1.2.840.10008.1.2.1.99';

/** A UID that nobody else has (PS3.5 B.2). */
export const newUid = (): string => `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`;
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A small chest X-ray (DX, 12 bits in 16), a new study each unless it says otherwise; without Pixel Data where that is null. */
export function aChestXray(
  said: Elements = {},
  given: { readonly pixelData?: Buffer | null; readonly transferSyntaxUID?: string } = {},
): TestInstance {
  const all: Elements = {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.1.1',
    SOPInstanceUID: newUid(),
    StudyInstanceUID: newUid(),
    SeriesInstanceUID: newUid(),
    PatientName: 'Doe^Jane',
    PatientID: `P-${randomUUID().slice(0, 8)}`,
    PatientBirthDate: '19700131',
    PatientSex: 'F',
    StudyID: 'S1',
    StudyDate: '20260131',
    StudyTime: '101500',
    AccessionNumber: 'A1',
    ReferringPhysicianName: 'Referrer^Rita',
    StudyDescription: 'Chest PA',
    Modality: 'DX',
    SeriesNumber: 1,
    SeriesDescription: 'PA',
    BodyPartExamined: 'CHEST',
    ViewPosition: 'PA',
    InstanceNumber: 1,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: 8,
    Columns: 10,
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    WindowCenter: 2048,
    WindowWidth: 4096,
    ...said,
  };
  const number = (keyword: string): number => Number(all[keyword] ?? 1);
  const pixelData = given.pixelData === undefined ? ramp(number('Rows') * number('Columns') * number('NumberOfFrames')) : given.pixelData;
  const bytes = writePart10(dataset(all), { pixelData: pixelData ?? undefined, transferSyntaxUID: given.transferSyntaxUID });
  return asReceived(bytes, all, pixelData ?? Buffer.alloc(0));
}

/** The same file of which one byte of the image is another. */
export function withOtherPixels(instance: TestInstance): TestInstance {
  const bytes = Buffer.from(instance.bytes);
  bytes[bytes.length - 1] ^= 1;
  return { ...instance, bytes, sha256: sha256(bytes) };
}

/** The same instance in Deflated Explicit VR Little Endian (PS3.5 A.5). */
export function deflated(instance: TestInstance): TestInstance {
  const { meta, rest } = split(instance.bytes, DEFLATED);
  const packed = deflateRawSync(rest);
  const bytes = Buffer.concat([meta, packed, Buffer.alloc(packed.length % 2)]);
  return { ...instance, bytes, sha256: sha256(bytes) };
}

/** The same instance, 8 bits a pixel, in RLE Lossless (PS3.5 Annex G): one fragment a frame, literal runs only. */
export function inRle(instance: TestInstance, frameBytes: number): TestInstance {
  const { meta, rest } = split(instance.bytes, '1.2.840.10008.1.2.5');
  const header = rest.subarray(0, rest.length - instance.pixelData.length - 12); // (7FE0,0010), OB, length
  const frames = Array.from({ length: instance.pixelData.length / frameBytes }, (_, i) =>
    rleFrame(instance.pixelData.subarray(i * frameBytes, (i + 1) * frameBytes)),
  );
  const bytes = Buffer.concat([
    meta,
    header,
    Buffer.from('e07f10004f420000ffffffff', 'hex'),
    item(Buffer.alloc(0)),
    ...frames.map(item),
    Buffer.from('feffdde000000000', 'hex'),
  ]);
  return { ...instance, bytes, sha256: sha256(bytes) };
}

/** One-byte samples of a frame as a viewer must get them back. */
export const bytesRamp = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, i) => (i * 7 + (i >> 3)) & 0xff));

function rleFrame(samples: Buffer): Buffer {
  const header = Buffer.alloc(64);
  header.writeUInt32LE(1, 0); // one segment,
  header.writeUInt32LE(64, 4); // right after this header
  const runs: Buffer[] = [];
  for (let at = 0; at < samples.length; at += 128) {
    const run = samples.subarray(at, at + 128);
    runs.push(Buffer.from([run.length - 1]), run);
  }
  const frame = Buffer.concat([header, ...runs]);
  return Buffer.concat([frame, Buffer.alloc(frame.length % 2)]);
}

function item(bytes: Buffer): Buffer {
  const head = Buffer.from('feff00e000000000', 'hex');
  head.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
}

/** The file's two parts, the first made to name another transfer syntax. */
function split(file: Buffer, transferSyntaxUID: string): { meta: Buffer; rest: Buffer } {
  const end = 144 + file.readUInt32LE(140);
  const group = file.subarray(144, end);
  const at = group.indexOf(Buffer.from('02001000', 'hex'));
  const value = Buffer.from(transferSyntaxUID.padEnd(transferSyntaxUID.length + (transferSyntaxUID.length % 2), '\0'), 'latin1');
  const element = Buffer.concat([group.subarray(at, at + 6), Buffer.from([value.length, 0]), value]);
  const other = Buffer.concat([group.subarray(0, at), element, group.subarray(at + 8 + group.readUInt16LE(at + 6))]);
  const head = Buffer.from(file.subarray(0, 144));
  head.writeUInt32LE(other.length, 140);
  return { meta: Buffer.concat([head, other]), rest: file.subarray(end) };
}

function dataset(all: Elements): DicomJson {
  return Object.fromEntries(
    Object.entries(all).map(([keyword, said]): [string, DicomElement] => {
      const at = /^[0-9A-F]{8}$/.test(keyword) ? keyword : tagOf(keyword);
      if (at === undefined) throw new Error(`PS3.6 has no ${keyword}`);
      const vr = vrOf(at).replace('UN', 'LO'); // what PS3.6 does not know is a vendor's text here
      if (said === null) return [at, { vr }];
      if (Buffer.isBuffer(said)) return [at, { vr, InlineBinary: said.toString('base64') }];
      const values = Array.isArray(said) ? (said as DicomValue[]) : [said as DicomValue];
      return [at, { vr, Value: values.map((value) => (vr === 'PN' && typeof value === 'string' ? { Alphabetic: value } : value)) }];
    }),
  );
}

function asReceived(bytes: Buffer, all: Elements, pixelData: Buffer): TestInstance {
  const uids = {
    studyInstanceUID: String(all['StudyInstanceUID']),
    seriesInstanceUID: String(all['SeriesInstanceUID']),
    sopInstanceUID: String(all['SOPInstanceUID']),
    sopClassUID: String(all['SOPClassUID']),
  };
  const path = `/dicom-web/studies/${uids.studyInstanceUID}/series/${uids.seriesInstanceUID}/instances/${uids.sopInstanceUID}`;
  return { bytes, sha256: sha256(bytes), ...uids, pixelData, path };
}

/** 12-bit samples that differ from pixel to pixel and from frame to frame. */
function ramp(pixels: number): Buffer {
  const bytes = Buffer.alloc(pixels * 2);
  for (let i = 0; i < pixels; i++) bytes.writeUInt16LE((i * 37) & 0xfff, i * 2);
  return bytes;
}

export const TRANSFER_SYNTAX = {
  explicitLittleEndian: EXPLICIT_LITTLE_ENDIAN,
  implicitLittleEndian: '1.2.840.10008.1.2',
  deflated: DEFLATED,
  rle: '1.2.840.10008.1.2.5',
} as const;
