/** The order of a package's entries: that of their names' UTF-8 bytes. */
export const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** A name that an archive must not have, and why. */
export interface NameTrouble {
  readonly name: string;
  readonly why: string;
}

const LONGEST_NAME = 1_000;
/** Of most file systems, bytes. */
const LONGEST_PART = 255;
// oxlint-disable-next-line no-control-regex -- these are what is refused
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/**
 * The first of the names that would not be unpacked to the same file by everyone: that leads out of the folder, has characters that no
 * Windows file may have, or is another's in other letters (case, Unicode form), as file or as folder. Undefined: all are fit.
 */
export function nameTrouble(names: Iterable<string>): NameTrouble | undefined {
  const spelt = new Map<string, { readonly spelling: string; readonly isFile: boolean }>();
  for (const name of names) {
    const why = whyUnfit(name) ?? whyClashing(name, spelt);
    if (why !== undefined) return { name, why };
  }
  return undefined;
}

function whyUnfit(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (!name.isWellFormed()) return 'it is no Unicode text';
  if (name.normalize('NFC') !== name) return 'it is not in Unicode form NFC';
  if (Buffer.byteLength(name) > LONGEST_NAME) return `it is longer than ${LONGEST_NAME} bytes`;
  if (CONTROL.test(name)) return 'it has a control character';
  if (name.startsWith('/')) return 'it is absolute';
  if (name.includes('\\')) return 'it has a backslash';
  if (/[<>:"|?*]/.test(name)) return 'it has a character that Windows takes in no name';
  return name.split('/').map(whyPartUnfit).find(Boolean);
}

function whyPartUnfit(part: string): string | undefined {
  if (part === '') return 'a part of it is empty';
  if (part === '.' || part === '..') return 'it leads to another folder';
  if (/[. ]$/.test(part)) return 'a part of it ends with a dot or a blank';
  if (WINDOWS_DEVICE.test(part)) return 'a part of it is a device of Windows';
  return Buffer.byteLength(part) > LONGEST_PART ? `a part of it is longer than ${LONGEST_PART} bytes` : undefined;
}

/** @param spelt  every file and folder before, by its name without case and form; this one's are put in */
function whyClashing(name: string, spelt: Map<string, { readonly spelling: string; readonly isFile: boolean }>): string | undefined {
  for (let end = name.indexOf('/'); ; end = name.indexOf('/', end + 1)) {
    const spelling = end < 0 ? name : name.slice(0, end);
    const isFile = end < 0;
    const key = spelling.normalize('NFKC').toUpperCase().toLowerCase();
    const other = spelt.get(key);
    if (other !== undefined && other.spelling !== spelling) return `it differs from ${other.spelling} in case or Unicode form only`;
    if (other !== undefined && (isFile || other.isFile)) return other.isFile && isFile ? 'it is there twice' : 'it is a file and a folder';
    spelt.set(key, { spelling, isFile });
    if (isFile) return undefined;
  }
}
