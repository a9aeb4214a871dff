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

/** A version to be written: the first of a record, or with `ifMatch` the next */
export type AddRegulatoryRecordInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** JSON text of the content, as /evidence/record-types has it of the type */
  readonly content: Scalars['String']['input'];
  /** Of the record; of a new one a UUID is given unless there is one */
  readonly id?: InputMaybe<Scalars['ID']['input']>;
  /** `etag` of the newest version: the next one of that record is written */
  readonly ifMatch?: InputMaybe<Scalars['String']['input']>;
  /** Why it is written; needed of a next version */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
  /** What it is a record of */
  readonly type: RegulatoryRecordType;
};

/** The version that was written */
export type AddRegulatoryRecordPayload = {
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** As it is kept */
  readonly record: RegulatoryRecord;
};

/** Somebody who is to have a part */
export type AddStudyMemberInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** As the ledger names them: `user:ID`; of a simulated reader `simulated:NAME` will do */
  readonly person: Scalars['String']['input'];
  /** What makes them fit for it; may be empty */
  readonly qualification: Scalars['String']['input'];
  /** The part */
  readonly role: ValidationPart;
  /** It is a program: every table and report says so */
  readonly simulated: Scalars['Boolean']['input'];
  /** Of the validation study */
  readonly study: Scalars['ID']['input'];
};

/** The member */
export type AddStudyMemberPayload = {
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** `key` is what tables know them by */
  readonly member: ValidationMember;
};

/** Risk under Regulation (EU) 2024/1689 */
export type AiActSuggestion = {
  /** The rules that gave it, with their citations */
  readonly grounds: ReadonlyArray<ClassificationGround>;
  /** Null where the class under the MDR is open */
  readonly highRisk?: Maybe<Scalars['Boolean']['output']>;
};

/** Results to be computed: by the locked plan; once that is done, by another one */
export type AnalyseStudyInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** JSON text: the plan of a post-hoc analysis */
  readonly plan?: InputMaybe<Scalars['String']['input']>;
  /** Of the validation study */
  readonly study: Scalars['ID']['input'];
};

/** The results */
export type AnalyseStudyPayload = {
  /** Every endpoint, and the cases behind it */
  readonly analysis: ValidationAnalysis;
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
};

/** By whose plan results were computed */
export type AnalysisKind =
  /** By another one, after it */
  | 'POST_HOC'
  /** By the locked plan, once */
  | 'PRIMARY';

/** A note to be made of a study or a report */
export type AnnotateStudyInput = {
  /** Practitioner/ID or PractitionerRole/ID, where the caller is not known as one (fhirUser) */
  readonly author?: InputMaybe<Scalars['String']['input']>;
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** The report that is noted of; this or `studyInstanceUID` */
  readonly reportId?: InputMaybe<Scalars['ID']['input']>;
  /** What is noted of; this or `reportId` */
  readonly studyInstanceUID?: InputMaybe<Scalars['String']['input']>;
  /** What is noted: words, 10,000 characters at most */
  readonly text: Scalars['String']['input'];
};

/** The note, and what it is of */
export type AnnotateStudyPayload = {
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** The note as it is kept */
  readonly note: Note;
  /** Where the note is of a report */
  readonly report?: Maybe<Report>;
  /** What the note is of, or what its report is of */
  readonly study?: Maybe<Study>;
};

/** Who is to perform which workitem */
export type AssignWorkitemInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** Who is to perform it, in place of whoever was */
  readonly performer: PerformerInput;
  /** Of a workitem in progress: the key that claiming it gave */
  readonly transactionUID?: InputMaybe<Scalars['String']['input']>;
  /** The workitem’s id, or its UID */
  readonly workitemId: Scalars['ID']['input'];
};

/** The workitem that was assigned */
export type AssignWorkitemPayload = {
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** As it stands now */
  readonly workitem?: Maybe<Workitem>;
};

/** A record of the ledger: who did what to what, or looked at it */
export type AuditRecord = {
  /** data.fetched, report.reviewed … */
  readonly action: Scalars['String']['output'];
  /** user:ID, client:ID, local, or wetread for the server’s own work */
  readonly actor: Scalars['String']['output'];
  /** What changed or was looked at: JSON text, as it is in the chain */
  readonly changes: Scalars['String']['output'];
  /** Id of what it is about, within its type */
  readonly entityId: Scalars['String']['output'];
  /** Type of what it is about: study, instance, report, a FHIR resource type … */
  readonly entityType: Scalars['String']['output'];
  /** Version of what it is about, where that has versions */
  readonly entityVersion?: Maybe<Scalars['Int']['output']>;
  /** Of the record in the ledger; no node’s */
  readonly id: Scalars['ID']['output'];
  /** Stable code; empty where none is needed */
  readonly reason: Scalars['String']['output'];
  /** When it happened */
  readonly time: Scalars['DateTime']['output'];
};

/** A page of a list of AuditRecords (Relay, Cursor Connections) */
export type AuditRecordConnection = {
  /** The things of the page, in the list’s order */
  readonly edges: ReadonlyArray<AuditRecordEdge>;
  /** What lies around the page */
  readonly pageInfo: PageInfo;
};

/** A AuditRecord in its place in a list */
export type AuditRecordEdge = {
  /** Of its place: what `after` and `before` take */
  readonly cursor: Scalars['String']['output'];
  /** The thing itself */
  readonly node: AuditRecord;
};

/** A dataset to be made */
export type BeginDatasetInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** JSON text: what POST /evidence/datasets takes */
  readonly dataset: Scalars['String']['input'];
};

/** The dataset, which is being made: look at it by its `id` */
export type BeginDatasetPayload = {
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** How far it is */
  readonly dataset: ValidationDataset;
};

/** Whether a case could be read */
export type CaseReadingStatus =
  /** It could not be: `reason` says why */
  | 'NOT_EVALUABLE'
  /** It was */
  | 'READ';

/** How fast a run is; null while nothing was done in that time */
export type CasesPerSecond = {
  /** Over the last minute */
  readonly lately?: Maybe<Scalars['Float']['output']>;
  /** Since it began */
  readonly overall?: Maybe<Scalars['Float']['output']>;
};

/** Which workitem is taken */
export type ClaimWorkitemInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** The key to it from now on; made here unless given */
  readonly transactionUID?: InputMaybe<Scalars['String']['input']>;
  /** The workitem’s id, or its UID */
  readonly workitemId: Scalars['ID']['input'];
};

/** The workitem that was taken, with the key to it */
export type ClaimWorkitemPayload = {
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** Who has it may change and finish the workitem, and nobody else (PS3.4 CC.1.1) */
  readonly transactionUID: Scalars['String']['output'];
  /** As it stands now */
  readonly workitem?: Maybe<Workitem>;
};

/** What the rules suggest of a device; the record is the human decision */
export type Classification = {
  /** AI Act */
  readonly aiAct: AiActSuggestion;
  /** What must stand beside every suggestion that a person is shown */
  readonly disclaimer: Scalars['String']['output'];
  /** United States */
  readonly fda: FdaSuggestion;
  /** IEC 62304 */
  readonly iec62304: SafetyClassSuggestion;
  /** IMDRF */
  readonly imdrf: ImdrfSuggestion;
  /** European Union */
  readonly mdr: MdrSuggestion;
  /** Day up to which the rules were read */
  readonly rulesAsOf: Scalars['String']['output'];
};

/** Why a suggestion says what it says */
export type ClassificationGround = {
  /** Where it is printed */
  readonly citation: Scalars['String']['output'];
  /** Names of the facts that it was answered from */
  readonly facts: ReadonlyArray<Scalars['String']['output']>;
  /** The rule, in words */
  readonly rule: Scalars['String']['output'];
};

/** A validation study to be planned */
export type CreateValidationStudyInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** What it is called */
  readonly title: Scalars['String']['input'];
};

/** The study, a draft */
export type CreateValidationStudyPayload = {
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** As it is now */
  readonly study: ValidationStudy;
};

/** What a dataset is for */
export type DatasetPurpose =
  /** `monitor` of REST */
  | 'MONITOR'
  /** `test` of REST */
  | 'TEST'
  /** `train` of REST */
  | 'TRAIN'
  /** `tune` of REST */
  | 'TUNE';

/** Whether a dataset is there */
export type DatasetState =
  /** It is there, for good */
  | 'FROZEN'
  /** Its cases are being chosen and checked */
  | 'MAKING'
  /** It could not be made: `code` says why; nothing is kept of it */
  | 'REFUSED';

/** Impact, reasonably likely, of a decision based on wrong information (MDR Rule 11, first paragraph) */
export type DecisionImpact =
  /** `death-or-irreversible` of REST */
  | 'DEATH_OR_IRREVERSIBLE'
  /** `other` of REST */
  | 'OTHER'
  /** `serious-or-surgery` of REST */
  | 'SERIOUS_OR_SURGERY';

/** What was otherwise than planned */
export type DeviationKind =
  /** Something that was done */
  | 'DEVIATION'
  /** Something that was added afterwards */
  | 'POST_HOC';

