const SYSTEM = 'urn:wetread:codesystem:reading';
const own = (code: string) => ({ coding: [{ system: SYSTEM, code }] });
const identified = (system: string, value: string) => ({ identifier: { system, value } });
export const caseNamed = (key: string) => identified('urn:wetread:case', key);

/** A reading of C0001 by R1; undefined leaves an element out. */
export const aReadingObservation = (said: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: own('rating'),
  subject: caseNamed('C0001'),
  performer: [identified('urn:wetread:reader', 'R1')],
  method: own('unaided'),
  effectiveDateTime: '2026-03-02T10:15:30+01:00',
  valueInteger: 4,
  component: [{ code: own('clinical-action'), valueBoolean: true }],
  ...said,
});

export const readerNamed = (key: string) => [identified('urn:wetread:reader', key)];
export const arm = (name: string) => own(name);
/** What makes it one of a case that could not be read. */
export const UNREAD = { valueInteger: undefined, component: undefined, dataAbsentReason: { text: 'Motion' } };

export const aLabelObservation = (key: string, said: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: own('label'),
  subject: caseNamed(key),
  method: { text: 'biopsy' },
  valueBoolean: true,
  ...said,
});

export const bundleOf = (...resources: readonly object[]) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
});
