/* Made by scripts/generate-client.mjs from openapi/schema.graphql: not written by hand. */
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A date-time string at UTC, such as 2019-12-03T09:54:33Z, compliant with the date-time format. */
  DateTime: { input: string; output: string; }
};

export type AnnotateStudyInput = {
  /** Practitioner/ID or PractitionerRole/ID, where the caller is not known as one (fhirUser) */
  readonly author?: InputMaybe<Scalars['String']['input']>;
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  readonly reportId?: InputMaybe<Scalars['ID']['input']>;
  /** What is noted of; this or `reportId` */
  readonly studyInstanceUID?: InputMaybe<Scalars['String']['input']>;
  readonly text: Scalars['String']['input'];
};

export type AnnotateStudyPayload = {
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  readonly note: Note;
  /** Where the note is of a report */
  readonly report?: Maybe<Report>;
  /** What the note is of, or what its report is of */
  readonly study?: Maybe<Study>;
};

export type AssignWorkitemInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  readonly performer: PerformerInput;
  /** Of a workitem in progress: the key that claiming it gave */
  readonly transactionUID?: InputMaybe<Scalars['String']['input']>;
  /** The workitem’s id, or its UID */
  readonly workitemId: Scalars['ID']['input'];
};

export type AssignWorkitemPayload = {
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** As it stands now */
  readonly workitem?: Maybe<Workitem>;
};

export type AuditRecord = {
  /** data.fetched, report.reviewed … */
  readonly action: Scalars['String']['output'];
  /** user:ID, client:ID, local, or wetread for the server’s own work */
  readonly actor: Scalars['String']['output'];
  /** What changed or was looked at: JSON text, as it is in the chain */
  readonly changes: Scalars['String']['output'];
  readonly entityId: Scalars['String']['output'];
  readonly entityType: Scalars['String']['output'];
  readonly entityVersion?: Maybe<Scalars['Int']['output']>;
  readonly id: Scalars['ID']['output'];
  /** Stable code; empty where none is needed */
  readonly reason: Scalars['String']['output'];
  readonly time: Scalars['DateTime']['output'];
};

export type AuditRecordConnection = {
  readonly edges: ReadonlyArray<AuditRecordEdge>;
  readonly pageInfo: PageInfo;
};

export type AuditRecordEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: AuditRecord;
};

export type ClaimWorkitemInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** The key to it from now on; made here unless given */
  readonly transactionUID?: InputMaybe<Scalars['String']['input']>;
  /** The workitem’s id, or its UID */
  readonly workitemId: Scalars['ID']['input'];
};

export type ClaimWorkitemPayload = {
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** Who has it may change and finish the workitem, and nobody else (PS3.4 CC.1.1) */
  readonly transactionUID: Scalars['String']['output'];
  /** As it stands now */
  readonly workitem?: Maybe<Workitem>;
};

export type Finding = Node & {
  /** Code of the finding */
  readonly code: Scalars['String']['output'];
  readonly confidence?: Maybe<Scalars['Float']['output']>;
  /** Opaque, and of one thing in the whole graph: hand it back as it is */
  readonly id: Scalars['ID']['output'];
  readonly label: Scalars['String']['output'];
  /** Probability from which it is called present */
  readonly operatingThreshold: Scalars['Float']['output'];
  /** 0 to 1 */
  readonly probability: Scalars['Float']['output'];
  readonly provider: Scalars['String']['output'];
  /** The image it stands on */
  readonly sopInstanceUID: Scalars['String']['output'];
  /** Its code system (URI) */
  readonly system: Scalars['String']['output'];
  readonly uncertainty?: Maybe<Scalars['Float']['output']>;
  /** present, second-look or absent */
  readonly verdict: Scalars['String']['output'];
};

export type FindingVerdict =
  | 'ABSENT'
  | 'PRESENT'
  | 'SECOND_LOOK';