/** What a manufacturer states of a device, and nothing that follows from it */
export type DeviceFactsInput = {
  /** It is an AI system (Regulation (EU) 2024/1689 Art 3(1)) */
  readonly ai: Scalars['Boolean']['input'];
  /** It acquires, processes or analyses a medical image, a signal of an IVD, or a pattern (FD&C 520(o)(1)(E), criterion 1) */
  readonly analysesImageOrSignal: Scalars['Boolean']['input'];
  /** That user can review the basis of a recommendation independently (criterion 4) */
  readonly basisReviewable: Scalars['Boolean']['input'];
  /** An active therapeutic device whose diagnostic function significantly determines the management (MDR Rule 22) */
  readonly closedLoopTherapy: Scalars['Boolean']['input'];
  /** It is part of a combination product (21 CFR 3.2(e)) */
  readonly combinationProduct: Scalars['Boolean']['input'];
  /** Impact, reasonably likely, of a decision based on wrong information (MDR Rule 11, first paragraph) */
  readonly decisionImpact?: InputMaybe<DecisionImpact>;
  /** It gives information for decisions with diagnosis or therapeutic purposes (MDR Rule 11, first paragraph) */
  readonly decisionInformation: Scalars['Boolean']['input'];
  /** Class of a hardware device that it drives or influences the use of (MDR Annex VIII 3.3) */
  readonly drivesDeviceClass?: InputMaybe<MdrClass>;
  /** What the software does, in the words by which regulations sort it */
  readonly function: DeviceFunction;
  /** How severe the possible harm is (IEC 62304 4.3 a) */
  readonly harmSeverity: HarmSeverity;
  /** A failure can contribute to a hazardous situation (IEC 62304 4.3 a) */
  readonly hazardousSituationPossible: Scalars['Boolean']['input'];
  /** General and special controls together can’t assure safety and effectiveness (FD&C 513(a)(1)(C)) */
  readonly highRiskBeyondSpecialControls: Scalars['Boolean']['input'];
  /** The intended purpose is medical (MDR Art 2(1), FD&C 201(h)) */
  readonly medicalPurpose: Scalars['Boolean']['input'];
  /** What it monitors of physiological processes (MDR Rule 11, second paragraph) */
  readonly monitoring: PhysiologicalMonitoring;
  /** It displays, analyses or prints medical information only (criterion 2) */
  readonly onlyMedicalInformation: Scalars['Boolean']['input'];
  /** A legally marketed device with the same intended use exists */
  readonly predicate: Scalars['Boolean']['input'];
  /** A failure could present a probable risk of death or serious injury, before any control (FDA, June 2023) */
  readonly probableDeathOrSeriousInjuryBeforeControls: Scalars['Boolean']['input'];
  /** Its user is a healthcare professional (FD&C 520(o)(1)(E), criterion 3) */
  readonly professionalUser: Scalars['Boolean']['input'];
  /** Significance of the information to the healthcare decision (IMDRF N12 5.1) */
  readonly significance?: InputMaybe<InformationSignificance>;
  /** State of the healthcare situation or condition (IMDRF N12 5.2) */
  readonly situation?: InputMaybe<HealthcareSituation>;
  /** It is used where time is critical */
  readonly timeCritical: Scalars['Boolean']['input'];
  /** Unacceptable risk remains after the risk controls outside the software (IEC 62304 4.3 a) */
  readonly unacceptableAfterExternalControls: Scalars['Boolean']['input'];
};

/** What the software does, in the words by which regulations sort it */
export type DeviceFunction =
  /** `acquisition-guidance` of REST */
  | 'ACQUISITION_GUIDANCE'
  /** `administrative` of REST */
  | 'ADMINISTRATIVE'
  /** `autonomous-diagnosis` of REST */
  | 'AUTONOMOUS_DIAGNOSIS'
  /** `characterization-of-cancer` of REST */
  | 'CHARACTERIZATION_OF_CANCER'
  /** `communication` of REST */
  | 'COMMUNICATION'
  /** `decision-support-without-image` of REST */
  | 'DECISION_SUPPORT_WITHOUT_IMAGE'
  /** `detection` of REST */
  | 'DETECTION'
  /** `detection-and-diagnosis` of REST */
  | 'DETECTION_AND_DIAGNOSIS'
  /** `image-management` of REST */
  | 'IMAGE_MANAGEMENT'
  /** `other` of REST */
  | 'OTHER'
  /** `physiological-monitoring` of REST */
  | 'PHYSIOLOGICAL_MONITORING'
  /** `prioritization-of-lesions` of REST */
  | 'PRIORITIZATION_OF_LESIONS'
  /** `retinal-screening-autonomous` of REST */
  | 'RETINAL_SCREENING_AUTONOMOUS'
  /** `risk-prediction` of REST */
  | 'RISK_PREDICTION'
  /** `storage` of REST */
  | 'STORAGE'
  /** `triage-and-notification` of REST */
  | 'TRIAGE_AND_NOTIFICATION';

/** Who stands for what, when and why (21 CFR 11.50), bound to the content by the server (11.70) */
export type ElectronicSignature = {
  /** How they were asked again who they are (RFC 8176) */
  readonly authentication: ReadonlyArray<Scalars['String']['output']>;
  /** Id of the study, or `TYPE/ID` of the record */
  readonly entityId: Scalars['String']['output'];
  /** `protocol`, `freeze`, `analysis`, `package`; `regulatory-record` */
  readonly entityType: Scalars['String']['output'];
  /** Of the signature */
  readonly id: Scalars['ID']['output'];
  /** All of this, signed by the server (RFC 7515, compact) */
  readonly jws: Scalars['String']['output'];
  /** What it says */
  readonly meaning: SignatureMeaning;
  /** Their name as it was then */
  readonly printedName: Scalars['String']['output'];
  /** When they were */
  readonly reauthenticatedAt: Scalars['DateTime']['output'];
  /** Digest of what was signed, hex */
  readonly recordSha256: Scalars['String']['output'];
  /** In which part or role */
  readonly role: Scalars['String']['output'];
  /** When */
  readonly signedAt: Scalars['DateTime']['output'];
  /** Who signed, as the ledger calls them */
  readonly signer: Scalars['String']['output'];
  /** Whose clock said so */
  readonly timeSource: Scalars['String']['output'];
  /** Version of the protocol or record, number of the analysis or package; 1 of the freeze */
  readonly version: Scalars['Int']['output'];
};

/** A package of a study, sealed once */
export type EvidencePackage = {
  /** Path of the ZIP, of the last one: these bytes until something is added to the study, which is then sealed anew. Null of earlier ones */
  readonly address?: Maybe<Scalars['String']['output']>;
  /** When it was put there */
  readonly createdAt: Scalars['DateTime']['output'];
  /** Who put it there, as the ledger calls them */
  readonly createdBy: Scalars['String']['output'];
  /** From 1 */
  readonly number: Scalars['Int']['output'];
  /** When it was sealed */
  readonly signedAt: Scalars['DateTime']['output'];
  /** SHA-512 of its tagmanifest-sha512.txt, hex: what is signed of it */
  readonly tagSha512: Scalars['String']['output'];
};

/** Class and way to market in the United States */
export type FdaSuggestion = {
  /** I, II or III */
  readonly class?: Maybe<Scalars['String']['output']>;
  /** Whether it is a device there */
  readonly device: Scalars['Boolean']['output'];
  /** Basic or Enhanced software documentation */
  readonly documentationLevel?: Maybe<Scalars['String']['output']>;
  /** The rules that gave it, with their citations */
  readonly grounds: ReadonlyArray<ClassificationGround>;
  /** none, non-device CDS, 510(k), De Novo or PMA */
  readonly pathway: Scalars['String']['output'];
  /** Product codes of the regulation */
  readonly productCodes: ReadonlyArray<Scalars['String']['output']>;
  /** Classification regulation, where one is known for the function */
  readonly regulation?: Maybe<Scalars['String']['output']>;
};

/** What a model says of one thing that it looks for, as a FHIR Observation has it */
export type Finding = Node & {
  /** Code of the finding */
  readonly code: Scalars['String']['output'];
  /** Confidence of the model, 0 to 1, where it gives one */
  readonly confidence?: Maybe<Scalars['Float']['output']>;
  /** Opaque, and of one thing in the whole graph: hand it back as it is */
  readonly id: Scalars['ID']['output'];
  /** What was looked for, as the model’s card names it */
  readonly label: Scalars['String']['output'];
  /** Probability from which it is called present */
  readonly operatingThreshold: Scalars['Float']['output'];
  /** 0 to 1 */
  readonly probability: Scalars['Float']['output'];
  /** Execution provider that the model ran on */
  readonly provider: Scalars['String']['output'];
  /** The report that it is of */
  readonly report?: Maybe<Report>;
  /** The image it stands on */
  readonly sopInstanceUID: Scalars['String']['output'];
  /** Its code system (URI) */
  readonly system: Scalars['String']['output'];
  /** Uncertainty of the model, as its card defines it, where it gives one */
  readonly uncertainty?: Maybe<Scalars['Float']['output']>;
  /** What the probability comes to, or what a reviewer calls it */
  readonly verdict: FindingVerdict;
};

/** What is said of a thing that a model looks for */
export type FindingVerdict =
  /** Its probability is below the operating threshold, or a reviewer calls it so */
  | 'ABSENT'
  /** Its probability reaches the operating threshold, or a reviewer calls it so */
  | 'PRESENT'
  /** The model doubts: a person should look */
  | 'SECOND_LOOK';

/** The study whose truth is to be frozen, by the protocol’s rule */
export type FreezeReferenceInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** Of the validation study */
  readonly study: Scalars['ID']['input'];
};

/** The truth is frozen */
export type FreezeReferencePayload = {
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** Its digest */
  readonly reference: ReferenceStandard;
};

/** The study of which truth, readings and predictions are to be frozen */
export type FreezeStudyInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** Of the validation study */
  readonly study: Scalars['ID']['input'];
};

/** All that results come from is frozen */
export type FreezeStudyPayload = {
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** What two people sign to unblind */
  readonly freeze: StudyFreeze;
};

/** How severe the possible harm is (IEC 62304 4.3 a) */
export type HarmSeverity =
  /** `non-serious` of REST */
  | 'NON_SERIOUS'
  /** `serious-or-death` of REST */
  | 'SERIOUS_OR_DEATH';

