/* Made by scripts/generate-client.mjs from openapi/schema.graphql: not written by hand. */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** A note to be made of a study or a report */
export type AnnotateStudyInput = {
  /** Practitioner/ID or PractitionerRole/ID, where the caller is not known as one (fhirUser) */
  readonly author?: string | null | undefined;
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: string | null | undefined;
  /** The report that is noted of; this or `studyInstanceUID` */
  readonly reportId?: string | null | undefined;
  /** What is noted of; this or `reportId` */
  readonly studyInstanceUID?: string | null | undefined;
  /** What is noted: words, 10,000 characters at most */
  readonly text: string;
};

/** What is said of a thing that a model looks for */
export type FindingVerdict =
  /** Its probability is below the operating threshold, or a reviewer calls it so */
  | 'ABSENT'
  /** Its probability reaches the operating threshold, or a reviewer calls it so */
  | 'PRESENT'
  /** The model doubts: a person should look */
  | 'SECOND_LOOK';

/** Reports that meet all that is given */
export type ReportFilter = {
  /** Issued then or later */
  readonly issuedSince?: string | null | undefined;
  /** Name of the model that made it */
  readonly modelName?: string | null | undefined;
  /** Version of the model that made it */
  readonly modelVersion?: string | null | undefined;
  /** Patient ID (0010,0020) of its study, the whole of it */
  readonly patientID?: string | null | undefined;
  /** Whether its model’s own measure of doubt asks for a second look */
  readonly refers?: boolean | null | undefined;
  /** One of these */
  readonly statuses?: ReadonlyArray<ReportStatus> | null | undefined;
  /** Of this study */
  readonly studyInstanceUID?: string | null | undefined;
  /** Of one of its findings */
  readonly verdict?: FindingVerdict | null | undefined;
};

/** Whether a person answers for a report: DiagnosticReport.status */
export type ReportStatus =
  /** A person changed it */
  | 'AMENDED'
  /** A person rejected it */
  | 'CANCELLED'
  /** It should not have been: its study is of somebody else, say */
  | 'ENTERED_IN_ERROR'
  /** A person accepted it */
  | 'FINAL'
  /** No person has reviewed it */
  | 'PRELIMINARY';

/** Which study is to be read, by which model */
export type RequestReadingInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: string | null | undefined;
  /** Name of the model whose failures alone are tried again */
  readonly model?: string | null | undefined;
  /** Study Instance UID (0020,000D) */
  readonly studyInstanceUID: string;
};

/** What a person decides of a report that they have read */
export type ReviewDecision =
  /** It is final as it is */
  | 'ACCEPT'
  /** It is changed, with a reason */
  | 'AMEND'
  /** It is cancelled, with a reason */
  | 'REJECT';

/** A person’s decision on a report that they have read */
export type ReviewReportInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: string | null | undefined;
  /** What an amended report concludes */
  readonly conclusion?: string | null | undefined;
  /** What is decided */
  readonly decision: ReviewDecision;
  /** Findings that the reviewer calls otherwise */
  readonly findings?: ReadonlyArray<ReviewedFinding> | null | undefined;
  /** `etag` of the report that was read: nobody signs what they have not seen */
  readonly ifMatch: string;
  /** Of the Organization that answers for the report */
  readonly organization?: string | null | undefined;
  /** Why it is amended or rejected */
  readonly reason?: string | null | undefined;
  /** The report that was read */
  readonly reportId: string;
  /** Practitioner/ID or PractitionerRole/ID of who signs; the caller’s own (fhirUser) unless given */
  readonly reviewer?: string | null | undefined;
};

/** A finding that the reviewer calls otherwise than the model */
export type ReviewedFinding = {
  /** Code of the finding */
  readonly code: string;
  /** What the reviewer calls it */
  readonly present: boolean;
  /** Code system (URI) of the finding */
  readonly system: string;
};

/** How far a study has come */
export type StudyStage =
  /** Reading it was given up */
  | 'FAILED'
  /** A person answers for its reports */
  | 'FINAL'
  /** No model took any of it */
  | 'NOT_READ'
  /** There is a report that nobody has reviewed */
  | 'PRELIMINARY'
  /** It waits to be read */
  | 'QUEUED'
  /** Models read it, or what they found is being written */
  | 'READING'
  /** Its first instance is stored */
  | 'RECEIVED'
  /** Its reports were rejected */
  | 'WITHDRAWN';

export type LatestReportsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: ReportFilter | null | undefined;
}>;


