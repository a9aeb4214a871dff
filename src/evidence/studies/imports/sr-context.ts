import { firstText, items, type DicomJson } from '../../../dicom/dicom-json.js';
import { EntryMalformed } from './faults.js';
import { instantOf } from './instant.js';
import { fitText, instanceHashOf } from './reading-codes.js';
import { at, observerOf, placeOf, rootOf, type SrItem } from './sr-items.js';

/** A container that says something of one case, and what holds for it from those that it is in. */
export interface SrGroup {
  readonly container: SrItem;
  readonly reader: string | undefined;
  readonly dataset: DicomJson;
}

/** The containers of a document that `says` of, each with its observer context, which those inside have from those around them. @throws EntryMalformed */
export function groupsIn(dataset: DicomJson, says: (container: SrItem) => boolean, what: string): SrGroup[] {
  const found: SrGroup[] = [];
  const visit = (container: SrItem, around: string | undefined): void => {
    const reader = observerOf(container) ?? around;
    if (says(container)) found.push({ container, reader, dataset });
    for (const child of container.children) if (child.valueType === 'CONTAINER') visit(child, reader);
  };
  visit(rootOf(dataset), undefined);
  if (found.length === 0) throw new EntryMalformed('Content item 1', `must hold a ${what}`);
  return found;
}

/** @throws EntryMalformed */
export function readerOf({ container, reader }: SrGroup): string {
  return fitText(placeOf(container), reader, 'its observer: 128775 or 121008 (DCM) of PS3.16 TID 1003');
}

/** The case by the image in its container or, where there is none, the only one that the document has as evidence. @throws EntryMalformed */
export function imageOf({ container, dataset }: SrGroup): { instanceHash: string } {
  const here = container.children.filter(({ valueType }) => valueType === 'IMAGE');
  const uids = here.length > 0 ? here.flatMap((one) => referenced(one.dataset, 'ReferencedSOPSequence')) : evidenceOf(dataset);
  const [uid, another] = new Set(uids);
  const place = here.length > 0 ? placeOf(here[0], 'ReferencedSOPSequence') : '(0040,A375)';
  if (uid === undefined || another !== undefined) throw new EntryMalformed(place, 'must name one image');
  return { instanceHash: instanceHashOf(uid) };
}

const referenced = (dataset: DicomJson, keyword: string): string[] =>
  items(dataset, at(keyword)).map((one) => firstText(one, at('ReferencedSOPInstanceUID')) ?? '');

const evidenceOf = (dataset: DicomJson): string[] =>
  items(dataset, at('CurrentRequestedProcedureEvidenceSequence'))
    .flatMap((study) => items(study, at('ReferencedSeriesSequence')))
    .flatMap((series) => referenced(series, 'ReferencedSOPSequence'));

/** When it was said: the item's or its container's Observation DateTime, or else the document's Content Date and Time. @throws EntryMalformed */
export function momentOf({ container, dataset }: SrGroup, item: SrItem): string {
  const zone = firstText(dataset, at('TimezoneOffsetFromUTC')) ?? '';
  const own = [item, container].find((one) => firstText(one.dataset, at('ObservationDateTime')) !== undefined);
  const said = own && firstText(own.dataset, at('ObservationDateTime'));
  const written = said ?? `${firstText(dataset, at('ContentDate')) ?? ''}${firstText(dataset, at('ContentTime')) ?? ''}`;
  const [, day, clock, fraction = '', offset = zone] = /^(\d{8})(\d{4}(?:\d\d)?)(\.\d{1,6})?([+-]\d{4})?$/.exec(written.trim()) ?? [];
  const [, hours, minutes] = /^([+-]\d\d)(\d\d)$/.exec(offset) ?? [];
  const iso = (): string => {
    const [date, time] = [`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`, clock.match(/../g)?.join(':') ?? ''];
    return `${date}T${time}${clock.length === 6 ? fraction : ''}${hours}:${minutes}`;
  };
  const moment = day === undefined || hours === undefined ? undefined : instantOf(iso());
  if (moment !== undefined) return moment;
  const place = own === undefined ? '(0008,0023), (0008,0033), (0008,0201)' : placeOf(own, 'ObservationDateTime');
  throw new EntryMalformed(place, 'must be a time with its offset from UTC');
}
