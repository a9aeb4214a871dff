import { firstText, items, tag, type DicomJson, type Tag } from '../dicom/dicom-json.js';

/** The sequence of the requests a series was made for (0040,0275). */
export const REQUEST_ATTRIBUTES = tag(0x0040, 0x0275);
/** What identifies a request in its items (PS3.18 table 10.6.3-4): accession, scheduled step, requested procedure. */
export const OF_A_REQUEST: readonly Tag[] = [tag(0x0008, 0x0050), tag(0x0040, 0x0009), tag(0x0040, 0x1001)];

/** How the index writes one identifier of a request. */
export const requestEntry = (at: string, value: string): string => `${at}=${value}`;

/** The identifiers of all requests of a data set, parted by backslashes, which no value holds (PS3.5 6.2). */
export const requestsOf = (dataset: DicomJson): string =>
  items(dataset, REQUEST_ATTRIBUTES)
    .flatMap((item) =>
      OF_A_REQUEST.flatMap((at) => {
        const value = firstText(item, at);
        return value === undefined ? [] : [requestEntry(at, value)];
      }),
    )
    .join('\\');
