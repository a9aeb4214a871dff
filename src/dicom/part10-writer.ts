import { bulkDataUri, PIXEL_DATA } from './bulk-data.js';
import { writeDataSet } from './data-set-writer.js';
import type { DicomJson, Tag } from './dicom-json.js';
import { firstNumber, firstText, tag } from './dicom-json.js';
import type { Encoding } from './encoding.js';
import { EXPLICIT_LITTLE_ENDIAN } from './encoding.js';
import { MissingUid, UnsupportedTransferSyntax } from './faults.js';
import { EXPLICIT_VR_LITTLE_ENDIAN, transferSyntax } from './transfer-syntaxes.js';
import { sopClassUID, sopInstanceUID } from './uid.js';

/** Names this writer in every file it makes (PS3.7 D.3.3.2): made from a UUID (PS3.5 B.2), never to change. */
export const IMPLEMENTATION_CLASS_UID = '2.25.45381333123642100525914003096300775239';
export const IMPLEMENTATION_VERSION_NAME = 'WETREAD';

const SPECIFIC_CHARACTER_SET = tag(0x0008, 0x0005);
const SOP_CLASS_UID = tag(0x0008, 0x0016);
const SOP_INSTANCE_UID = tag(0x0008, 0x0018);
const BITS_ALLOCATED = tag(0x0028, 0x0100);
const FILE_META_GROUP_LENGTH = Buffer.from([0x02, 0, 0, 0, 0x55, 0x4c, 4, 0]);

export interface Part10WriterOptions {
  /** Explicit VR Little Endian unless said otherwise; any little endian syntax whose Pixel Data is native. */
  readonly transferSyntaxUID?: string;
  /** Native Pixel Data, little endian; takes the place of (7FE0,0010) in the data set. */
  readonly pixelData?: Uint8Array;
}

/**
 * A DICOM file (PS3.10 section 7) of one instance: preamble, File Meta Information, data set in UTF-8.
 * @param dataset  with SOP Class UID and SOP Instance UID; elements of group 0002 and group lengths are left out
 * @throws MissingUid, MalformedUid  SOP Class or SOP Instance UID
 * @throws UnwritableValue  a value its VR cannot hold, or one that is only a BulkDataURI
 * @throws UnsupportedTransferSyntax  a big endian, deflated or encapsulated one
 */
export function writePart10(dataset: DicomJson, options: Part10WriterOptions = {}): Buffer {
  const syntax = transferSyntax(options.transferSyntaxUID ?? EXPLICIT_VR_LITTLE_ENDIAN);
  if (syntax === undefined || syntax.deflated || syntax.encapsulated || !syntax.littleEndian) throw new UnsupportedTransferSyntax();
  return Buffer.concat([part10Header(dataset, syntax.uid), dataSetBytes(dataset, syntax.encoding, options.pixelData)]);
}

/**
 * What stands before the data set in a DICOM file (PS3.10 7.1): preamble, prefix, File Meta Information.
 * @param transferSyntaxUID  that of the data set which follows; any that PS3.6 knows
 * @throws MissingUid, MalformedUid  SOP Class or SOP Instance UID
 * @throws UnsupportedTransferSyntax  PS3.6 does not know it
 */
export function part10Header(dataset: DicomJson, transferSyntaxUID: string): Buffer {
  if (transferSyntax(transferSyntaxUID) === undefined) throw new UnsupportedTransferSyntax();
  const meta = writeDataSet(fileMeta(dataset, transferSyntaxUID), EXPLICIT_LITTLE_ENDIAN);
  const groupLength = Buffer.alloc(4);
  groupLength.writeUInt32LE(meta.length);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM', 'latin1'), FILE_META_GROUP_LENGTH, groupLength, meta]);
}

function fileMeta(dataset: DicomJson, transferSyntaxUID: string): DicomJson {
  return {
    '00020001': { vr: 'OB', InlineBinary: 'AAE=' }, // version 1: bytes 00 01
    '00020002': { vr: 'UI', Value: [sopClassUID(required(dataset, SOP_CLASS_UID), SOP_CLASS_UID)] },
    '00020003': { vr: 'UI', Value: [sopInstanceUID(required(dataset, SOP_INSTANCE_UID), SOP_INSTANCE_UID)] },
    '00020010': { vr: 'UI', Value: [transferSyntaxUID] },
    '00020012': { vr: 'UI', Value: [IMPLEMENTATION_CLASS_UID] },
    '00020013': { vr: 'SH', Value: [IMPLEMENTATION_VERSION_NAME] },
  };
}

function required(dataset: DicomJson, at: Tag): string {
  const text = firstText(dataset, at);
  if (text === undefined) throw new MissingUid(at);
  return text;
}

function dataSetBytes(dataset: DicomJson, encoding: Encoding, pixelData: Uint8Array | undefined): Buffer {
  if (pixelData === undefined) return writeDataSet(inUtf8(dataset), encoding);
  const vr = (firstNumber(dataset, BITS_ALLOCATED) ?? 0) > 8 ? 'OW' : 'OB'; // PS3.5 8.2: OB only up to 8 bits
  const image = { ...inUtf8(dataset), [PIXEL_DATA]: { vr, BulkDataURI: bulkDataUri(PIXEL_DATA) } };
  return writeDataSet(image, encoding, (_, at) => (at === PIXEL_DATA ? pixelData : undefined));
}

/** The data set as a file holds it: no File Meta Information in it, and its text in UTF-8. */
export const inUtf8 = (dataset: DicomJson): DicomJson => ({
  ...Object.fromEntries(Object.entries(dataset).filter(([at]) => !at.startsWith('0002'))),
  [SPECIFIC_CHARACTER_SET]: { vr: 'CS', Value: ['ISO_IR 192'] },
});
