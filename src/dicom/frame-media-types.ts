import { EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN, RLE_LOSSLESS } from './transfer-syntaxes.js';

/** A media type of uncompressed or compressed frames with the transfer syntaxes it stands for. */
export interface FrameMediaType {
  readonly mediaType: string;
  /** the first is what the type means without a transfer-syntax parameter */
  readonly transferSyntaxUIDs: readonly string[];
  /** video: one bit stream for all frames */
  readonly video: boolean;
}

const uids = (...suffixes: readonly string[]): string[] => suffixes.map((suffix) => IMPLICIT_VR_LITTLE_ENDIAN + suffix);

/** Bulk data media types of Pixel Data (PS3.18 8.7.3.3.2, Tables 8.7.3-4 and 8.7.3-5). */
export const FRAME_MEDIA_TYPES: readonly FrameMediaType[] = [
  { mediaType: 'application/octet-stream', transferSyntaxUIDs: [EXPLICIT_VR_LITTLE_ENDIAN], video: false },
  { mediaType: 'image/jpeg', transferSyntaxUIDs: uids('.4.70', '.4.50', '.4.51', '.4.57'), video: false },
  { mediaType: 'image/dicom-rle', transferSyntaxUIDs: [RLE_LOSSLESS], video: false },
  { mediaType: 'image/jls', transferSyntaxUIDs: uids('.4.80', '.4.81'), video: false },
  { mediaType: 'image/jp2', transferSyntaxUIDs: uids('.4.90', '.4.91'), video: false },
  { mediaType: 'image/jpx', transferSyntaxUIDs: uids('.4.92', '.4.93'), video: false },
  { mediaType: 'image/jphc', transferSyntaxUIDs: uids('.4.201', '.4.202', '.4.203'), video: false },
  { mediaType: 'image/jxl', transferSyntaxUIDs: uids('.4.110', '.4.111', '.4.112'), video: false },
  { mediaType: 'application/x-deflate', transferSyntaxUIDs: uids('.8.1'), video: false },
  { mediaType: 'video/mpeg2', transferSyntaxUIDs: uids('.4.100', '.4.100.1', '.4.101', '.4.101.1'), video: true },
  {
    mediaType: 'video/mp4',
    transferSyntaxUIDs: uids('.4.102', '.4.102.1', '.4.103', '.4.103.1', '.4.104', '.4.104.1', '.4.105', '.4.105.1', '.4.106', '.4.106.1'),
    video: true,
  },
  { mediaType: 'video/H265', transferSyntaxUIDs: uids('.4.107', '.4.108'), video: true },
];

/** The type that frames of a transfer syntax go out as; octets where the table names none. */
export const frameMediaType = (transferSyntaxUID: string): string =>
  FRAME_MEDIA_TYPES.find(({ transferSyntaxUIDs }) => transferSyntaxUIDs.includes(transferSyntaxUID))?.mediaType ??
  'application/octet-stream';

/** What a media type means without a transfer-syntax parameter, or whether the two go together; undefined where not. */
export function transferSyntaxOf(mediaType: string, transferSyntaxUID: string | undefined): string | undefined {
  const found = FRAME_MEDIA_TYPES.find((one) => one.mediaType.toLowerCase() === mediaType.toLowerCase());
  if (transferSyntaxUID === undefined) return found?.transferSyntaxUIDs[0];
  return found?.transferSyntaxUIDs.includes(transferSyntaxUID) ? transferSyntaxUID : undefined;
}