export type ImageQuality = {
  /** Mean; passes in 0.2 to 0.8 */
  readonly brightness: Scalars['Float']['output'];
  /** Share of the area that looks like burnt-in text, 0 to 1 */
  readonly burntInTextShare?: Maybe<Scalars['Float']['output']>;
  /** Share of pixels black or white to the end, 0 to 1 */
  readonly clippedShare?: Maybe<Scalars['Float']['output']>;
  /** std / (mean + 1e-8); passes above 0.3 */
  readonly contrast: Scalars['Float']['output'];
  /** Distance from the training images, by the model */
  readonly inputDistance?: Maybe<Scalars['Float']['output']>;
  /** Distances below it pass; of the model card */
  readonly inputDistanceLimit?: Maybe<Scalars['Float']['output']>;
  /** Standard deviation of the 3×3 high-pass; passes below 0.1 */
  readonly noise: Scalars['Float']['output'];
  /** Mean HSV saturation of colours; of grey, share of pixels at the greatest value that can be stored */
  readonly saturation?: Maybe<Scalars['Float']['output']>;
  /** 0 to 100: 25 points for each measure that passes */
  readonly score: Scalars['Int']['output'];
  /** Variance of the Laplacian; passes above 0.1 */
  readonly sharpness: Scalars['Float']['output'];
  /** Log sharpness against earlier images of the station, in standard deviations; passes from -3 */
  readonly sharpnessAgainstHistory?: Maybe<Scalars['Float']['output']>;
};

export type Instance = Node & {
  /** Size of the file as received */
  readonly bytes: Scalars['Float']['output'];
  /** True for what this server made itself: reports, attention maps */
  readonly derived: Scalars['Boolean']['output'];
  /** Opaque, and of one thing in the whole graph: hand it back as it is */
  readonly id: Scalars['ID']['output'];
  readonly instanceNumber?: Maybe<Scalars['Int']['output']>;
  /** What each model made of it, and why where it did not read it */
  readonly readings?: Maybe<ReadonlyArray<Reading>>;
  /** SHA-256 of the file as received, hex */
  readonly sha256: Scalars['String']['output'];
  readonly sopClassUID: Scalars['String']['output'];
  readonly sopInstanceUID: Scalars['String']['output'];
  readonly transferSyntaxUID: Scalars['String']['output'];
};

/** What is done with resources of a type: the letters of a SMART scope */
export type Interaction =
  | 'CREATE'
  | 'DELETE'
  | 'READ'
  | 'SEARCH'
  | 'UPDATE';

export type Model = Node & {
  /** Labels of its classes, in the order of probabilities */
  readonly classes: ReadonlyArray<Scalars['String']['output']>;
  /** Opaque, and of one thing in the whole graph: hand it back as it is */
  readonly id: Scalars['ID']['output'];
  readonly intendedUse: Scalars['String']['output'];
  readonly limitations: ReadonlyArray<Scalars['String']['output']>;
  readonly name: Scalars['String']['output'];
  readonly notForClinicalUse: Scalars['Boolean']['output'];
  /** The execution provider it runs on; null while none was accepted */
  readonly provider?: Maybe<Scalars['String']['output']>;
  /** Providers tried before and refused */
  readonly refusedProviders: ReadonlyArray<RefusedProvider>;
  /** SHA-256 of the ONNX file, hex */
  readonly sha256: Scalars['String']['output'];
  readonly title: Scalars['String']['output'];
  readonly version: Scalars['String']['output'];
};

export type Mutation = {
  /** Notes something of a study or a report: kept as a FHIR Observation (LOINC 48767-8) */
  readonly annotateStudy?: Maybe<AnnotateStudyPayload>;
  /** Says who is to perform a workitem */
  readonly assignWorkitem?: Maybe<AssignWorkitemPayload>;
  /** Takes a workitem that nobody has taken: it is IN PROGRESS then */
  readonly claimWorkitem?: Maybe<ClaimWorkitemPayload>;
  /** Has a study read: by models that came after it, and again where it failed or was passed over */
  readonly requestReading?: Maybe<RequestReadingPayload>;
  /** Accepts, amends or rejects a report: it becomes final, amended or cancelled, signed and on record (FHIR: $review) */
  readonly reviewReport?: Maybe<ReviewReportPayload>;
  /** Takes up a model, as a new version: after its SHA-256, opset, operators and contract were checked, and it was loaded once */
  readonly uploadModel?: Maybe<UploadModelPayload>;
  /** Brings a model file a part at a time, in order; a part may be sent again */
  readonly uploadModelPart?: Maybe<UploadModelPartPayload>;
};