/** State of the healthcare situation or condition (IMDRF N12 5.2) */
export type HealthcareSituation =
  /** `critical` of REST */
  | 'CRITICAL'
  /** `non-serious` of REST */
  | 'NON_SERIOUS'
  /** `serious` of REST */
  | 'SERIOUS';

/** The measures of an image, and the score of the first four; the model’s card says what passes */
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

/** Category of risk (IMDRF N12 7.2) */
export type ImdrfSuggestion = {
  /** I to IV; null where an axis is not given or the purpose is not medical */
  readonly category?: Maybe<Scalars['String']['output']>;
  /** The rules that gave it, with their citations */
  readonly grounds: ReadonlyArray<ClassificationGround>;
};

/** Labels from pathology, follow-up or a record: all of them are taken, or none */
export type ImportLabelsInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** CSV text with case_id, label (0, 1, or nothing: not to be told), method */
  readonly csv: Scalars['String']['input'];
  /** Of the validation study */
  readonly study: Scalars['ID']['input'];
};

/** The labels are kept */
export type ImportLabelsPayload = {
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** How many */
  readonly rows: Scalars['Int']['output'];
};

/** Significance of the information to the healthcare decision (IMDRF N12 5.1) */
export type InformationSignificance =
  /** `drive` of REST */
  | 'DRIVE'
  /** `inform` of REST */
  | 'INFORM'
  /** `treat-or-diagnose` of REST */
  | 'TREAT_OR_DIAGNOSE';

/** An image or another object of a series, as received */
export type Instance = Node & {
  /** Size of the file as received */
  readonly bytes: Scalars['Float']['output'];
  /** True for what this server made itself: reports, attention maps */
  readonly derived: Scalars['Boolean']['output'];
  /** Opaque, and of one thing in the whole graph: hand it back as it is */
  readonly id: Scalars['ID']['output'];
  /** Instance Number (0020,0013) */
  readonly instanceNumber?: Maybe<Scalars['Int']['output']>;
  /** What each model made of it, and why where it did not read it */
  readonly readings?: Maybe<ReadonlyArray<Reading>>;
  /** The series that it is of */
  readonly series?: Maybe<Series>;
  /** SHA-256 of the file as received, hex */
  readonly sha256: Scalars['String']['output'];
  /** SOP Class UID (0008,0016) */
  readonly sopClassUID: Scalars['String']['output'];
  /** SOP Instance UID (0008,0018) */
  readonly sopInstanceUID: Scalars['String']['output'];
  /** The study that it is of */
  readonly study?: Maybe<Study>;
  /** Transfer syntax of the file as received */
  readonly transferSyntaxUID: Scalars['String']['output'];
};

/** What is done with resources of a type: the letters of a SMART scope */
export type Interaction =
  /** c of a scope */
  | 'CREATE'
  /** d of a scope */
  | 'DELETE'
  /** r of a scope */
  | 'READ'
  /** s of a scope */
  | 'SEARCH'
  /** u of a scope */
  | 'UPDATE';

/** A truther’s own label of a case */
export type LabelCaseInput = {
  /** It decides between others’ labels */
  readonly adjudicates: Scalars['Boolean']['input'];
  /** Of the case */
  readonly caseKey: Scalars['String']['input'];
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** 1 has the disease, 0 has it not; null: it can’t be told. It must be given */
  readonly label?: InputMaybe<Scalars['Int']['input']>;
  /** How it was found: panel, say */
  readonly method: Scalars['String']['input'];
  /** Of the validation study */
  readonly study: Scalars['ID']['input'];
};

/** The label is kept */
export type LabelCasePayload = {
  /** Of the case */
  readonly caseKey: Scalars['String']['output'];
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
};

/** Class of a hardware device that it drives or influences the use of (MDR Annex VIII 3.3) */
export type MdrClass =
  /** `I` of REST */
  | 'I'
  /** `IIa` of REST */
  | 'IIA'
  /** `IIb` of REST */
  | 'IIB'
  /** `III` of REST */
  | 'III';

/** Qualification and class (Regulation (EU) 2017/745, Annex VIII) */
export type MdrSuggestion = {
  /** Null where it is none, or where facts are missing */
  readonly class?: Maybe<Scalars['String']['output']>;
  /** The rules that gave it, with their citations */
  readonly grounds: ReadonlyArray<ClassificationGround>;
  /** Names of the facts without which the class is open */
  readonly missing: ReadonlyArray<Scalars['String']['output']>;
  /** Whether a notified body takes part; null where the class is open */
  readonly notifiedBody?: Maybe<Scalars['Boolean']['output']>;
  /** Whether it is a medical device at all */
  readonly qualifies: Scalars['Boolean']['output'];
  /** The rule that gave the class */
  readonly subRule?: Maybe<Scalars['String']['output']>;
  /** What the indicative table of MDCG 2019-11 says beside it */
  readonly tableClass?: Maybe<Scalars['String']['output']>;
  /** The legal text and the table differ: that needs a written justification */
  readonly tableConflict: Scalars['Boolean']['output'];
};

/** A model that this server reads with, as its card says */
export type Model = Node & {
  /** Labels of its classes, in the order of probabilities */
  readonly classes: ReadonlyArray<Scalars['String']['output']>;
  /** Opaque, and of one thing in the whole graph: hand it back as it is */
  readonly id: Scalars['ID']['output'];
  /** What it is for, as its card says */
  readonly intendedUse: Scalars['String']['output'];
  /** What it is not for, or not good at */
  readonly limitations: ReadonlyArray<Scalars['String']['output']>;
  /** Its name in the folder of models */
  readonly name: Scalars['String']['output'];
  /** True where it may not be used for patients’ care */
  readonly notForClinicalUse: Scalars['Boolean']['output'];
  /** The execution provider it runs on; null while none was accepted */
  readonly provider?: Maybe<Scalars['String']['output']>;
  /** Providers tried before and refused */
  readonly refusedProviders: ReadonlyArray<RefusedProvider>;
  /** SHA-256 of the ONNX file, hex */
  readonly sha256: Scalars['String']['output'];
  /** Its name for people */
  readonly title: Scalars['String']['output'];
  /** Its version: a name and version are one file for ever */
  readonly version: Scalars['String']['output'];
};

/** What can be changed */
export type Mutation = {
  /** Writes a version of a record of the regulatory file */
  readonly addRegulatoryRecord?: Maybe<AddRegulatoryRecordPayload>;
  /** Gives somebody a part in a study; nobody gives one to themselves, and nobody has two */
  readonly addStudyMember?: Maybe<AddStudyMemberPayload>;
  /** Computes the results by the locked plan; once that is done, by another plan, post-hoc */
  readonly analyseStudy?: Maybe<AnalyseStudyPayload>;
  /** Notes something of a study or a report: kept as a FHIR Observation (LOINC 48767-8) */
  readonly annotateStudy?: Maybe<AnnotateStudyPayload>;
  /** Says who is to perform a workitem */
  readonly assignWorkitem?: Maybe<AssignWorkitemPayload>;
  /** Begins to make a dataset: cases chosen from the archive, checked against what the model was trained on, and frozen */
  readonly beginDataset?: Maybe<BeginDatasetPayload>;
  /** Takes a workitem that nobody has taken: it is IN PROGRESS then */
  readonly claimWorkitem?: Maybe<ClaimWorkitemPayload>;
  /** Makes a validation study, a draft */
  readonly createValidationStudy?: Maybe<CreateValidationStudyPayload>;
  /** Freezes the reference standard, by the protocol’s rule */
  readonly freezeReference?: Maybe<FreezeReferencePayload>;
  /** Freezes truth, readings and predictions */
  readonly freezeStudy?: Maybe<FreezeStudyPayload>;
  /** Brings labels from pathology, follow-up or a record */
  readonly importLabels?: Maybe<ImportLabelsPayload>;
  /** Labels a case, as a truther */
  readonly labelCase?: Maybe<LabelCasePayload>;
  /** Opens a reader’s next case: its time runs from now */
  readonly openCase?: Maybe<OpenCasePayload>;
  /** Has a study read: by models that came after it, and again where it failed or was passed over */
  readonly requestReading?: Maybe<RequestReadingPayload>;
  /** Accepts, amends or rejects a report: it becomes final, amended or cancelled, signed and on record (FHIR: $review) */
  readonly reviewReport?: Maybe<ReviewReportPayload>;
  /** Signs a version of a record of the regulatory file; the person is asked again who they are */
  readonly signRegulatoryRecord?: Maybe<SignRegulatoryRecordPayload>;
  /** Signs something of a study; the person is asked again who they are */
  readonly signStudy?: Maybe<SignStudyPayload>;
  /** Begins the run of the model, or has one that stopped go on */
  readonly startRun?: Maybe<StartRunPayload>;
  /** Reads the open case: it stands */
  readonly submitReading?: Maybe<SubmitReadingPayload>;
  /** Takes a study on: locked, running, unblinded, closed; or terminated. What is missing is the error’s `code` */
  readonly takeStudyStep?: Maybe<TakeStudyStepPayload>;
  /** Takes up a model, as a new version: after its SHA-256, opset, operators and contract were checked, and it was loaded once */
  readonly uploadModel?: Maybe<UploadModelPayload>;
  /** Brings a model file a part at a time, in order; a part may be sent again */
  readonly uploadModelPart?: Maybe<UploadModelPartPayload>;
  /** Writes the next version of a protocol; of a locked study, an amendment, which the three sign */
  readonly writeProtocol?: Maybe<WriteProtocolPayload>;
};


/** What can be changed */
export type MutationAddRegulatoryRecordArgs = {
  input: AddRegulatoryRecordInput;
};


/** What can be changed */
export type MutationAddStudyMemberArgs = {
  input: AddStudyMemberInput;
};


/** What can be changed */
export type MutationAnalyseStudyArgs = {
  input: AnalyseStudyInput;
};


