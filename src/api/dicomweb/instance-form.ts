import type { StoredInstanceRow } from '../../archive/retrieve.sql.js';
import { EXPLICIT_VR_BIG_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN } from '../../dicom/transfer-syntaxes.js';

/** In the place of a transfer syntax: the bytes as received. */
export const AS_STORED = '';

/** Already lossy, or no codec undoes it: the default transfer syntax is not due for these (PS3.5 10.1, PS3.18 8.7.3.4). */
const STAYS_COMPRESSED = /^1\.2\.840\.10008\.1\.2\.(4\.(5\d|6[0-6]|81|91|93|10\d(\.1)?|11[12]|203)|7\.\d)$/;
const LOSSLESS_JPEG = new Set(['1.2.840.10008.1.2.4.57', '1.2.840.10008.1.2.4.58']);

/**
 * The transfer syntax that an instance is given in, or AS_STORED. Where none was asked for that is the default, Explicit VR
 * Little Endian, unless the stored one is lossy or video; a bare range (`*` + `/*`, no Accept) leaves it as it is.
 */
export function formOf({ transferSyntaxUID, revision }: StoredInstanceRow, asked: string | undefined): string {
  const stays = STAYS_COMPRESSED.test(transferSyntaxUID) && !LOSSLESS_JPEG.has(transferSyntaxUID);
  const wanted = asked === '*' || (asked === undefined && stays) ? transferSyntaxUID : (asked ?? EXPLICIT_VR_LITTLE_ENDIAN);
  if (wanted !== transferSyntaxUID) return wanted;
  if (revision === 0) return AS_STORED;
  return wanted === EXPLICIT_VR_BIG_ENDIAN ? EXPLICIT_VR_LITTLE_ENDIAN : wanted; // a file that is written anew is never big endian
}