export type MutationAnnotateStudyArgs = {
  input: AnnotateStudyInput;
};


export type MutationAssignWorkitemArgs = {
  input: AssignWorkitemInput;
};


export type MutationClaimWorkitemArgs = {
  input: ClaimWorkitemInput;
};


export type MutationRequestReadingArgs = {
  input: RequestReadingInput;
};


export type MutationReviewReportArgs = {
  input: ReviewReportInput;
};


export type MutationUploadModelArgs = {
  input: UploadModelInput;
};


export type MutationUploadModelPartArgs = {
  input: UploadModelPartInput;
};

/** What can be asked for again by its id alone (Relay, Global Object Identification) */
export type Node = {
  /** Opaque, and of one thing in the whole graph: hand it back as it is */
  readonly id: Scalars['ID']['output'];
};

export type Note = {
  /** Reference of who noted it, where they are known as a FHIR resource */
  readonly author?: Maybe<Scalars['String']['output']>;
  /** Of the FHIR Observation (LOINC 48767-8) that holds it */
  readonly id: Scalars['ID']['output'];
  readonly text: Scalars['String']['output'];
  readonly time: Scalars['DateTime']['output'];
};

export type PageInfo = {
  readonly endCursor?: Maybe<Scalars['String']['output']>;
  /** Things follow this page; walking backwards: whether `before` was given */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Things come before this page; walking forwards: whether `after` was given */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  readonly startCursor?: Maybe<Scalars['String']['output']>;
};

export type Patient = {
  /** YYYY-MM-DD, or a part of it */
  readonly birthDate?: Maybe<Scalars['String']['output']>;
  /** male, female, other or unknown */
  readonly gender: Scalars['String']['output'];
  /** Of the FHIR Patient */
  readonly id: Scalars['ID']['output'];
  readonly identifiers: ReadonlyArray<PatientIdentifier>;
  /** As it is written: the first name that the Patient has */
  readonly name?: Maybe<Scalars['String']['output']>;
};

export type PatientIdentifier = {
  readonly system?: Maybe<Scalars['String']['output']>;
  readonly value: Scalars['String']['output'];
};

export type PerformerInput = {
  readonly code: Scalars['String']['input'];
  readonly meaning: Scalars['String']['input'];
  /** Family^Given */
  readonly name?: InputMaybe<Scalars['String']['input']>;
  readonly organization?: InputMaybe<Scalars['String']['input']>;
  /** Coding scheme designator */
  readonly scheme: Scalars['String']['input'];
};

export type Query = {
  /** The ledger’s records about a study, with its instances and reports, or about one report; newest first */
  readonly audit?: Maybe<AuditRecordConnection>;
  /** The models this server reads with */
  readonly models?: Maybe<ReadonlyArray<Model>>;
  /** Needs the right to read what it is: as the field that leads there does */
  readonly node?: Maybe<Node>;
  /** In the order of the ids, 100 at most */
  readonly nodes?: Maybe<ReadonlyArray<Maybe<Node>>>;
  /** What models made of instances, newest first */
  readonly readings?: Maybe<ReadingConnection>;
  readonly report?: Maybe<Report>;
  /** Issued reports, newest first */
  readonly reports?: Maybe<ReportConnection>;
  /** Public keys of all that was ever signed here */
  readonly signingKeys: ReadonlyArray<SigningKey>;
  /** Studies, newest first */
  readonly studies?: Maybe<StudyConnection>;
  readonly study?: Maybe<Study>;
  /** The worklist, oldest first */
  readonly workitems?: Maybe<WorkitemConnection>;
};