/** What can be changed */
export type MutationAnnotateStudyArgs = {
  input: AnnotateStudyInput;
};


/** What can be changed */
export type MutationAssignWorkitemArgs = {
  input: AssignWorkitemInput;
};


/** What can be changed */
export type MutationBeginDatasetArgs = {
  input: BeginDatasetInput;
};


/** What can be changed */
export type MutationClaimWorkitemArgs = {
  input: ClaimWorkitemInput;
};


/** What can be changed */
export type MutationCreateValidationStudyArgs = {
  input: CreateValidationStudyInput;
};


/** What can be changed */
export type MutationFreezeReferenceArgs = {
  input: FreezeReferenceInput;
};


/** What can be changed */
export type MutationFreezeStudyArgs = {
  input: FreezeStudyInput;
};


/** What can be changed */
export type MutationImportLabelsArgs = {
  input: ImportLabelsInput;
};


/** What can be changed */
export type MutationLabelCaseArgs = {
  input: LabelCaseInput;
};


/** What can be changed */
export type MutationOpenCaseArgs = {
  input: OpenCaseInput;
};


/** What can be changed */
export type MutationRequestReadingArgs = {
  input: RequestReadingInput;
};


/** What can be changed */
export type MutationReviewReportArgs = {
  input: ReviewReportInput;
};


/** What can be changed */
export type MutationSignRegulatoryRecordArgs = {
  input: SignRegulatoryRecordInput;
};


/** What can be changed */
export type MutationSignStudyArgs = {
  input: SignStudyInput;
};


/** What can be changed */
export type MutationStartRunArgs = {
  input: StartRunInput;
};


/** What can be changed */
export type MutationSubmitReadingArgs = {
  input: SubmitReadingInput;
};


/** What can be changed */
export type MutationTakeStudyStepArgs = {
  input: TakeStudyStepInput;
};


/** What can be changed */
export type MutationUploadModelArgs = {
  input: UploadModelInput;
};


/** What can be changed */
export type MutationUploadModelPartArgs = {
  input: UploadModelPartInput;
};


/** What can be changed */
export type MutationWriteProtocolArgs = {
  input: WriteProtocolInput;
};

/** What can be asked for again by its id alone (Relay, Global Object Identification) */
export type Node = {
  /** Opaque, and of one thing in the whole graph: hand it back as it is */
  readonly id: Scalars['ID']['output'];
};

/** What a person noted of a study or a report */
export type Note = {
  /** Reference of who noted it, where they are known as a FHIR resource */
  readonly author?: Maybe<Scalars['String']['output']>;
  /** Of the FHIR Observation (LOINC 48767-8) that holds it */
  readonly id: Scalars['ID']['output'];
  /** What was noted */
  readonly text: Scalars['String']['output'];
  /** When it was noted */
  readonly time: Scalars['DateTime']['output'];
};

/** The study of which a reader opens the next case */
export type OpenCaseInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** Of the validation study */
  readonly study: Scalars['ID']['input'];
};

/** The next case */
export type OpenCasePayload = {
  /** Null where none is left */
  readonly case?: Maybe<OpenedCase>;
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
};

/** A case that a reader has before them: its time runs */
export type OpenedCase = {
  /** With what it is read */
  readonly arm: ReadingArm;
  /** Of the case */
  readonly caseKey: Scalars['String']['output'];
  /** Path of its image (PNG) */
  readonly imageAddress: Scalars['String']['output'];
  /** How many are left, with this one */
  readonly left: Scalars['Int']['output'];
  /** The place in it */
  readonly place: Scalars['Int']['output'];
  /** The reader’s key */
  readonly reader: Scalars['String']['output'];
  /** The session, from 1 */
  readonly session: Scalars['Int']['output'];
  /** JSON text: what the model answered, of an arm with it */
  readonly shown?: Maybe<Scalars['String']['output']>;
};

/** Where a page lies in its list (Relay, Cursor Connections) */
export type PageInfo = {
  /** Cursor of the last thing of the page; null of an empty one */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
  /** Things follow this page; walking backwards: whether `before` was given */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Things come before this page; walking forwards: whether `after` was given */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** Cursor of the first thing of the page; null of an empty one */
  readonly startCursor?: Maybe<Scalars['String']['output']>;
};

/** Whom a study is of, as the FHIR Patient says it */
export type Patient = {
  /** YYYY-MM-DD, or a part of it */
  readonly birthDate?: Maybe<Scalars['String']['output']>;
  /** male, female, other or unknown */
  readonly gender: Scalars['String']['output'];
  /** Of the FHIR Patient */
  readonly id: Scalars['ID']['output'];
  /** Numbers that the patient is known by */
  readonly identifiers: ReadonlyArray<PatientIdentifier>;
  /** As it is written: the first name that the Patient has */
  readonly name?: Maybe<Scalars['String']['output']>;
};

/** A number that a patient is known by */
export type PatientIdentifier = {
  /** Who gave the number (URI) */
  readonly system?: Maybe<Scalars['String']['output']>;
  /** The number */
  readonly value: Scalars['String']['output'];
};

/** Who is to perform a workitem (Scheduled Human Performers Sequence, 0040,4034) */
export type PerformerInput = {
  /** Code of the performer, 16 characters at most */
  readonly code: Scalars['String']['input'];
  /** What the code means: the performer’s name for people, 64 characters at most */
  readonly meaning: Scalars['String']['input'];
  /** Family^Given */
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** The performer’s organisation, 64 characters at most */
  readonly organization?: InputMaybe<Scalars['String']['input']>;
  /** Coding scheme designator */
  readonly scheme: Scalars['String']['input'];
};

/** What it monitors of physiological processes (MDR Rule 11, second paragraph) */
export type PhysiologicalMonitoring =
  /** `none` of REST */
  | 'NONE'
  /** `non-vital` of REST */
  | 'NON_VITAL'
  /** `vital-immediate-danger` of REST */
  | 'VITAL_IMMEDIATE_DANGER';

/** What a version of a protocol is */
export type ProtocolKind =
  /** A change after the lock: it holds once the three have signed it */
  | 'AMENDMENT'
  /** A draft, which a lock makes the protocol */
  | 'PROTOCOL';

/** What can be asked */
export type Query = {
  /** The ledger’s records about a study, with its instances and reports, or about one report; newest first */
  readonly audit?: Maybe<AuditRecordConnection>;
  /** What the rules suggest of these facts, with citations; nothing is kept */
  readonly classify?: Maybe<Classification>;
  /** The models this server reads with */
  readonly models?: Maybe<ReadonlyArray<Model>>;
  /** Needs the right to read what it is: as the field that leads there does */
  readonly node?: Maybe<Node>;
  /** In the order of the ids, 100 at most */
  readonly nodes?: Maybe<ReadonlyArray<Maybe<Node>>>;
  /** What models made of instances, newest first */
  readonly readings?: Maybe<ReadingConnection>;
  /** A version of a record; null where there is none */
  readonly regulatoryRecord?: Maybe<RegulatoryRecord>;
  /** Records of a type by their ids, each in its newest version */
  readonly regulatoryRecords?: Maybe<RegulatoryRecordConnection>;
  /** A report by its id; null where there is none for the caller */
  readonly report?: Maybe<Report>;
  /** Issued reports, newest first */
  readonly reports?: Maybe<ReportConnection>;
  /** Public keys of all that was ever signed here */
  readonly signingKeys: ReadonlyArray<SigningKey>;
  /** Studies, newest first */
  readonly studies?: Maybe<StudyConnection>;
  /** A study by its UID; null where there is none for the caller */
  readonly study?: Maybe<Study>;
  /** A dataset, or how far its making is; null where there is none */
  readonly validationDataset?: Maybe<ValidationDataset>;
  /** Datasets that are frozen, newest first */
  readonly validationDatasets?: Maybe<ValidationDatasetConnection>;
  /** Validation studies, newest first */
  readonly validationStudies?: Maybe<ValidationStudySummaryConnection>;
  /** A validation study; null where there is none */
  readonly validationStudy?: Maybe<ValidationStudy>;
  /** The worklist, oldest first */
  readonly workitems?: Maybe<WorkitemConnection>;
};


/** What can be asked */
export type QueryAuditArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  reportId?: InputMaybe<Scalars['String']['input']>;
  studyInstanceUID?: InputMaybe<Scalars['String']['input']>;
};


/** What can be asked */
export type QueryClassifyArgs = {
  facts: DeviceFactsInput;
};


/** What can be asked */
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


/** What can be asked */
export type QueryNodesArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>;
};


/** What can be asked */
export type QueryReadingsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ReadingFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


/** What can be asked */
export type QueryRegulatoryRecordArgs = {
  id: Scalars['ID']['input'];
  type: RegulatoryRecordType;
  version?: InputMaybe<Scalars['Int']['input']>;
};


/** What can be asked */
export type QueryRegulatoryRecordsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  type: RegulatoryRecordType;
};


/** What can be asked */
export type QueryReportArgs = {
  id: Scalars['String']['input'];
};


/** What can be asked */
export type QueryReportsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ReportFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


/** What can be asked */
export type QueryStudiesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<StudyFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


/** What can be asked */
export type QueryStudyArgs = {
  studyInstanceUID: Scalars['String']['input'];
};


/** What can be asked */
export type QueryValidationDatasetArgs = {
  id: Scalars['ID']['input'];
};


/** What can be asked */
export type QueryValidationDatasetsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


/** What can be asked */
export type QueryValidationStudiesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


/** What can be asked */
export type QueryValidationStudyArgs = {
  id: Scalars['ID']['input'];
};


