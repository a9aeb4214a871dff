/** The texts of a bag (BagIt 1.0, RFC 8493): what the writer writes, and what a check reads again. */

/** 2.1.1. */
export const BAG_DECLARATION = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';

export const DECLARATION_FILE = 'bagit.txt';
export const INFO_FILE = 'bag-info.txt';
export const MANIFESTS = { sha256: 'manifest-sha256.txt', sha512: 'manifest-sha512.txt' } as const;
export const TAG_MANIFEST = 'tagmanifest-sha512.txt';
/** Payload. */
export const DATA = 'data/';

/** 2.1.3: CR, LF and the percent sign of a name are percent-encoded, and no other character is. */
export const encodedName = (name: string): string =>
  name.replace(/[%\r\n]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);

/** What `encodedName` encoded. */
export const decodedName = (text: string): string =>
  text.replace(/%(25|0D|0A)/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

/** 2.1.3: a line for each file. @param files  in the order of their names' bytes; digests in hex */
export const manifestText = (files: readonly (readonly [name: string, digest: string])[]): string =>
  files.map(([name, digest]) => `${digest}  ${encodedName(name)}\n`).join('');

/** A line of a manifest that is none. */
export class ManifestLine extends Error {
  constructor(
    readonly line: number,
    why: string,
  ) {
    super(why);
  }
}

/** Digests by name. @param digits  of a digest in hex. Throws ManifestLine. */
export function readManifest(text: string, digits: number): ReadonlyMap<string, string> {
  const digests = new Map<string, string>();
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new ManifestLine(lines.length + 1, 'it has no end');
  for (const [i, line] of lines.entries()) {
    const [, digest, encoded] = /^([0-9a-f]+) {2}(\S.*)$/.exec(line) ?? [];
    if (digest?.length !== digits) throw new ManifestLine(i + 1, 'it is no digest and name');
    const name = decodedName(encoded);
    if (encodedName(name) !== encoded) throw new ManifestLine(i + 1, 'its name is not encoded as RFC 8493 has it');
    if (digests.has(name)) throw new ManifestLine(i + 1, 'its file is named before');
    digests.set(name, digest);
  }
  return digests;
}

/** 2.2.2: how much a payload is, `bytes.files`. */
export const OXUM = 'Payload-Oxum';
export const oxumOf = (bytes: number, files: number): string => `${bytes}.${files}`;

/** A line of bag-info.txt (2.2.2). */
export type InfoLine = readonly [label: string, value: string];

/** Whether a line can be written so that it is read as what it is: no end of line, no blank at its ends. */
export const isInfoLine = ([label, value]: InfoLine): boolean => /^[A-Za-z0-9][A-Za-z0-9-]*$/.test(label) && /^\S(.*\S)?$/.test(value);

export const infoText = (lines: readonly InfoLine[]): string => lines.map(([label, value]) => `${label}: ${value}\n`).join('');
