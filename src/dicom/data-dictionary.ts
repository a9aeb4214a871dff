import type { Tag } from './dicom-json.js';
import dictionary from './data-dictionary.json' with { type: 'json' };

/** Tag (or a pattern with `x` for a digit that repeats) → "VR Keyword", made by scripts/generate-dictionary.mjs. */
const ENTRIES: Readonly<Record<string, string>> = dictionary;

/** The patterns of repeating groups and elements (PS3.6, "xx" in the tag): few, so they are tried in turn. */
const PATTERNS: readonly [RegExp, string][] = Object.entries(ENTRIES)
  .filter(([tag]) => tag.includes('x'))
  .map(([tag, entry]) => [new RegExp(`^${tag.replace(/x/g, '[0-9A-F]')}$`), entry]);

const TAGS: ReadonlyMap<string, Tag> = new Map(
  Object.entries(ENTRIES)
    .filter(([tag]) => !tag.includes('x'))
    .map(([tag, entry]) => [entry.slice(3), tag as Tag]), // the generator writes keys in this form
);

/** True for tags of an odd group (PS3.5 7.8). */
export const isPrivate = (tag: string): boolean => (Number.parseInt(tag.slice(0, 4), 16) & 1) === 1;

function entryOf(tag: string): string | undefined {
  const entry = ENTRIES[tag];
  if (entry !== undefined || isPrivate(tag)) return entry;
  if (tag.startsWith('50') || tag.startsWith('60')) return ENTRIES[`${tag.slice(0, 2)}xx${tag.slice(4)}`];
  return PATTERNS.find(([pattern]) => pattern.test(tag))?.[1];
}

/** True for Private Creator elements: odd group, element 0010…00FF (PS3.5 7.8.1). */
export const isPrivateCreator = (tag: string): boolean => isPrivate(tag) && tag.startsWith('00', 4) && tag.slice(6) >= '10';

/**
 * The VR of a tag (PS3.6), as a data set without VRs must be read (PS3.5 A.1): group lengths UL, private creators LO,
 * what is not known UN; OB or OW is OW; US or SS follows Pixel Representation; LUT data is OW.
 * @param pixelRepresentation  value of (0028,0103) that holds for the data set; 1 makes US or SS signed
 */
export function vrOf(tag: string, pixelRepresentation: number = 0): string {
  const entry = entryOf(tag);
  if (entry === undefined) {
    if (tag.endsWith('0000')) return 'UL';
    return isPrivateCreator(tag) ? 'LO' : 'UN';
  }
  const vr = entry.slice(0, 2);
  if (vr === 'xs') return pixelRepresentation === 1 ? 'SS' : 'US';
  return vr === 'ox' || vr === 'lt' ? 'OW' : vr;
}

const EITHER: Readonly<Record<string, readonly string[]>> = { xs: ['US', 'SS'], ox: ['OB', 'OW'], lt: ['US', 'SS', 'OW'] };

/** The VRs that PS3.6 allows a tag; undefined for private and unknown ones, of which it says nothing. */
export function allowedVrs(tag: string): readonly string[] | undefined {
  if (isPrivateCreator(tag)) return ['LO'];
  const vr = isPrivate(tag) ? undefined : entryOf(tag)?.slice(0, 2);
  return vr === undefined ? undefined : (EITHER[vr] ?? [vr]);
}

/** The keyword of a tag (PS3.6); undefined for private and unknown ones. */
export const keywordOf = (tag: string): string | undefined => entryOf(tag)?.slice(3);

/** The tag of a keyword; undefined where PS3.6 has none, and for repeating groups, which have many. */
export const tagOf = (keyword: string): Tag | undefined => TAGS.get(keyword);