/** What can be asked */
export type QueryWorkitemsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<WorkitemFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** What one model version made of one instance: an inference run */
export type Reading = Node & {
  /** Confidence of the model, 0 to 1, where it gives one */
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
  /** Version of the model that made it */
  readonly modelVersion: Scalars['String']['output'];
  /** The classes, counted from 0, that can’t be ruled out at the coverage of the model’s card */
  readonly predictionSet?: Maybe<ReadonlyArray<Scalars['Int']['output']>>;
  /** Entropy of the probabilities over its greatest value, 0 to 1 */
  readonly predictiveEntropy?: Maybe<Scalars['Float']['output']>;
  /** One for each class of the model */
  readonly probabilities?: Maybe<ReadonlyArray<Scalars['Float']['output']>>;
  /** The execution provider that made it */
  readonly provider?: Maybe<Scalars['String']['output']>;
  /** Measures of the image */
  readonly quality?: Maybe<ImageQuality>;
  /** The same in words */
  readonly reason?: Maybe<Scalars['String']['output']>;
  /** Why it was not read or failed: a stable code */
  readonly reasonCode?: Maybe<Scalars['String']['output']>;
  /** Whether the measure of doubt that the model’s card names asks for a second look */
  readonly refers?: Maybe<Scalars['Boolean']['output']>;
  /** Whether it was read */
  readonly state: ReadingState;
  /** The study of its instance */
  readonly study?: Maybe<Study>;
  /** How long each step took */
  readonly timings?: Maybe<Timings>;
  /** Uncertainty of the model, as its card defines it, where it gives one */
  readonly uncertainty?: Maybe<Scalars['Float']['output']>;
};

/** What a reader has before them */
export type ReadingArm =
  /** The image, and what the model answered */
  | 'AIDED'
  /** The image alone */
  | 'UNAIDED';

/** A page of a list of Readings (Relay, Cursor Connections) */
export type ReadingConnection = {
  /** The things of the page, in the list’s order */
  readonly edges: ReadonlyArray<ReadingEdge>;
  /** What lies around the page */
  readonly pageInfo: PageInfo;
};

/** A Reading in its place in a list */
export type ReadingEdge = {
  /** Of its place: what `after` and `before` take */
  readonly cursor: Scalars['String']['output'];
  /** The thing itself */
  readonly node: Reading;
};

/** Readings that meet all that is given */
export type ReadingFilter = {
  /** Name of the model */
  readonly modelName?: InputMaybe<Scalars['String']['input']>;
  /** Version of the model */
  readonly modelVersion?: InputMaybe<Scalars['String']['input']>;
  /** Whether it was read */
  readonly state?: InputMaybe<ReadingState>;
  /** Of instances of this study */
  readonly studyInstanceUID?: InputMaybe<Scalars['String']['input']>;
};

/** A place that a reader marked, in pixels of the image */
export type ReadingMark = {
  /** How suspicious it is */
  readonly rating: Scalars['Float']['input'];
  /** Column */
  readonly x: Scalars['Float']['input'];
  /** Row */
  readonly y: Scalars['Float']['input'];
};

/** What came of an instance that a model was given */
export type ReadingState =
  /** Reading it was tried, and given up */
  | 'FAILED'
  /** It is none that the model reads */
  | 'NOT_READ'
  /** The model read it */
  | 'READ';

/** The truth of a study’s cases, frozen: its digest, and nothing of what it says */
export type ReferenceStandard = {
  /** Cases that have a truth */
  readonly cases: Scalars['Int']['output'];
  /** When it was put there */
  readonly createdAt: Scalars['DateTime']['output'];
  /** Who put it there, as the ledger calls them */
  readonly createdBy: Scalars['String']['output'];
  /** SHA-256, hex */
  readonly sha256: Scalars['String']['output'];
};

/** An execution provider that a model does not run on */
export type RefusedProvider = {
  /** Name of the execution provider */
  readonly provider: Scalars['String']['output'];
  /** absent, failed, or in disagreement with the CPU */
  readonly why: Scalars['String']['output'];
};

/** A version of a record of the regulatory file: never changed, superseded by the next */
export type RegulatoryRecord = {
  /** Canonical JSON text (RFC 8785); /evidence/record-types tells its schema */
  readonly content: Scalars['String']['output'];
  /** When it was written */
  readonly createdAt: Scalars['DateTime']['output'];
  /** Who wrote it, as the ledger calls them */
  readonly createdBy: Scalars['String']['output'];
  /** What `ifMatch` takes for the next version */
  readonly etag: Scalars['String']['output'];
  /** Of the record: the same in all its versions */
  readonly id: Scalars['ID']['output'];
  /** Why it was written */
  readonly reason: Scalars['String']['output'];
  /** SHA-256 of `content`, hex: what references and signatures name */
  readonly sha256: Scalars['String']['output'];
  /** What it is a record of */
  readonly type: RegulatoryRecordType;
  /** From 1, without gaps */
  readonly version: Scalars['Int']['output'];
};

/** A page of a list of RegulatoryRecords (Relay, Cursor Connections) */
export type RegulatoryRecordConnection = {
  /** The things of the page, in the list’s order */
  readonly edges: ReadonlyArray<RegulatoryRecordEdge>;
  /** What lies around the page */
  readonly pageInfo: PageInfo;
};

/** A RegulatoryRecord in its place in a list */
export type RegulatoryRecordEdge = {
  /** Of its place: what `after` and `before` take */
  readonly cursor: Scalars['String']['output'];
  /** The thing itself */
  readonly node: RegulatoryRecord;
};

/** What the regulatory file has records of */
export type RegulatoryRecordType =
  /** A person’s decision on the classes of a device, with the facts, and what the rules suggested of them with citations. */
  | 'CLASSIFICATION_DECISION'
  /** A device, its manufacturer and its identifiers; null until an issuing entity has given them. */
  | 'DEVICE'
  /** What a device is for, for whom, used by whom and where, and where it ends. */
  | 'INTENDED_USE'
  /** The card of a model that this server reads with, as it was when the record was made. */
  | 'MODEL_CARD'
  /** A model that this server reads with, by its file: made by the server of the file as it is now and of its card. */
  | 'MODEL_VERSION';

/** What one model version says of a study, and what people made of it: a FHIR DiagnosticReport */
export type Report = Node & {
  /** What it comes to, in words */
  readonly conclusion: Scalars['String']['output'];
  /** ETag of the FHIR DiagnosticReport: what `ifMatch` of a review must name */
  readonly etag?: Maybe<Scalars['String']['output']>;
  /** Those whose Observation the caller may read */
  readonly findings?: Maybe<ReadonlyArray<Finding>>;
  /** Also the id of the FHIR DiagnosticReport */
  readonly id: Scalars['ID']['output'];
  /** When the model’s version of it was issued */
  readonly issued: Scalars['DateTime']['output'];
  /** The model that made it, while this server has that version */
  readonly model?: Maybe<Model>;
  /** Of the model that made it, whether this server still has it or not */
  readonly modelName: Scalars['String']['output'];
  /** Version of the model that made it */
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
  /** Preliminary, until a person reviews it */
  readonly status: ReportStatus;
  /** The study it is of, unless that was deleted from the archive */
  readonly study?: Maybe<Study>;
  /** Of what the model says; reviews do not count */
  readonly version: Scalars['Int']['output'];
};

/** A page of a list of Reports (Relay, Cursor Connections) */
export type ReportConnection = {
  /** The things of the page, in the list’s order */
  readonly edges: ReadonlyArray<ReportEdge>;
  /** What lies around the page */
  readonly pageInfo: PageInfo;
};

/** A Report in its place in a list */
export type ReportEdge = {
  /** Of its place: what `after` and `before` take */
  readonly cursor: Scalars['String']['output'];
  /** The thing itself */
  readonly node: Report;
};

/** Reports that meet all that is given */
export type ReportFilter = {
  /** Issued then or later */
  readonly issuedSince?: InputMaybe<Scalars['DateTime']['input']>;
  /** Name of the model that made it */
  readonly modelName?: InputMaybe<Scalars['String']['input']>;
  /** Version of the model that made it */
  readonly modelVersion?: InputMaybe<Scalars['String']['input']>;
  /** Patient ID (0010,0020) of its study, the whole of it */
  readonly patientID?: InputMaybe<Scalars['String']['input']>;
  /** Whether its model’s own measure of doubt asks for a second look */
  readonly refers?: InputMaybe<Scalars['Boolean']['input']>;
  /** One of these */
  readonly statuses?: InputMaybe<ReadonlyArray<ReportStatus>>;
  /** Of this study */
  readonly studyInstanceUID?: InputMaybe<Scalars['String']['input']>;
  /** Of one of its findings */
  readonly verdict?: InputMaybe<FindingVerdict>;
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
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** Name of the model whose failures alone are tried again */
  readonly model?: InputMaybe<Scalars['String']['input']>;
  /** Study Instance UID (0020,000D) */
  readonly studyInstanceUID: Scalars['String']['input'];
};

/** The study that was enqueued */
export type RequestReadingPayload = {
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** It waits to be read: `studyProgress` follows it */
  readonly study?: Maybe<Study>;
};

/** A person’s decision on a report, as its Provenance holds it */
export type Review = {
  /** What was decided */
  readonly decision: ReviewDecision;
  /** Reference of the Organization that they signed for */
  readonly onBehalfOf?: Maybe<Scalars['String']['output']>;
  /** Of the FHIR Provenance, with the signature */
  readonly provenanceId: Scalars['ID']['output'];
  /** Why it was amended or rejected */
  readonly reason?: Maybe<Scalars['String']['output']>;
  /** Reference of the Practitioner or PractitionerRole who signed */
  readonly reviewer: Scalars['String']['output'];
  /** When it was signed */
  readonly time: Scalars['DateTime']['output'];
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
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** What an amended report concludes */
  readonly conclusion?: InputMaybe<Scalars['String']['input']>;
  /** What is decided */
  readonly decision: ReviewDecision;
  /** Findings that the reviewer calls otherwise */
  readonly findings?: InputMaybe<ReadonlyArray<ReviewedFinding>>;
  /** `etag` of the report that was read: nobody signs what they have not seen */
  readonly ifMatch: Scalars['String']['input'];
  /** Of the Organization that answers for the report */
  readonly organization?: InputMaybe<Scalars['ID']['input']>;
  /** Why it is amended or rejected */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
  /** The report that was read */
  readonly reportId: Scalars['ID']['input'];
  /** Practitioner/ID or PractitionerRole/ID of who signs; the caller’s own (fhirUser) unless given */
  readonly reviewer?: InputMaybe<Scalars['String']['input']>;
};