export type QueryAuditArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  reportId?: InputMaybe<Scalars['String']['input']>;
  studyInstanceUID?: InputMaybe<Scalars['String']['input']>;
};


export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


export type QueryNodesArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>;
};


export type QueryReadingsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ReadingFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryReportArgs = {
  id: Scalars['String']['input'];
};


export type QueryReportsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ReportFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryStudiesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<StudyFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryStudyArgs = {
  studyInstanceUID: Scalars['String']['input'];
};


export type QueryWorkitemsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<WorkitemFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

export type Reading = Node & {
  readonly confidence?: Maybe<Scalars['Float']['output']>;
  /** Opaque, and of one thing in the whole graph: hand it back as it is */
  readonly id: Scalars['ID']['output'];
  /** The image that was read, or was not */
  readonly instance?: Maybe<Instance>;
  /** When it was made */
  readonly madeAt: Scalars['DateTime']['output'];
  /** The model, while this server has that version */
  readonly model?: Maybe<Model>;
  /** Of the model that made it, whether this server still has it or not */
  readonly modelName: Scalars['String']['output'];
  readonly modelVersion: Scalars['String']['output'];
  /** The classes, counted from 0, that can’t be ruled out at the coverage of the model’s card */
  readonly predictionSet?: Maybe<ReadonlyArray<Scalars['Int']['output']>>;
  /** Entropy of the probabilities over its greatest value, 0 to 1 */
  readonly predictiveEntropy?: Maybe<Scalars['Float']['output']>;
  /** One for each class of the model */
  readonly probabilities?: Maybe<ReadonlyArray<Scalars['Float']['output']>>;
  /** The execution provider that made it */
  readonly provider?: Maybe<Scalars['String']['output']>;
  readonly quality?: Maybe<ImageQuality>;
  readonly reason?: Maybe<Scalars['String']['output']>;
  /** Why it was not read or failed: a stable code */
  readonly reasonCode?: Maybe<Scalars['String']['output']>;
  /** Whether the measure of doubt that the model’s card names asks for a second look */
  readonly refers?: Maybe<Scalars['Boolean']['output']>;
  readonly state: ReadingState;
  /** The study of its instance */
  readonly study?: Maybe<Study>;
  readonly timings?: Maybe<Timings>;
  readonly uncertainty?: Maybe<Scalars['Float']['output']>;
};

export type ReadingConnection = {
  readonly edges: ReadonlyArray<ReadingEdge>;
  readonly pageInfo: PageInfo;
};

export type ReadingEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Reading;
};

export type ReadingFilter = {
  readonly modelName?: InputMaybe<Scalars['String']['input']>;
  readonly modelVersion?: InputMaybe<Scalars['String']['input']>;
  readonly state?: InputMaybe<ReadingState>;
  readonly studyInstanceUID?: InputMaybe<Scalars['String']['input']>;
};

export type ReadingState =
  | 'FAILED'
  | 'NOT_READ'
  | 'READ';

export type RefusedProvider = {
  readonly provider: Scalars['String']['output'];
  /** absent, failed, or in disagreement with the CPU */
  readonly why: Scalars['String']['output'];
};

