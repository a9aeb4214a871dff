/** What an R4 string and XHTML cannot hold (R4 datatypes.html#string, XML 1.0 2.2), though a header may. */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const UNWRITABLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

/** Text of a header as FHIR can hold it: what it can't is shown as U+FFFD, never dropped, so that two identifiers stay two. Undefined where blank. */
export function headerText(text: string | undefined): string | undefined {
  return text?.replace(UNWRITABLE, '\uFFFD').toWellFormed().trim() || undefined;
}
