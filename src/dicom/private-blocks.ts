import type { DicomJson, Tag } from './dicom-json.js';
import { firstText } from './dicom-json.js';
import { UnwritableValue } from './faults.js';

/**
 * The tag of a private element that is named by its creator (PS3.19 Table A.1.5-2: `ggggxxee` with xx as 00): in the block
 * which that creator holds in the data set; of several the first that has no such element yet, or the one that the tag
 * names all the same. Where it holds none, the first free one becomes its (PS3.5 7.8.1).
 */
export function privateTag(at: Tag, creator: string, dataset: DicomJson): Tag {
  const group = at.slice(0, 4);
  if (Number.parseInt(group, 16) % 2 === 0) throw new UnwritableValue('only private elements have a creator', at);
  const held = (block: number): Tag => `${group}00${hex(block)}` as Tag; // a creator's element
  if (firstText(dataset, held(Number.parseInt(at.slice(4, 6), 16))) === creator) return at;
  let free: number | undefined;
  for (let block = 0x10; block <= 0xff; block++) {
    const owner = dataset[held(block)];
    if (owner === undefined) free ??= block;
    else if (firstText(dataset, held(block)) === creator && !(inBlock(at, block) in dataset)) return inBlock(at, block);
  }
  if (free === undefined) throw new UnwritableValue('its group has no free block', at);
  dataset[held(free)] = { vr: 'LO', Value: [creator] };
  return inBlock(at, free);
}

const inBlock = (at: Tag, block: number): Tag => `${at.slice(0, 4)}${hex(block)}${at.slice(6)}` as Tag; // made of a tag's digits
const hex = (number: number): string => number.toString(16).toUpperCase().padStart(2, '0');
