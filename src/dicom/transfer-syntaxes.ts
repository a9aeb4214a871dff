import type { Encoding } from './encoding.js';
import { EXPLICIT_BIG_ENDIAN, EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from './encoding.js';

/** How a transfer syntax writes the data set and its pixel data (PS3.5 section 10 and Annex A). */
export interface TransferSyntax {
  readonly uid: string;
  /** Name in PS3.6 Table A-1, without its comments. */
  readonly name: string;
  readonly encoding: Encoding;
  readonly explicit: boolean;
  readonly littleEndian: boolean;
  /** The whole data set is one raw deflate stream (PS3.5 A.5). */
  readonly deflated: boolean;
  /** Pixel Data is a sequence of fragments (PS3.5 A.4). */
  readonly encapsulated: boolean;
  /** Pixel Data is one bit stream for all frames: they cannot be taken out one by one. */
  readonly video: boolean;
}

export const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const EXPLICIT_VR_BIG_ENDIAN = '1.2.840.10008.1.2.2';
export const RLE_LOSSLESS = '1.2.840.10008.1.2.5';

const NATIVE: readonly [suffix: string, name: string, encoding: Encoding, deflated?: 'deflated'][] = [
  ['', 'Implicit VR Little Endian', IMPLICIT_LITTLE_ENDIAN],
  ['.1', 'Explicit VR Little Endian', EXPLICIT_LITTLE_ENDIAN],
  ['.1.99', 'Deflated Explicit VR Little Endian', EXPLICIT_LITTLE_ENDIAN, 'deflated'],
  ['.2', 'Explicit VR Big Endian', EXPLICIT_BIG_ENDIAN],
];

const ENCAPSULATED: readonly [suffix: string, name: string][] = [
  ['.1.98', 'Encapsulated Uncompressed Explicit VR Little Endian'],
  ['.4.50', 'JPEG Baseline (Process 1)'],
  ['.4.51', 'JPEG Extended (Process 2 & 4)'],
  ['.4.52', 'JPEG Extended (Process 3 & 5)'],
  ['.4.53', 'JPEG Spectral Selection, Non-Hierarchical (Process 6 & 8)'],
  ['.4.54', 'JPEG Spectral Selection, Non-Hierarchical (Process 7 & 9)'],
  ['.4.55', 'JPEG Full Progression, Non-Hierarchical (Process 10 & 12)'],
  ['.4.56', 'JPEG Full Progression, Non-Hierarchical (Process 11 & 13)'],
  ['.4.57', 'JPEG Lossless, Non-Hierarchical (Process 14)'],
  ['.4.58', 'JPEG Lossless, Non-Hierarchical (Process 15)'],
  ['.4.59', 'JPEG Extended, Hierarchical (Process 16 & 18)'],
  ['.4.60', 'JPEG Extended, Hierarchical (Process 17 & 19)'],
  ['.4.61', 'JPEG Spectral Selection, Hierarchical (Process 20 & 22)'],
  ['.4.62', 'JPEG Spectral Selection, Hierarchical (Process 21 & 23)'],
  ['.4.63', 'JPEG Full Progression, Hierarchical (Process 24 & 26)'],
  ['.4.64', 'JPEG Full Progression, Hierarchical (Process 25 & 27)'],
  ['.4.65', 'JPEG Lossless, Hierarchical (Process 28)'],
  ['.4.66', 'JPEG Lossless, Hierarchical (Process 29)'],
  ['.4.70', 'JPEG Lossless, Non-Hierarchical, First-Order Prediction (Process 14 [Selection Value 1])'],
  ['.4.80', 'JPEG-LS Lossless Image Compression'],
  ['.4.81', 'JPEG-LS Lossy (Near-Lossless) Image Compression'],
  ['.4.90', 'JPEG 2000 Image Compression (Lossless Only)'],
  ['.4.91', 'JPEG 2000 Image Compression'],
  ['.4.92', 'JPEG 2000 Part 2 Multi-component Image Compression (Lossless Only)'],
  ['.4.93', 'JPEG 2000 Part 2 Multi-component Image Compression'],
  ['.4.110', 'JPEG XL Lossless'],
  ['.4.111', 'JPEG XL JPEG Recompression'],
  ['.4.112', 'JPEG XL'],
  ['.4.201', 'High-Throughput JPEG 2000 Image Compression (Lossless Only)'],
  ['.4.202', 'High-Throughput JPEG 2000 with RPCL Options Image Compression (Lossless Only)'],
  ['.4.203', 'High-Throughput JPEG 2000 Image Compression'],
  ['.5', 'RLE Lossless'],
  ['.8.1', 'Deflated Image Frame Compression'],
];

const VIDEO: readonly [suffix: string, name: string][] = [
  ['.4.100', 'MPEG2 Main Profile / Main Level'],
  ['.4.100.1', 'Fragmentable MPEG2 Main Profile / Main Level'],
  ['.4.101', 'MPEG2 Main Profile / High Level'],
  ['.4.101.1', 'Fragmentable MPEG2 Main Profile / High Level'],
  ['.4.102', 'MPEG-4 AVC/H.264 High Profile / Level 4.1'],
  ['.4.102.1', 'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1'],
  ['.4.103', 'MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1'],
  ['.4.103.1', 'Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1'],
  ['.4.104', 'MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video'],
  ['.4.104.1', 'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video'],
  ['.4.105', 'MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video'],
  ['.4.105.1', 'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video'],
  ['.4.106', 'MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2'],
  ['.4.106.1', 'Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2'],
  ['.4.107', 'HEVC/H.265 Main Profile / Level 5.1'],
  ['.4.108', 'HEVC/H.265 Main 10 Profile / Level 5.1'],
  ['.7.1', 'SMPTE ST 2110-20 Uncompressed Progressive Active Video'],
  ['.7.2', 'SMPTE ST 2110-20 Uncompressed Interlaced Active Video'],
  ['.7.3', 'SMPTE ST 2110-30 PCM Digital Audio'],
];

function syntax(
  suffix: string,
  name: string,
  encoding: Encoding,
  form: { deflated?: boolean; encapsulated?: boolean; video?: boolean },
): [string, TransferSyntax] {
  const uid = IMPLICIT_VR_LITTLE_ENDIAN + suffix;
  const { deflated = false, encapsulated = false, video = false } = form;
  return [uid, { uid, name, encoding, ...encoding, deflated, encapsulated, video }];
}

/** Every transfer syntax of PS3.6 Table A-1 that a Part 10 file can have, by UID. */
export const TRANSFER_SYNTAXES: ReadonlyMap<string, TransferSyntax> = new Map([
  ...NATIVE.map(([suffix, name, encoding, deflated]) => syntax(suffix, name, encoding, { deflated: deflated !== undefined })),
  ...ENCAPSULATED.map(([suffix, name]) => syntax(suffix, name, EXPLICIT_LITTLE_ENDIAN, { encapsulated: true })),
  ...VIDEO.map(([suffix, name]) => syntax(suffix, name, EXPLICIT_LITTLE_ENDIAN, { encapsulated: true, video: true })),
]);

/** The transfer syntax of that UID; undefined where PS3.6 knows none. */
export const transferSyntax = (uid: string): TransferSyntax | undefined => TRANSFER_SYNTAXES.get(uid);