export type Report = Node & {
  readonly conclusion: Scalars['String']['output'];
  /** ETag of the FHIR DiagnosticReport: what `ifMatch` of a review must name */
  readonly etag?: Maybe<Scalars['String']['output']>;
  /** Those whose Observation the caller may read */
  readonly findings?: Maybe<ReadonlyArray<Finding>>;
  /** Also the id of the FHIR DiagnosticReport */
  readonly id: Scalars['ID']['output'];
  readonly issued: Scalars['DateTime']['output'];
  /** The model that made it, while this server has that version */
  readonly model?: Maybe<Model>;
  /** Of the model that made it, whether this server still has it or not */
  readonly modelName: Scalars['String']['output'];
  readonly modelVersion: Scalars['String']['output'];
  /** What people noted of it, oldest first */
  readonly notes?: Maybe<ReadonlyArray<Note>>;
  /** Whom its study is of, unless that was deleted from the archive */
  readonly patient?: Maybe<Patient>;
  /** The readings of the images it stands on */
  readonly readings?: Maybe<ReadonlyArray<Reading>>;
  /** When a person last reviewed it */
  readonly reviewed?: Maybe<Scalars['DateTime']['output']>;
  /** What people decided of it, oldest first */
  readonly reviews?: Maybe<ReadonlyArray<Review>>;
  /** preliminary, until a person reviews it: final, amended, cancelled or entered-in-error */
  readonly status: Scalars['String']['output'];
  /** The study it is of, unless that was deleted from the archive */
  readonly study?: Maybe<Study>;
  /** Of what the model says; reviews do not count */
  readonly version: Scalars['Int']['output'];
};

export type ReportConnection = {
  readonly edges: ReadonlyArray<ReportEdge>;
  readonly pageInfo: PageInfo;
};

export type ReportEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Report;
};

export type ReportFilter = {
  readonly issuedSince?: InputMaybe<Scalars['DateTime']['input']>;
  readonly modelName?: InputMaybe<Scalars['String']['input']>;
  readonly modelVersion?: InputMaybe<Scalars['String']['input']>;
  readonly patientID?: InputMaybe<Scalars['String']['input']>;
  /** Whether its model’s own measure of doubt asks for a second look */
  readonly refers?: InputMaybe<Scalars['Boolean']['input']>;
  /** One of these */
  readonly statuses?: InputMaybe<ReadonlyArray<ReportStatus>>;
  readonly studyInstanceUID?: InputMaybe<Scalars['String']['input']>;
  /** Of one of its findings */
  readonly verdict?: InputMaybe<FindingVerdict>;
};

export type ReportStatus =
  | 'AMENDED'
  | 'CANCELLED'
  | 'ENTERED_IN_ERROR'
  | 'FINAL'
  | 'PRELIMINARY';

export type RequestReadingInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** Name of the model whose failures alone are tried again */
  readonly model?: InputMaybe<Scalars['String']['input']>;
  readonly studyInstanceUID: Scalars['String']['input'];
};

export type RequestReadingPayload = {
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** It waits to be read: `studyProgress` follows it */
  readonly study?: Maybe<Study>;
};

export type Review = {
  readonly decision: ReviewDecision;
  /** Reference of the Organization that they signed for */
  readonly onBehalfOf?: Maybe<Scalars['String']['output']>;
  /** Of the FHIR Provenance, with the signature */
  readonly provenanceId: Scalars['ID']['output'];
  readonly reason?: Maybe<Scalars['String']['output']>;
  /** Reference of the Practitioner or PractitionerRole who signed */
  readonly reviewer: Scalars['String']['output'];
  readonly time: Scalars['DateTime']['output'];
};

/** What a person decides of a report that they have read */
export type ReviewDecision =
  | 'ACCEPT'
  | 'AMEND'
  | 'REJECT';

export type ReviewReportInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** What an amended report concludes */
  readonly conclusion?: InputMaybe<Scalars['String']['input']>;
  readonly decision: ReviewDecision;
  /** Findings that the reviewer calls otherwise */
  readonly findings?: InputMaybe<ReadonlyArray<ReviewedFinding>>;
  /** `etag` of the report that was read: nobody signs what they have not seen */
  readonly ifMatch: Scalars['String']['input'];
  /** Of the Organization that answers for the report */
  readonly organization?: InputMaybe<Scalars['ID']['input']>;
  /** Why it is amended or rejected */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
  readonly reportId: Scalars['ID']['input'];
  /** Practitioner/ID or PractitionerRole/ID of who signs; the caller’s own (fhirUser) unless given */
  readonly reviewer?: InputMaybe<Scalars['String']['input']>;
};