/** The report that was reviewed */
export type ReviewReportPayload = {
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** As it stands now */
  readonly report?: Maybe<Report>;
};

/** A finding that the reviewer calls otherwise than the model */
export type ReviewedFinding = {
  /** Code of the finding */
  readonly code: Scalars['String']['input'];
  /** What the reviewer calls it */
  readonly present: Scalars['Boolean']['input'];
  /** Code system (URI) of the finding */
  readonly system: Scalars['String']['input'];
};

/** Software safety class (IEC 62304:2006+A1:2015 4.3 a) */
export type SafetyClassSuggestion = {
  /** A, B or C */
  readonly class: Scalars['String']['output'];
  /** The rules that gave it, with their citations */
  readonly grounds: ReadonlyArray<ClassificationGround>;
};

/** A series of a study, as received */
export type Series = Node & {
  /** Opaque, and of one thing in the whole graph: hand it back as it is */
  readonly id: Scalars['ID']['output'];
  /** Its instances, in the order of their numbers */
  readonly instances: ReadonlyArray<Instance>;
  /** Modality (0008,0060) */
  readonly modality?: Maybe<Scalars['String']['output']>;
  /** Series Description (0008,103E) */
  readonly seriesDescription?: Maybe<Scalars['String']['output']>;
  /** Series Instance UID (0020,000E) */
  readonly seriesInstanceUID: Scalars['String']['output'];
  /** Series Number (0020,0011) */
  readonly seriesNumber?: Maybe<Scalars['Int']['output']>;
  /** The study that it is of */
  readonly study?: Maybe<Study>;
};

/** A signature to be given on a version of a record of the regulatory file */
export type SignRegulatoryRecordInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** Of the record */
  readonly id: Scalars['ID']['input'];
  /** What the signature says */
  readonly meaning: SignatureMeaning;
  /** Of the second factor, where the account has one; in variables alone, never in the document */
  readonly oneTimeCode?: InputMaybe<Scalars['String']['input']>;
  /** Of the signer’s account at the built-in issuer; in variables alone, never in the document */
  readonly password?: InputMaybe<Scalars['String']['input']>;
  /** The digest of what was looked at, hex: another content is not signed */
  readonly recordSha256: Scalars['String']['input'];
  /** What it is a record of */
  readonly type: RegulatoryRecordType;
  /** Version of a protocol or record, number of an analysis or package; 1 of the freeze */
  readonly version: Scalars['Int']['input'];
};

/** The signature, once it stands in the ledger’s chain */
export type SignRegulatoryRecordPayload = {
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** As it is kept */
  readonly signature: ElectronicSignature;
};

/** A signature to be given on something of a study */
export type SignStudyInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** What of it is signed */
  readonly entityType: SignedEntity;
  /** What the signature says */
  readonly meaning: SignatureMeaning;
  /** Of the second factor, where the account has one; in variables alone, never in the document */
  readonly oneTimeCode?: InputMaybe<Scalars['String']['input']>;
  /** Of the signer’s account at the built-in issuer; in variables alone, never in the document */
  readonly password?: InputMaybe<Scalars['String']['input']>;
  /** The digest of what was looked at, hex: another content is not signed */
  readonly recordSha256: Scalars['String']['input'];
  /** Of the validation study */
  readonly study: Scalars['ID']['input'];
  /** Version of a protocol or record, number of an analysis or package; 1 of the freeze */
  readonly version: Scalars['Int']['input'];
};

/** The signature, once it stands in the ledger’s chain */
export type SignStudyPayload = {
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** As it is kept */
  readonly signature: ElectronicSignature;
};

/** What a signature says (21 CFR 11.50 (a)(3)) */
export type SignatureMeaning =
  /** `approval` of REST */
  | 'APPROVAL'
  /** `authorship` of REST */
  | 'AUTHORSHIP'
  /** `responsibility` of REST */
  | 'RESPONSIBILITY'
  /** `review` of REST */
  | 'REVIEW';

/** What of a validation study is signed */
export type SignedEntity =
  /** Results, by the number of their analysis */
  | 'ANALYSIS'
  /** What results are to be computed from: signed to unblind */
  | 'FREEZE'
  /** An evidence package, by its number: the digest is its `tagSha512` */
  | 'PACKAGE'
  /** A version of the protocol */
  | 'PROTOCOL';

/** A public key by which signatures of this server are checked (RFC 8037) */
export type SigningKey = {
  /** Algorithm of the signatures: EdDSA */
  readonly alg: Scalars['String']['output'];
  /** Curve: Ed25519 */
  readonly crv: Scalars['String']['output'];
  /** RFC 7638 thumbprint: `kid` in the header of a signature */
  readonly kid: Scalars['ID']['output'];
  /** Type of the key: OKP */
  readonly kty: Scalars['String']['output'];
  /** base64url */
  readonly x: Scalars['String']['output'];
};

/** The study whose run begins, or goes on */
export type StartRunInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** Of the validation study */
  readonly study: Scalars['ID']['input'];
};

/** The run goes */
export type StartRunPayload = {
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** How far it is */
  readonly run: ValidationRun;
};

/** A study as received */
export type Study = Node & {
  /** Accession Number (0008,0050) */
  readonly accessionNumber?: Maybe<Scalars['String']['output']>;
  /** Opaque, and of one thing in the whole graph: hand it back as it is */
  readonly id: Scalars['ID']['output'];
  /** What people noted of it, oldest first */
  readonly notes?: Maybe<ReadonlyArray<Note>>;
  /** Whom it is of; null for the moment until the FHIR Patient is there */
  readonly patient?: Maybe<Patient>;
  /** Patient ID (0010,0020) */
  readonly patientID?: Maybe<Scalars['String']['output']>;
  /** Alphabetic component group of PatientName */
  readonly patientName?: Maybe<Scalars['String']['output']>;
  /** Those that were issued of it */
  readonly reports?: Maybe<ReadonlyArray<Report>>;
  /** Its series, in the order of their numbers */
  readonly series: ReadonlyArray<Series>;
  /** When its first instance was stored here */
  readonly storedAt: Scalars['DateTime']['output'];
  /** DA, YYYYMMDD, as received */
  readonly studyDate?: Maybe<Scalars['String']['output']>;
  /** Study Description (0008,1030) */
  readonly studyDescription?: Maybe<Scalars['String']['output']>;
  /** Study Instance UID (0020,000D) */
  readonly studyInstanceUID: Scalars['String']['output'];
};

/** A page of a list of Studys (Relay, Cursor Connections) */
export type StudyConnection = {
  /** The things of the page, in the list’s order */
  readonly edges: ReadonlyArray<StudyEdge>;
  /** What lies around the page */
  readonly pageInfo: PageInfo;
};

/** A Study in its place in a list */
export type StudyEdge = {
  /** Of its place: what `after` and `before` take */
  readonly cursor: Scalars['String']['output'];
  /** The thing itself */
  readonly node: Study;
};

/** Studies that meet all that is given */
export type StudyFilter = {
  /** Accession Number (0008,0050), the whole of it */
  readonly accessionNumber?: InputMaybe<Scalars['String']['input']>;
  /** Study Date from this day on, YYYYMMDD */
  readonly fromDate?: InputMaybe<Scalars['String']['input']>;
  /** Of one of its series */
  readonly modality?: InputMaybe<Scalars['String']['input']>;
  /** Patient ID (0010,0020), the whole of it */
  readonly patientID?: InputMaybe<Scalars['String']['input']>;
  /** Somewhere in the patient’s name or the study’s description, whatever the case */
  readonly text?: InputMaybe<Scalars['String']['input']>;
  /** Study Date up to this day, YYYYMMDD */
  readonly toDate?: InputMaybe<Scalars['String']['input']>;
};

/** What results are computed from: two people sign it to unblind */
export type StudyFreeze = {
  /** Canonical JSON text: the digests of protocol, manifest, truth, readings and predictions */
  readonly content: Scalars['String']['output'];
  /** When it was put there */
  readonly createdAt: Scalars['DateTime']['output'];
  /** Who put it there, as the ledger calls them */
  readonly createdBy: Scalars['String']['output'];
  /** SHA-256 of `content`, hex: what is signed */
  readonly sha256: Scalars['String']['output'];
};

/** A stage that a study has come to */
export type StudyProgress = {
  /** The stage that it has come to */
  readonly stage: StudyStage;
  /** Study Instance UID (0020,000D) */
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

/** What a reader says of the open case: it stands */
export type SubmitReadingInput = {
  /** With what it was read */
  readonly arm: ReadingArm;
  /** Of the case */
  readonly caseKey: Scalars['String']['input'];
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** 1: the reader would act, 0: not; null of one that is not evaluable */
  readonly clinicalAction?: InputMaybe<Scalars['Int']['input']>;
  /** Where something is */
  readonly marks?: InputMaybe<ReadonlyArray<ReadingMark>>;
  /** On the protocol’s scale; null of one that is not evaluable */
  readonly rating?: InputMaybe<Scalars['Int']['input']>;
  /** Why it could not be read */
  readonly reason?: Scalars['String']['input'];
  /** Whether it could be read */
  readonly status: CaseReadingStatus;
  /** Of the validation study */
  readonly study: Scalars['ID']['input'];
};

/** The reading is kept */
export type SubmitReadingPayload = {
  /** Of the case */
  readonly caseKey: Scalars['String']['output'];
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
};

/** What can be followed as it happens */
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


/** What can be followed as it happens */
export type SubscriptionReportStatusChangedArgs = {
  studyInstanceUID?: InputMaybe<Scalars['String']['input']>;
};


/** What can be followed as it happens */
export type SubscriptionStudyProgressArgs = {
  studyInstanceUID: Scalars['String']['input'];
};

/** A study to be taken on, for good */
export type TakeStudyStepInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** Why; may be empty */
  readonly reason: Scalars['String']['input'];
  /** Where to */
  readonly state: ValidationStepState;
  /** Of the validation study */
  readonly study: Scalars['ID']['input'];
};

