import { tagOf, vrOf } from '../../src/dicom/data-dictionary.js';
import type { DicomElement, DicomJson, DicomValue } from '../../src/dicom/dicom-json.js';
import { newUid } from './instances.js';
import type { Wetread } from './wetread.js';

/** Elements by keyword; one value stands for itself, an array for its values, null for an empty element. */
export type Said = Readonly<Record<string, DicomValue | readonly DicomValue[]>>;

export const dataset = (said: Said): DicomJson =>
  Object.fromEntries(
    Object.entries(said).map(([keyword, value]): [string, DicomElement] => {
      const at = tagOf(keyword);
      if (at === undefined) throw new Error(`PS3.6 has no ${keyword}`);
      return [at, { vr: vrOf(at), ...(value === null ? {} : { Value: [value].flat() as DicomValue[] }) }];
    }),
  );

export const code = (value: string, scheme: string, meaning: string): DicomJson =>
  dataset({ CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning });

/** Work for a model on a chest X-ray, as a workflow manager orders it (IHE AIW-I). */
export const aWorkitem = (said: Said = {}): DicomJson =>
  dataset({
    ScheduledProcedureStepPriority: 'MEDIUM',
    ProcedureStepLabel: 'Pneumonia on a chest X-ray',
    WorklistLabel: 'AI',
    ScheduledProcessingParametersSequence: null,
    ScheduledStationNameCodeSequence: [code('WETREAD', '99HOSPITAL', 'wetread')],
    ScheduledStationClassCodeSequence: null,
    ScheduledStationGeographicLocationCodeSequence: null,
    ScheduledProcedureStepStartDateTime: '20260131101500',
    ScheduledWorkitemCodeSequence: [code('110004', 'DCM', 'Computer Aided Detection')],
    InputReadinessState: 'READY',
    InputInformationSequence: null,
    StudyInstanceUID: newUid(),
    PatientName: { Alphabetic: 'Doe^Jane' },
    PatientID: 'P-1',
    PatientBirthDate: '19700131',
    PatientSex: 'F',
    AdmissionID: null,
    IssuerOfAdmissionIDSequence: null,
    AdmittingDiagnosesDescription: null,
    AdmittingDiagnosesCodeSequence: null,
    ReferencedRequestSequence: [dataset({ AccessionNumber: 'A-77', StudyInstanceUID: newUid() })],
    ProcedureStepState: 'SCHEDULED',
    ProcedureStepProgressInformationSequence: null,
    UnifiedProcedureStepPerformedProcedureSequence: null,
    ...said,
  });

/** What a performer reports when it is done. */
export const performed = (): DicomJson =>
  dataset({
    UnifiedProcedureStepPerformedProcedureSequence: [
      dataset({
        PerformedStationNameCodeSequence: [code('WETREAD', '99HOSPITAL', 'wetread')],
        PerformedProcedureStepStartDateTime: '20260131101600',
        PerformedWorkitemCodeSequence: [code('110004', 'DCM', 'Computer Aided Detection')],
        PerformedProcedureStepEndDateTime: '20260131101630',
        OutputInformationSequence: [dataset({ StudyInstanceUID: newUid(), SeriesInstanceUID: newUid() })],
      }),
    ],
  });

/** Requests to a server's worklist. */
export class WorklistClient {
  constructor(private readonly wetread: Wetread) {}

  ask(method: string, path: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/dicom+json' };
    if (body !== undefined) headers['content-type'] = 'application/dicom+json';
    return this.wetread.fetch(`/dicom-web${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  }

  /** Creates a workitem and answers its UID. */
  async created(said: Said = {}): Promise<string> {
    const uid = newUid();
    const { status } = await this.ask('POST', `/workitems?${uid}`, [aWorkitem(said)]);
    if (status !== 201) throw new Error(`the workitem was not created: ${status}`);
    return uid;
  }

  async read(uid: string): Promise<DicomJson> {
    const answer = await this.ask('GET', `/workitems/${uid}`);
    if (answer.status !== 200) throw new Error(`${answer.status} for a workitem`);
    return ((await answer.json()) as DicomJson[])[0];
  }

  state(uid: string, state: string, transaction?: string): Promise<Response> {
    const body = dataset({ ProcedureStepState: state, ...(transaction === undefined ? {} : { TransactionUID: transaction }) });
    return this.ask('PUT', `/workitems/${uid}/state`, [body]);
  }

  /** Takes a workitem and answers the Transaction UID. */
  async taken(uid: string): Promise<string> {
    const transaction = newUid();
    const { status } = await this.state(uid, 'IN PROGRESS', transaction);
    if (status !== 200) throw new Error(`the workitem was not taken: ${status}`);
    return transaction;
  }

  async found(query: string): Promise<string[]> {
    const answer = await this.ask('GET', `/workitems?${query}`);
    if (answer.status !== 200) throw new Error(`${answer.status} for a search: ${await answer.text()}`);
    return ((await answer.json()) as DicomJson[]).map((one) => String(one['00080018'].Value?.[0]));
  }
}

/** Status, stable code and Warning of an answer. */
export const refusal = async (answer: Response): Promise<unknown[]> => [
  answer.status,
  ((await answer.json()) as { code: string }).code,
  answer.headers.get('warning')?.replace(/^299 \S+ /, '') ?? '',
];
