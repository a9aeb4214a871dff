import type { Tag } from './dicom-json.js';

/** Against the standard, but the instance can be read for what it is. */
export type WarningCode =
  | 'meta-group-length-wrong'
  | 'meta-group-length-missing'
  | 'meta-uid-differs'
  | 'encoding-not-as-transfer-syntax'
  | 'vr-unknown'
  | 'vr-un-resolved'
  | 'odd-length'
  | 'length-not-whole-values'
  | 'elements-out-of-order'
  | 'duplicate-element'
  | 'delimiter-with-length'
  | 'uid-leading-zero'
  | 'value-not-a-number'
  | 'nul-in-text'
  | 'character-set-unknown'
  | 'character-set-combination'
  | 'text-not-in-character-set'
  | 'trailing-garbage'
  | 'number-of-frames-invalid'
  | 'offset-table-wrong'
  | 'offset-table-too-large'
  | 'frames-missing'
  | 'frames-not-located'
  | 'pixel-data-form'
  | 'pixel-data-length'
  | MetadataWarningCode;

/** The same of metadata that a file was made of. */
export type MetadataWarningCode = 'decimal-string-rounded' | 'value-not-of-its-vr' | 'wrong-vr';

export interface Warning {
  readonly code: WarningCode;
  readonly tag?: Tag;
  readonly byteOffset?: number;
}

/** A file full of oddities must not make an answer full of them. */
const MOST_WARNINGS = 100;

/** What a reader noticed. The place is set as it goes, so that whoever notices something need not carry it. */
export class ReadingNotes {
  readonly warnings: Warning[] = [];
  tag: Tag | undefined;
  byteOffset: number | undefined;

  /** Of the file, not of one element. */
  warnOfFile(code: WarningCode): void {
    if (!this.warnings.some((warning) => warning.code === code)) this.warnings.push({ code });
  }

  /** Once for each code and tag, however many items repeat it. */
  warn(code: WarningCode, tag: Tag | undefined = this.tag): void {
    if (this.warnings.length >= MOST_WARNINGS) return;
    if (this.warnings.some((warning) => warning.code === code && warning.tag === tag)) return;
    this.warnings.push({
      code,
      ...(tag !== undefined && { tag }),
      ...(this.byteOffset !== undefined && { byteOffset: this.byteOffset }),
    });
  }

  get place(): { readonly tag: Tag | undefined; readonly byteOffset: number | undefined } {
    return { tag: this.tag, byteOffset: this.byteOffset };
  }
}