/** The study that was taken on */
export type TakeStudyStepPayload = {
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** As it is now */
  readonly study: ValidationStudy;
};

/** Seconds that a run still takes, with what that may miss by */
export type TimeLeft = {
  /** The likeliest */
  readonly estimate: Scalars['Float']['output'];
  /** Lower limit of the interval */
  readonly lower: Scalars['Float']['output'];
  /** Upper limit of the interval */
  readonly upper: Scalars['Float']['output'];
};

/** Milliseconds of each step */
export type Timings = {
  /** Decoding the pixels */
  readonly decode: Scalars['Float']['output'];
  /** Preparing them as the model’s card asks */
  readonly prepare: Scalars['Float']['output'];
  /** The model alone */
  readonly run: Scalars['Float']['output'];
};

/** A model: its card, and its file or the upload that brought it */
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

/** A part of a model’s file */
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

/** How far an upload has come */
export type UploadModelPartPayload = {
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** Bytes that are there now */
  readonly received: Scalars['Float']['output'];
  /** Of the upload: the next part and `uploadModel` name it */
  readonly uploadId: Scalars['ID']['output'];
};

/** The model that was taken up */
export type UploadModelPayload = {
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** The model as it was taken up */
  readonly model: Model;
  /** This server reads with it from now on; otherwise from its next start, as other servers of the same folder do */
  readonly running: Scalars['Boolean']['output'];
};

/** Results of a study */
export type ValidationAnalysis = {
  /** When it was put there */
  readonly createdAt: Scalars['DateTime']['output'];
  /** Who put it there, as the ledger calls them */
  readonly createdBy: Scalars['String']['output'];
  /** SHA-256 of the tables that it was computed from, hex */
  readonly inputsSha256: Scalars['String']['output'];
  /** By whose plan */
  readonly kind: AnalysisKind;
  /** 1 for the primary one */
  readonly number: Scalars['Int']['output'];
  /** Canonical JSON text: the plan */
  readonly plan: Scalars['String']['output'];
  /** Its SHA-256, hex */
  readonly protocolSha256: Scalars['String']['output'];
  /** Version of the protocol that held */
  readonly protocolVersion: Scalars['Int']['output'];
  /** Canonical JSON text (RFC 8785): every endpoint with its interval, or the code of why it has none */
  readonly result: Scalars['String']['output'];
  /** SHA-256 of `result`, hex: what is signed */
  readonly sha256: Scalars['String']['output'];
  /** The version of the software that computed it */
  readonly software: Scalars['String']['output'];
};

/** Cases of the archive, frozen; or how far their choosing is: then it has no more than its id and that */
export type ValidationDataset = {
  /** Cases */
  readonly cases?: Maybe<Scalars['Int']['output']>;
  /** Of one that was refused: why */
  readonly code?: Maybe<Scalars['String']['output']>;
  /** When it was frozen */
  readonly createdAt?: Maybe<Scalars['DateTime']['output']>;
  /** Who made it, as the ledger calls them */
  readonly createdBy?: Maybe<Scalars['String']['output']>;
  /** The same in words */
  readonly detail?: Maybe<Scalars['String']['output']>;
  /** Canonical JSON text: how the cases were chosen, duplicates, what is missing, the check against the training */
  readonly details?: Maybe<Scalars['String']['output']>;
  /** While it is made: images that were looked at */
  readonly done?: Maybe<Scalars['Int']['output']>;
  /** Of the dataset */
  readonly id: Scalars['ID']['output'];
  /** SHA-256 of the manifest, hex: what a protocol names */
  readonly manifestSha256?: Maybe<Scalars['String']['output']>;
  /** What it is called */
  readonly name?: Maybe<Scalars['String']['output']>;
  /** While it is made: images in all, once that is known */
  readonly of?: Maybe<Scalars['Int']['output']>;
  /** What it is for */
  readonly purpose?: Maybe<DatasetPurpose>;
  /** Whether it is there */
  readonly state: DatasetState;
  /** In how many locked studies a case may be tested */
  readonly useLimit?: Maybe<Scalars['Int']['output']>;
};

/** A page of a list of ValidationDatasets (Relay, Cursor Connections) */
export type ValidationDatasetConnection = {
  /** The things of the page, in the list’s order */
  readonly edges: ReadonlyArray<ValidationDatasetEdge>;
  /** What lies around the page */
  readonly pageInfo: PageInfo;
};

/** A ValidationDataset in its place in a list */
export type ValidationDatasetEdge = {
  /** Of its place: what `after` and `before` take */
  readonly cursor: Scalars['String']['output'];
  /** The thing itself */
  readonly node: ValidationDataset;
};

/** What was done otherwise than planned */
export type ValidationDeviation = {
  /** When it was put there */
  readonly createdAt: Scalars['DateTime']['output'];
  /** Who put it there, as the ledger calls them */
  readonly createdBy: Scalars['String']['output'];
  /** What */
  readonly description: Scalars['String']['output'];
  /** Done, or added */
  readonly kind: DeviationKind;
  /** From 1 */
  readonly number: Scalars['Int']['output'];
};

/** Somebody with a part in a study */
export type ValidationMember = {
  /** When it was put there */
  readonly createdAt: Scalars['DateTime']['output'];
  /** Who put it there, as the ledger calls them */
  readonly createdBy: Scalars['String']['output'];
  /** What tables know them by: `R1` */
  readonly key: Scalars['String']['output'];
  /** Who, as the ledger calls them */
  readonly person: Scalars['String']['output'];
  /** What makes them fit for it */
  readonly qualification: Scalars['String']['output'];
  /** The part */
  readonly role: ValidationPart;
  /** It is a program: every table and report says so */
  readonly simulated: Scalars['Boolean']['output'];
};

/** What somebody does in a validation study: one thing */
export type ValidationPart =
  /** `data-manager` of REST */
  | 'DATA_MANAGER'
  /** `investigator` of REST */
  | 'INVESTIGATOR'
  /** `quality` of REST */
  | 'QUALITY'
  /** `reader` of REST */
  | 'READER'
  /** `regulatory` of REST */
  | 'REGULATORY'
  /** `statistician` of REST */
  | 'STATISTICIAN'
  /** `truther` of REST */
  | 'TRUTHER';

/** How far a study is, in counts that unblind nothing */
export type ValidationProgress = {
  /** Analyses */
  readonly analyses: Scalars['Int']['output'];
  /** Readings that are to be */
  readonly assigned: Scalars['Int']['output'];
  /** Cases of the dataset */
  readonly cases: Scalars['Int']['output'];
  /** Whether all that results come from is frozen */
  readonly frozen: Scalars['Boolean']['output'];
  /** Of those: with a label */
  readonly labelled: Scalars['Int']['output'];
  /** Packages that were sealed */
  readonly packages: Scalars['Int']['output'];
  /** Cases that the model has read */
  readonly predicted: Scalars['Int']['output'];
  /** Readings that are there */
  readonly read: Scalars['Int']['output'];
  /** Whether the reference standard is frozen */
  readonly referenceFrozen: Scalars['Boolean']['output'];
};

/** A version of what is planned */
export type ValidationProtocol = {
  /** Canonical JSON text (RFC 8785) */
  readonly content: Scalars['String']['output'];
  /** When it was put there */
  readonly createdAt: Scalars['DateTime']['output'];
  /** Who put it there, as the ledger calls them */
  readonly createdBy: Scalars['String']['output'];
  /** Draft or amendment */
  readonly kind: ProtocolKind;
  /** Why it was written */
  readonly reason: Scalars['String']['output'];
  /** SHA-256 of `content`, hex: what is signed */
  readonly sha256: Scalars['String']['output'];
  /** By investigator, statistician and regulatory, all three */
  readonly signed: Scalars['Boolean']['output'];
  /** From 1, without gaps */
  readonly version: Scalars['Int']['output'];
};

/** The run of the model under test; nothing of what it answered */
export type ValidationRun = {
  /** SHA-256 of its card’s canonical text, hex */
  readonly cardSha256: Scalars['String']['output'];
  /** Canonical JSON text: finding, preparation, classes */
  readonly config: Scalars['String']['output'];
  /** When it was put there */
  readonly createdAt: Scalars['DateTime']['output'];
  /** Who put it there, as the ledger calls them */
  readonly createdBy: Scalars['String']['output'];
  /** Why it stopped, where it did: `startRun` has it go on */
  readonly halted?: Maybe<ValidationRunHalt>;
  /** Of the run */
  readonly id: Scalars['ID']['output'];
  /** The model */
  readonly modelName: Scalars['String']['output'];
  /** Its version */
  readonly modelVersion: Scalars['String']['output'];
  /** SHA-256 of its file, hex */
  readonly onnxSha256: Scalars['String']['output'];
  /** How far it is */
  readonly progress: ValidationRunProgress;
  /** Canonical JSON text: the software that reads */
  readonly software: Scalars['String']['output'];
};