export type ReviewReportPayload = {
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** As it stands now */
  readonly report?: Maybe<Report>;
};

export type ReviewedFinding = {
  readonly code: Scalars['String']['input'];
  /** What the reviewer calls it */
  readonly present: Scalars['Boolean']['input'];
  /** Code system (URI) of the finding */
  readonly system: Scalars['String']['input'];
};

export type Series = Node & {
  /** Opaque, and of one thing in the whole graph: hand it back as it is */
  readonly id: Scalars['ID']['output'];
  readonly instances: ReadonlyArray<Instance>;
  readonly modality?: Maybe<Scalars['String']['output']>;
  readonly seriesDescription?: Maybe<Scalars['String']['output']>;
  readonly seriesInstanceUID: Scalars['String']['output'];
  readonly seriesNumber?: Maybe<Scalars['Int']['output']>;
};

export type SigningKey = {
  readonly alg: Scalars['String']['output'];
  readonly crv: Scalars['String']['output'];
  /** RFC 7638 thumbprint: `kid` in the header of a signature */
  readonly kid: Scalars['ID']['output'];
  readonly kty: Scalars['String']['output'];
  /** base64url */
  readonly x: Scalars['String']['output'];
};

export type Study = Node & {
  readonly accessionNumber?: Maybe<Scalars['String']['output']>;
  /** Opaque, and of one thing in the whole graph: hand it back as it is */
  readonly id: Scalars['ID']['output'];
  /** What people noted of it, oldest first */
  readonly notes?: Maybe<ReadonlyArray<Note>>;
  /** Whom it is of; null for the moment until the FHIR Patient is there */
  readonly patient?: Maybe<Patient>;
  readonly patientID?: Maybe<Scalars['String']['output']>;
  /** Alphabetic component group of PatientName */
  readonly patientName?: Maybe<Scalars['String']['output']>;
  /** Those that were issued of it */
  readonly reports?: Maybe<ReadonlyArray<Report>>;
  readonly series: ReadonlyArray<Series>;
  readonly storedAt: Scalars['DateTime']['output'];
  /** DA, YYYYMMDD, as received */
  readonly studyDate?: Maybe<Scalars['String']['output']>;
  readonly studyDescription?: Maybe<Scalars['String']['output']>;
  readonly studyInstanceUID: Scalars['String']['output'];
};

export type StudyConnection = {
  readonly edges: ReadonlyArray<StudyEdge>;
  readonly pageInfo: PageInfo;
};

export type StudyEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Study;
};

export type StudyFilter = {
  readonly accessionNumber?: InputMaybe<Scalars['String']['input']>;
  /** Study Date from this day on, YYYYMMDD */
  readonly fromDate?: InputMaybe<Scalars['String']['input']>;
  /** Of one of its series */
  readonly modality?: InputMaybe<Scalars['String']['input']>;
  readonly patientID?: InputMaybe<Scalars['String']['input']>;
  /** Somewhere in the patient’s name or the study’s description, whatever the case */
  readonly text?: InputMaybe<Scalars['String']['input']>;
  /** Study Date up to this day, YYYYMMDD */
  readonly toDate?: InputMaybe<Scalars['String']['input']>;
};

