import { checkedElement } from '../dicom/checked-element.js';
import { vrOf } from '../dicom/data-dictionary.js';
import type { DicomElement, Tag } from '../dicom/dicom-json.js';
import type { DicomJsonChange } from '../dicom/dicom-json-reader.js';
import type { AttributeChange } from './attribute-change.js';
import { levelOf, type Level } from './attribute-levels.js';
import { AttributeNotChangeable, AttributeOfOtherLevel, NothingToChange } from './change-faults.js';

/** Groups and elements that no change reaches, with why. */
const NOT_CHANGEABLE: readonly RegExp[] = [
  /^000[0246]/, // of messages and files (PS3.7 E, PS3.10 7.1, 8.6)
  /0000$/, // group lengths, retired
  /^00080005$/, // what is sent is UTF-8
  /^00080056$|^0008006[12]$|^00081190$|^002012(0[024689])$/, // the server's own answers (PS3.4 C.3.4)
  /^002800(0[2-8]|1[0-2])$|^0028010[0-3]$/, // Image Pixel module: how many samples of how many bits (PS3.3 C.7.6.3)
  /^00281[12]\d\d$/, // palettes: what its numbers mean (PS3.3 C.7.9)
  /^60..(001[0-5]|005[01]|0100|0102|3000)$/, // overlay planes: how their bits lie (PS3.3 C.9.2)
  /^52009230$/, // an item for each frame
  /^04000(55[01]|56[1-5])$/, // what was there before, which a change adds to
  /^7F[E-F]/, // Pixel Data and its offset tables
  /^FFF/, // padding, items, delimiters
];

/**
 * A change that came from outside, as it is kept. Identifiers stay what they are: references from other objects, the stored
 * bytes and the index hold on to them.
 * @throws NothingToChange, AttributeNotChangeable, AttributeOfOtherLevel, and what `checkedElement` throws
 */
export function checkedChange(asked: DicomJsonChange, level: Level): AttributeChange {
  const entries = Object.entries(asked);
  if (entries.length === 0) throw new NothingToChange();
  return Object.fromEntries(
    entries.map(([key, element]): [string, DicomElement | null] => {
      const at = key as Tag; // the reader's keys are tags
      if (vrOf(at) === 'UI' || NOT_CHANGEABLE.some((one) => one.test(at))) throw new AttributeNotChangeable(at);
      const own = levelOf(at);
      if (own !== level) throw new AttributeOfOtherLevel(at, own);
      return [at, element === null ? null : checkedElement(at, element)];
    }),
  );
}
