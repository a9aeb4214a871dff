import type { DicomJson } from '../dicom/dicom-json.js';
import type { Code } from '../inference/model-card.js';
import { dataElements, line } from './data-elements.js';

/** A concept as the Code Sequence Macro holds it (PS3.3 8.8): coding scheme designator, code value, code meaning. */
export interface CodedConcept {
  readonly scheme: string;
  readonly code: string;
  readonly meaning: string;
}

/** Longest value of a SH: longer codes go to Long Code Value (PS3.3 8.1). */
const LONGEST_CODE_VALUE = 16;

/** The item of a code sequence. */
export function codeItem({ scheme, code, meaning }: CodedConcept): DicomJson {
  return dataElements({
    ...(code.length > LONGEST_CODE_VALUE ? { LongCodeValue: code } : { CodeValue: code }),
    CodingSchemeDesignator: scheme,
    CodeMeaning: line(meaning),
  });
}

export const cardConcept = ({ scheme, code, display }: Code): CodedConcept => ({ scheme, code, meaning: display });
