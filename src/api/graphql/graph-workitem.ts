import { firstNumber, firstText, items, tag, type DicomJson } from '../../dicom/dicom-json.js';
import { PERFORMERS, PRIORITY, PROGRESS, READINESS, STUDY_INSTANCE_UID, WORKLIST_LABEL } from '../../worklist/workitem-attributes.js';
import type { ListedWorkitem } from '../../worklist/worklist.js';
import type { PerformerInput } from './mutation-types.js';
import { globalId } from './node-id.js';
import { GraphPriority, GraphReadiness, type GraphPerformer, type GraphWorkitem, type GraphWorkitemState } from './workitem-types.js';

const CODE = tag(0x0008, 0x0100);
const SCHEME = tag(0x0008, 0x0102);
const MEANING = tag(0x0008, 0x0104);
const PERFORMER_CODE = tag(0x0040, 0x4009);
const PERFORMER_ORGANIZATION = tag(0x0040, 0x4036);
const PERFORMER_NAME = tag(0x0040, 0x4037);
const INPUT = tag(0x0040, 0x4021);
const REQUESTS = tag(0x0040, 0xa370);

export function graphWorkitem({ id, workitemUID, state, attributes }: ListedWorkitem): GraphWorkitem {
  const text = (group: number, element: number) => firstText(attributes, tag(group, element));
  return {
    row: id,
    id: globalId('Workitem', workitemUID),
    workitemUID,
    state: state as GraphWorkitemState, // the enum's values are the states
    studyInstanceUID: firstStudy(attributes),
    priority: oneOf(GraphPriority, firstText(attributes, PRIORITY)),
    readiness: oneOf(GraphReadiness, firstText(attributes, READINESS)),
    label: text(0x0074, 0x1204) ?? '',
    worklistLabel: firstText(attributes, WORKLIST_LABEL) ?? '',
    scheduledStart: text(0x0040, 0x4005) ?? '',
    patientID: text(0x0010, 0x0020) ?? null,
    patientName: text(0x0010, 0x0010) ?? null,
    accessionNumber: items(attributes, REQUESTS).flatMap((item) => firstText(item, tag(0x0008, 0x0050)) ?? [])[0] ?? null,
    performers: items(attributes, PERFORMERS).map(performer),
    progress: items(attributes, PROGRESS).flatMap((item) => firstNumber(item, tag(0x0074, 0x1004)) ?? [])[0] ?? null,
  };
}

const oneOf = <Value extends string>(values: Readonly<Record<string, Value>>, text: string | undefined): Value | null =>
  Object.values(values).find((one) => one === text) ?? null;

/** The study that it works on: where its input lies (PS3.3 C.30.2), else the one that it is itself said to be of. */
const firstStudy = (attributes: DicomJson): string | null =>
  items(attributes, INPUT).flatMap((item) => firstText(item, STUDY_INSTANCE_UID) ?? [])[0] ??
  firstText(attributes, STUDY_INSTANCE_UID) ??
  null;

function performer(item: DicomJson): GraphPerformer {
  const [code = {}] = items(item, PERFORMER_CODE);
  return {
    code: firstText(code, CODE) ?? '',
    scheme: firstText(code, SCHEME) ?? '',
    meaning: firstText(code, MEANING) ?? '',
    name: firstText(item, PERFORMER_NAME) ?? null,
    organization: firstText(item, PERFORMER_ORGANIZATION) ?? null,
  };
}

/** One performer, as an attribute of a workitem (PS3.3 Table C.30.1-1, Scheduled Human Performers Sequence). */
export const performersAttribute = ({ code, scheme, meaning, name, organization }: PerformerInput): DicomJson => ({
  [PERFORMERS]: {
    vr: 'SQ',
    Value: [
      {
        [PERFORMER_CODE]: {
          vr: 'SQ',
          Value: [
            {
              [CODE]: { vr: 'SH', Value: [code] },
              [SCHEME]: { vr: 'SH', Value: [scheme] },
              [MEANING]: { vr: 'LO', Value: [meaning] },
            },
          ],
        },
        [PERFORMER_ORGANIZATION]: { vr: 'LO', ...(organization == null ? {} : { Value: [organization] }) },
        [PERFORMER_NAME]: { vr: 'PN', ...(name == null ? {} : { Value: [{ Alphabetic: name }] }) },
      },
    ],
  },
});
