import { PIXEL_DATA } from '../../dicom/bulk-data.js';
import type { DicomJson } from '../../dicom/dicom-json.js';
import { firstNumber, firstText, tag } from '../../dicom/dicom-json.js';
import { UnsupportedTransferSyntax } from '../../dicom/faults.js';
import { EXPLICIT_VR_LITTLE_ENDIAN, transferSyntax, type TransferSyntax } from '../../dicom/transfer-syntaxes.js';
import type { BulkPart } from './bulk-parts.js';

const TRANSFER_SYNTAX_UID = tag(0x0002, 0x0010);
const AVAILABLE_TRANSFER_SYNTAX_UID = tag(0x0008, 0x3002);
/** Transfer syntax that a media type stands for without its parameter (PS3.18 Table 8.7.3-5). */
const OF_MEDIA_TYPE: ReadonlyMap<string, string> = new Map([
  ['image/jpeg', '1.2.840.10008.1.2.4.70'],
  ['image/dicom-rle', '1.2.840.10008.1.2.5'],
  ['image/x-dicom-rle', '1.2.840.10008.1.2.5'],
  ['image/jls', '1.2.840.10008.1.2.4.80'],
  ['image/x-jls', '1.2.840.10008.1.2.4.80'],
  ['image/jp2', '1.2.840.10008.1.2.4.90'],
  ['image/jpx', '1.2.840.10008.1.2.4.92'],
  ['image/jphc', '1.2.840.10008.1.2.4.201'],
  ['image/jxl', '1.2.840.10008.1.2.4.110'],
  ['video/mpeg2', '1.2.840.10008.1.2.4.100'],
  ['video/mpeg', '1.2.840.10008.1.2.4.100'],
  ['video/mp4', '1.2.840.10008.1.2.4.102'],
  ['video/h265', '1.2.840.10008.1.2.4.107'],
]);

/**
 * The transfer syntax of an instance that came as metadata and bulk data. Who names it wins in this order: the media type's
 * parameter, (0002,0010), a compressed media type itself, (0008,3002); nobody: Explicit VR Little Endian. Bytes that are as
 * many as native pixels have, in a media type that says no more, are native, whatever the metadata says of another copy.
 * Native pixels are written in Explicit VR Little Endian, as PS3.18 8.7.3 has no other for web services.
 * @param parts  of its Pixel Data; none where it has none, or has it inline
 * @throws UnsupportedTransferSyntax  PS3.6 does not know it, or it is none of the media type's
 */
export function pixelSyntax(dataset: DicomJson, parts: readonly BulkPart[]): TransferSyntax {
  const part: BulkPart | undefined = parts[0];
  const transferSyntaxUID = part?.transferSyntaxUID;
  const ofMediaType = part?.ownSyntaxUID ?? OF_MEDIA_TYPE.get(part?.mediaType ?? '');
  const named = firstText(dataset, TRANSFER_SYNTAX_UID);
  if (named !== undefined) known(named);
  if (transferSyntaxUID === undefined && ofMediaType === undefined && isNative(dataset, parts)) return known(EXPLICIT_VR_LITTLE_ENDIAN);
  const syntax = known(
    transferSyntaxUID ?? named ?? ofMediaType ?? firstText(dataset, AVAILABLE_TRANSFER_SYNTAX_UID) ?? EXPLICIT_VR_LITTLE_ENDIAN,
  );
  if (ofMediaType !== undefined && !syntax.encapsulated) throw new UnsupportedTransferSyntax();
  return syntax.encapsulated && dataset[PIXEL_DATA] !== undefined ? syntax : known(EXPLICIT_VR_LITTLE_ENDIAN);
}

function known(uid: string): TransferSyntax {
  const syntax = transferSyntax(uid);
  if (syntax === undefined) throw new UnsupportedTransferSyntax();
  return syntax;
}

function isNative(dataset: DicomJson, parts: readonly BulkPart[]): boolean {
  const number = (group: number, element: number): number => firstNumber(dataset, tag(group, element)) ?? NaN;
  const samples = number(0x0028, 0x0002) * number(0x0028, 0x0010) * number(0x0028, 0x0011);
  const frames = firstNumber(dataset, tag(0x0028, 0x0008)) ?? 1;
  const bytes = Math.ceil((samples * frames * number(0x0028, 0x0100)) / 8);
  const [part] = parts;
  return parts.length === 1 && (part.spooled.length === bytes || part.spooled.length === bytes + (bytes % 2));
}