/** Why a run stopped by itself */
export type ValidationRunHalt = {
  /** When */
  readonly at: Scalars['DateTime']['output'];
  /** Of the fault */
  readonly code: Scalars['String']['output'];
};

/** How far a run is */
export type ValidationRunProgress = {
  /** How fast */
  readonly casesPerSecond: CasesPerSecond;
  /** Cases that the model has read or could not read */
  readonly done: Scalars['Int']['output'];
  /** Of those: without a score */
  readonly failed: Scalars['Int']['output'];
  /** 0 to 100 */
  readonly percent: Scalars['Float']['output'];
  /** The time left; null until there is enough to say it by */
  readonly secondsLeft?: Maybe<TimeLeft>;
  /** Cases in all */
  readonly total: Scalars['Int']['output'];
};

/** How far a validation study is */
export type ValidationState =
  /** The results are signed */
  | 'CLOSED'
  /** It is being planned */
  | 'DRAFT'
  /** The protocol is signed: from here on it is amended, not changed */
  | 'LOCKED'
  /** Cases are dealt to readers: they read, and the model does */
  | 'RUNNING'
  /** It was given up */
  | 'TERMINATED'
  /** All is frozen and signed: results are computed */
  | 'UNBLINDED';

/** A study taken from one state to the next, for good */
export type ValidationStep = {
  /** JSON text: the counts of `progress` as they were */
  readonly checks: Scalars['String']['output'];
  /** When it was put there */
  readonly createdAt: Scalars['DateTime']['output'];
  /** Who put it there, as the ledger calls them */
  readonly createdBy: Scalars['String']['output'];
  /** 1 for the draft */
  readonly number: Scalars['Int']['output'];
  /** Why */
  readonly reason: Scalars['String']['output'];
  /** Where it was taken */
  readonly state: ValidationState;
};

/** Where a validation study is taken */
export type ValidationStepState =
  /** The results are signed */
  | 'CLOSED'
  /** The protocol is signed: from here on it is amended, not changed */
  | 'LOCKED'
  /** Cases are dealt to readers: they read, and the model does */
  | 'RUNNING'
  /** It was given up */
  | 'TERMINATED'
  /** All is frozen and signed: results are computed */
  | 'UNBLINDED';

/** A validation study: nothing of truth, answers or results before it is unblinded */
export type ValidationStudy = {
  /** The results, the primary ones first; `still-blinded` before the study is unblinded */
  readonly analyses?: Maybe<ReadonlyArray<ValidationAnalysis>>;
  /** When it was put there */
  readonly createdAt: Scalars['DateTime']['output'];
  /** Who put it there, as the ledger calls them */
  readonly createdBy: Scalars['String']['output'];
  /** The dataset that its protocol names */
  readonly dataset?: Maybe<ValidationDataset>;
  /** What was done otherwise than planned */
  readonly deviations: ReadonlyArray<ValidationDeviation>;
  /** What results are computed from, once it is frozen */
  readonly freeze?: Maybe<StudyFreeze>;
  /** Of the study: what `validationStudy` takes */
  readonly id: Scalars['ID']['output'];
  /** Who has which part */
  readonly members: ReadonlyArray<ValidationMember>;
  /** The packages that were sealed, the first one first */
  readonly packages?: Maybe<ReadonlyArray<EvidencePackage>>;
  /** How far it is */
  readonly progress: ValidationProgress;
  /** Versions of its protocol, the first one first */
  readonly protocols: ReadonlyArray<ValidationProtocol>;
  /** The run of the model under test, once it began */
  readonly run?: Maybe<ValidationRun>;
  /** What was signed of it, the first one first */
  readonly signatures: ReadonlyArray<ElectronicSignature>;
  /** How far it is */
  readonly state: ValidationState;
  /** Its states, the first one first */
  readonly steps: ReadonlyArray<ValidationStep>;
  /** What it is called */
  readonly title: Scalars['String']['output'];
};

/** A validation study as lists have it */
export type ValidationStudySummary = {
  /** When it was put there */
  readonly createdAt: Scalars['DateTime']['output'];
  /** Who put it there, as the ledger calls them */
  readonly createdBy: Scalars['String']['output'];
  /** Of the study: what `validationStudy` takes */
  readonly id: Scalars['ID']['output'];
  /** How far it is */
  readonly state: ValidationState;
  /** What it is called */
  readonly title: Scalars['String']['output'];
};

/** A page of a list of ValidationStudySummarys (Relay, Cursor Connections) */
export type ValidationStudySummaryConnection = {
  /** The things of the page, in the list’s order */
  readonly edges: ReadonlyArray<ValidationStudySummaryEdge>;
  /** What lies around the page */
  readonly pageInfo: PageInfo;
};

/** A ValidationStudySummary in its place in a list */
export type ValidationStudySummaryEdge = {
  /** Of its place: what `after` and `before` take */
  readonly cursor: Scalars['String']['output'];
  /** The thing itself */
  readonly node: ValidationStudySummary;
};

/** A workitem of the worklist (UPS, PS3.4 Annex CC) */
export type Workitem = Node & {
  /** Accession Number (0008,0050) of the request it came of */
  readonly accessionNumber?: Maybe<Scalars['String']['output']>;
  /** Opaque, and of one thing in the whole graph: hand it back as it is */
  readonly id: Scalars['ID']['output'];
  /** Procedure Step Label */
  readonly label: Scalars['String']['output'];
  /** Patient ID (0010,0020) */
  readonly patientID?: Maybe<Scalars['String']['output']>;
  /** Alphabetic component group */
  readonly patientName?: Maybe<Scalars['String']['output']>;
  /** Who is to perform it */
  readonly performers: ReadonlyArray<WorkitemPerformer>;
  /** How soon it is to be done; null where it says nothing that DICOM knows */
  readonly priority?: Maybe<WorkitemPriority>;
  /** Per cent, as its performer told */
  readonly progress?: Maybe<Scalars['Float']['output']>;
  /** Whether what it needs is there; null where it says nothing that DICOM knows */
  readonly readiness?: Maybe<WorkitemReadiness>;
  /** When it is to begin: DT (PS3.5 6.2), as received */
  readonly scheduledStart: Scalars['String']['output'];
  /** How far it has come */
  readonly state: WorkitemState;
  /** The study that it works on, where it is in this archive */
  readonly study?: Maybe<Study>;
  /** SOP Instance UID of the workitem */
  readonly workitemUID: Scalars['String']['output'];
  /** The worklist that it is on */
  readonly worklistLabel: Scalars['String']['output'];
};

/** A page of a list of Workitems (Relay, Cursor Connections) */
export type WorkitemConnection = {
  /** The things of the page, in the list’s order */
  readonly edges: ReadonlyArray<WorkitemEdge>;
  /** What lies around the page */
  readonly pageInfo: PageInfo;
};

/** A Workitem in its place in a list */
export type WorkitemEdge = {
  /** Of its place: what `after` and `before` take */
  readonly cursor: Scalars['String']['output'];
  /** The thing itself */
  readonly node: Workitem;
};

/** Workitems that meet all that is given. Texts are matched as DICOMweb matches them: `*` stands for any characters, `?` for one (PS3.4 C.2.2.2.4) */
export type WorkitemFilter = {
  /** Patient ID (0010,0020); `*` and `?` as above */
  readonly patientID?: InputMaybe<Scalars['String']['input']>;
  /** Code of a human performer it is assigned to */
  readonly performer?: InputMaybe<Scalars['String']['input']>;
  /** How far it has come */
  readonly state?: InputMaybe<WorkitemState>;
  /** Of its input */
  readonly studyInstanceUID?: InputMaybe<Scalars['String']['input']>;
  /** The worklist that it is on; `*` and `?` as above */
  readonly worklistLabel?: InputMaybe<Scalars['String']['input']>;
};

/** Who is to perform a workitem (Scheduled Human Performers Sequence, 0040,4034) */
export type WorkitemPerformer = {
  /** Code of the performer */
  readonly code: Scalars['String']['output'];
  /** What the code means */
  readonly meaning: Scalars['String']['output'];
  /** Name: Family^Given */
  readonly name?: Maybe<Scalars['String']['output']>;
  /** Organisation of the performer */
  readonly organization?: Maybe<Scalars['String']['output']>;
  /** Coding scheme designator of the code */
  readonly scheme: Scalars['String']['output'];
};

/** Scheduled Procedure Step Priority (0074,1200) */
export type WorkitemPriority =
  /** Before all others */
  | 'HIGH'
  /** When there is time */
  | 'LOW'
  /** As most are */
  | 'MEDIUM';

/** Input Readiness State (0040,4041) */
export type WorkitemReadiness =
  /** Some of it may be there, and more is to come */
  | 'INCOMPLETE'
  /** All that it needs is there */
  | 'READY'
  /** None of it is there */
  | 'UNAVAILABLE';

/** Procedure Step State (0074,1000) */
export type WorkitemState =
  /** It will not be done, or not to its end */
  | 'CANCELED'
  /** It is done */
  | 'COMPLETED'
  /** Somebody has taken it */
  | 'IN_PROGRESS'
  /** Nobody has taken it */
  | 'SCHEDULED';

/** The next version of a protocol */
export type WriteProtocolInput = {
  /** Comes back with the answer (Relay, Input Object Mutations) */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** Of a locked study: an amendment */
  readonly kind: ProtocolKind;
  /** JSON text: what POST /evidence/studies/ID/protocols takes; the size of the study is computed anew */
  readonly protocol: Scalars['String']['input'];
  /** Why it is written; may be empty but for amendments */
  readonly reason: Scalars['String']['input'];
  /** Of the validation study */
  readonly study: Scalars['ID']['input'];
};

/** The version that was written */
export type WriteProtocolPayload = {
  /** As it was sent */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>;
  /** As it is kept: `sha256` is what is signed */
  readonly protocol: ValidationProtocol;
};