export type StudyProgress = {
  readonly stage: StudyStage;
  readonly studyInstanceUID: Scalars['String']['output'];
  /** When it was noticed */
  readonly time: Scalars['DateTime']['output'];
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

export type Subscription = {
  /** Each report version as it is issued */
  readonly reportIssued?: Maybe<Report>;
  /** Each report as its status changes: first preliminary, then what a person makes of it */
  readonly reportStatusChanged?: Maybe<Report>;
  /** A study on its way from its arrival to the final report; it need not be there yet. Begins with where it is now. */
  readonly studyProgress?: Maybe<StudyProgress>;
  /** Each workitem as it is made or changed */
  readonly worklistChanged?: Maybe<Workitem>;
};


export type SubscriptionReportStatusChangedArgs = {
  studyInstanceUID?: InputMaybe<Scalars['String']['input']>;
};


export type SubscriptionStudyProgressArgs = {
  studyInstanceUID: Scalars['String']['input'];
};

/** Milliseconds of each step */
export type Timings = {
  readonly decode: Scalars['Float']['output'];
  readonly prepare: Scalars['Float']['output'];
  /** The model alone */
  readonly run: Scalars['Float']['output'];
};

export type UploadModelInput = {
  /** The text of card.json */
  readonly card: Scalars['String']['input'];
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** model.onnx in base64, where it is small; this or `uploadId` */
  readonly onnx?: InputMaybe<Scalars['String']['input']>;
  /** The upload that brought model.onnx */
  readonly uploadId?: InputMaybe<Scalars['ID']['input']>;
};

export type UploadModelPartInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** base64; 2 MiB of the file is a good part */
  readonly data: Scalars['String']['input'];
  /** Byte of the file that the part begins at */
  readonly offset?: Scalars['Float']['input'];
  /** Of the upload that this goes on with; absent for the first part */
  readonly uploadId?: InputMaybe<Scalars['ID']['input']>;
};

export type UploadModelPartPayload = {
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** Bytes that are there now */
  readonly received: Scalars['Float']['output'];
  readonly uploadId: Scalars['ID']['output'];
};

export type UploadModelPayload = {
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  readonly model: Model;
  /** This server reads with it from now on; otherwise from its next start, as other servers of the same folder do */
  readonly running: Scalars['Boolean']['output'];
};

export type Workitem = Node & {
  readonly accessionNumber?: Maybe<Scalars['String']['output']>;
  /** Opaque, and of one thing in the whole graph: hand it back as it is */
  readonly id: Scalars['ID']['output'];
  /** Procedure Step Label */
  readonly label: Scalars['String']['output'];
  readonly patientID?: Maybe<Scalars['String']['output']>;
  /** Alphabetic component group */
  readonly patientName?: Maybe<Scalars['String']['output']>;
  readonly performers: ReadonlyArray<WorkitemPerformer>;
  /** HIGH, MEDIUM or LOW */
  readonly priority: Scalars['String']['output'];
  /** Per cent, as its performer told */
  readonly progress?: Maybe<Scalars['Float']['output']>;
  /** READY, INCOMPLETE or UNAVAILABLE: whether what it needs is there */
  readonly readiness: Scalars['String']['output'];
  /** When it is to begin: DT (PS3.5 6.2), as received */
  readonly scheduledStart: Scalars['String']['output'];
  readonly state: WorkitemState;
  /** The study that it works on, where it is in this archive */
  readonly study?: Maybe<Study>;
  readonly workitemUID: Scalars['String']['output'];
  /** The worklist that it is on */
  readonly worklistLabel: Scalars['String']['output'];
};

export type WorkitemConnection = {
  readonly edges: ReadonlyArray<WorkitemEdge>;
  readonly pageInfo: PageInfo;
};

export type WorkitemEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Workitem;
};

export type WorkitemFilter = {
  readonly patientID?: InputMaybe<Scalars['String']['input']>;
  /** Code of a human performer it is assigned to */
  readonly performer?: InputMaybe<Scalars['String']['input']>;
  readonly state?: InputMaybe<WorkitemState>;
  /** Of its input */
  readonly studyInstanceUID?: InputMaybe<Scalars['String']['input']>;
  readonly worklistLabel?: InputMaybe<Scalars['String']['input']>;
};

export type WorkitemPerformer = {
  readonly code: Scalars['String']['output'];
  readonly meaning: Scalars['String']['output'];
  readonly name?: Maybe<Scalars['String']['output']>;
  readonly organization?: Maybe<Scalars['String']['output']>;
  readonly scheme: Scalars['String']['output'];
};

/** Procedure Step State (0074,1000) */
export type WorkitemState =
  | 'CANCELED'
  | 'COMPLETED'
  | 'IN_PROGRESS'
  | 'SCHEDULED';
