import { firstText, items, type DicomJson, type Tag } from '../dicom/dicom-json.js';
import { isUid } from '../dicom/uid.js';
import {
  BadAttributeValue,
  FinalStateUnmet,
  InconsistentState,
  MissingAttributes,
  NotScheduled,
  UnchangeableAttributes,
  WrongTransaction,
} from './faults.js';
import {
  dateTime,
  EMPTY_ON_CREATION,
  ENUMERATED,
  FIXED_AFTER_CREATION,
  hasValue,
  MODIFIED,
  PRESENT_ON_CREATION,
  REQUIRED_ON_CREATION,
  REQUIRED_WHEN,
  SOP_CLASS_UID,
  SOP_INSTANCE_UID,
  STATE,
  TRANSACTION_UID,
  UPS_PUSH,
  WORKLIST_LABEL,
  type WorkitemState,
} from './workitem-attributes.js';

const DEFAULT_WORKLIST_LABEL = 'DEFAULT';

/**
 * A workitem as it is kept, made of what a client sent (N-CREATE, PS3.4 CC.2.5).
 * @returns `modified`: attributes that must be there were missing and are created empty (status B300)
 * @throws MissingAttributes, BadAttributeValue, NotScheduled
 */
export function createdWorkitem(sent: DicomJson, workitemUID: string, now: Date): { attributes: DicomJson; modified: boolean } {
  const missing = REQUIRED_ON_CREATION.filter((tag) => !hasValue(sent, tag));
  if (missing.length > 0) throw new MissingAttributes(missing);
  if (firstText(sent, STATE) !== 'SCHEDULED') throw new NotScheduled();
  for (const tag of EMPTY_ON_CREATION) if (hasValue(sent, tag)) throw new BadAttributeValue(tag, 'must be empty on creation');
  requireEnumerated(sent);
  const { [TRANSACTION_UID]: _, ...kept } = sent;
  const absent = Object.entries(PRESENT_ON_CREATION).filter(([tag]) => sent[tag] === undefined);
  const attributes: DicomJson = {
    ...Object.fromEntries(absent.map(([tag, vr]) => [tag, { vr }])),
    ...kept,
    [SOP_CLASS_UID]: { vr: 'UI', Value: [UPS_PUSH] },
    [SOP_INSTANCE_UID]: { vr: 'UI', Value: [workitemUID] },
    [MODIFIED]: dateTime(now),
  };
  const labelled = hasValue(sent, WORKLIST_LABEL);
  if (!labelled) attributes[WORKLIST_LABEL] = { vr: 'LO', Value: [DEFAULT_WORKLIST_LABEL] };
  return { attributes, modified: absent.length > 0 || !labelled };
}

/**
 * A workitem after an update (N-SET, PS3.4 CC.2.6): what was sent takes the place of what was there, sequences as a whole.
 * @param transactionUID  the one kept; null while nobody has taken the workitem
 * @throws InconsistentState, WrongTransaction, UnchangeableAttributes, MissingAttributes, BadAttributeValue
 */
export function updatedWorkitem(
  before: DicomJson,
  sent: DicomJson,
  { state, transactionUID }: { readonly state: WorkitemState; readonly transactionUID: string | null },
  givenTransaction: string | undefined,
  now: Date,
): DicomJson {
  if (state === 'COMPLETED' || state === 'CANCELED') throw new InconsistentState('workitem-final');
  requireTransaction(transactionUID, givenTransaction);
  const { [TRANSACTION_UID]: _, ...changes } = sent;
  const fixed = FIXED_AFTER_CREATION.filter((tag) => changes[tag] !== undefined);
  if (fixed.length > 0) throw new UnchangeableAttributes(fixed);
  const emptied = [...REQUIRED_ON_CREATION, WORKLIST_LABEL].filter((tag) => changes[tag] !== undefined && !hasValue(changes, tag));
  if (emptied.length > 0) throw new MissingAttributes(emptied);
  requireEnumerated(changes);
  return { ...before, ...changes, [MODIFIED]: dateTime(now) };
}

/** What becomes of a request to change the state; `already` is a success with a warning. */
export type StateChange = { readonly already: boolean };

/**
 * Whether a workitem may change to another state (PS3.4 CC.1.1, CC.2.1): SCHEDULED → IN PROGRESS → COMPLETED or CANCELED.
 * @param given  the Transaction UID of the request: to take the workitem it makes the key, later it must be that key
 * @throws InconsistentState, WrongTransaction, FinalStateUnmet, BadAttributeValue
 */
export function requireChange(
  { state, transactionUID, attributes }: { state: WorkitemState; transactionUID: string | null; attributes: DicomJson },
  to: WorkitemState,
  given: string | undefined,
): StateChange {
  if (given !== undefined && !isUid(given)) throw new BadAttributeValue(TRANSACTION_UID, 'is no UID');
  if (to === 'SCHEDULED') throw new InconsistentState('workitem-never-scheduled-again');
  if (state === 'COMPLETED' || state === 'CANCELED') {
    requireTransaction(transactionUID, given);
    if (state === to) return { already: true };
    throw new InconsistentState('workitem-final');
  }
  if (to === 'IN PROGRESS') {
    if (state === 'IN PROGRESS') throw new InconsistentState('workitem-in-progress');
    if (given === undefined) throw new WrongTransaction(undefined);
    return { already: false };
  }
  if (state === 'SCHEDULED') throw new InconsistentState('workitem-not-in-progress');
  requireTransaction(transactionUID, given);
  requireFinal(attributes, to);
  return { already: false };
}

function requireTransaction(kept: string | null, given: string | undefined): void {
  if (kept === null ? given !== undefined : given !== kept) throw new WrongTransaction(given);
}

function requireFinal(attributes: DicomJson, state: 'COMPLETED' | 'CANCELED'): void {
  const missing = REQUIRED_WHEN[state].filter((path) => {
    const [sequence, tag] = path.split('.');
    if (tag === undefined) return items(attributes, sequence as Tag).length === 0; // paths are made of tags
    return items(attributes, sequence as Tag).some((item) => !hasValue(item, tag));
  });
  if (missing.length > 0) throw new FinalStateUnmet(state, missing);
}

function requireEnumerated(dataset: DicomJson): void {
  for (const [tag, values] of Object.entries(ENUMERATED)) {
    const value = firstText(dataset, tag as Tag); // the keys are tags
    if (value !== undefined && !values.includes(value)) throw new BadAttributeValue(tag, `must be one of ${values.join(', ')}`);
  }
}