export type LatestReportsQuery = { readonly reports: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly status: ReportStatus, readonly issued: string, readonly conclusion: string, readonly findings: ReadonlyArray<{ readonly label: string, readonly verdict: FindingVerdict, readonly probability: number }> | null, readonly patient: { readonly name: string | null, readonly birthDate: string | null } | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } | null };

export type StudyReportsQueryVariables = Exact<{
  studyInstanceUID: string;
}>;


export type StudyReportsQuery = { readonly study: { readonly studyInstanceUID: string, readonly reports: ReadonlyArray<{ readonly id: string, readonly status: ReportStatus, readonly etag: string | null, readonly conclusion: string }> | null } | null };

export type ReviewReportMutationVariables = Exact<{
  input: ReviewReportInput;
}>;


export type ReviewReportMutation = { readonly reviewReport: { readonly report: { readonly id: string, readonly status: ReportStatus, readonly etag: string | null, readonly reviewed: string | null } | null } | null };

export type StudyProgressSubscriptionVariables = Exact<{
  studyInstanceUID: string;
}>;


export type StudyProgressSubscription = { readonly studyProgress: { readonly stage: StudyStage, readonly time: string } | null };

export type ReportStatusChangedSubscriptionVariables = Exact<{
  studyInstanceUID?: string | null | undefined;
}>;


export type ReportStatusChangedSubscription = { readonly reportStatusChanged: { readonly id: string, readonly status: ReportStatus, readonly etag: string | null } | null };

export type RequestReadingMutationVariables = Exact<{
  input: RequestReadingInput;
}>;


export type RequestReadingMutation = { readonly requestReading: { readonly study: { readonly studyInstanceUID: string } | null } | null };

export type AnnotateStudyMutationVariables = Exact<{
  input: AnnotateStudyInput;
}>;


export type AnnotateStudyMutation = { readonly annotateStudy: { readonly note: { readonly id: string, readonly text: string, readonly time: string, readonly author: string | null } } | null };


export const LatestReportsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"LatestReports"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ReportFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reports"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"issued"}},{"kind":"Field","name":{"kind":"Name","value":"conclusion"}},{"kind":"Field","name":{"kind":"Name","value":"findings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"verdict"}},{"kind":"Field","name":{"kind":"Name","value":"probability"}}]}},{"kind":"Field","name":{"kind":"Name","value":"patient"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"birthDate"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<LatestReportsQuery, LatestReportsQueryVariables>;
export const StudyReportsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"StudyReports"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"studyInstanceUID"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"study"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"studyInstanceUID"},"value":{"kind":"Variable","name":{"kind":"Name","value":"studyInstanceUID"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"studyInstanceUID"}},{"kind":"Field","name":{"kind":"Name","value":"reports"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"etag"}},{"kind":"Field","name":{"kind":"Name","value":"conclusion"}}]}}]}}]}}]} as unknown as DocumentNode<StudyReportsQuery, StudyReportsQueryVariables>;
export const ReviewReportDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ReviewReport"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ReviewReportInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reviewReport"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"report"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"etag"}},{"kind":"Field","name":{"kind":"Name","value":"reviewed"}}]}}]}}]}}]} as unknown as DocumentNode<ReviewReportMutation, ReviewReportMutationVariables>;
export const StudyProgressDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"StudyProgress"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"studyInstanceUID"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"studyProgress"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"studyInstanceUID"},"value":{"kind":"Variable","name":{"kind":"Name","value":"studyInstanceUID"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stage"}},{"kind":"Field","name":{"kind":"Name","value":"time"}}]}}]}}]} as unknown as DocumentNode<StudyProgressSubscription, StudyProgressSubscriptionVariables>;
export const ReportStatusChangedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"ReportStatusChanged"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"studyInstanceUID"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reportStatusChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"studyInstanceUID"},"value":{"kind":"Variable","name":{"kind":"Name","value":"studyInstanceUID"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"etag"}}]}}]}}]} as unknown as DocumentNode<ReportStatusChangedSubscription, ReportStatusChangedSubscriptionVariables>;
export const RequestReadingDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RequestReading"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RequestReadingInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requestReading"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"study"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"studyInstanceUID"}}]}}]}}]}}]} as unknown as DocumentNode<RequestReadingMutation, RequestReadingMutationVariables>;
export const AnnotateStudyDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"AnnotateStudy"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"AnnotateStudyInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"annotateStudy"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"note"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"time"}},{"kind":"Field","name":{"kind":"Name","value":"author"}}]}}]}}]}}]} as unknown as DocumentNode<AnnotateStudyMutation, AnnotateStudyMutationVariables>;