import { IssuerEnds } from '../migrations/0027-issuer-ends.js';
import { AccountRows } from '../migrations/0025-account-rows.js';
import { LesserRights } from '../migrations/0026-lesser-rights.js';
import { SubscriptionOwners } from '../migrations/0028-subscription-owner.js';
import { LedgerCheckpoints } from '../migrations/0029-ledger-checkpoints.js';
import { ValidationStudies } from '../migrations/0030-validation-studies.js';
import { ValidationRules } from '../migrations/0032-validation-rules.js';
import { RegulatoryRecords } from '../migrations/0031-regulatory-records.js';
import { IssuerTables } from '../migrations/0022-issuer.js';
import { Deletions } from '../migrations/0008-deletion.js';
import { Upkeep } from '../migrations/0009-upkeep.js';
import { AttributeChanges } from '../migrations/0013-attribute-change.js';
import { BulkExport } from '../migrations/0016-bulk-export.js';
import { SigningKeys } from '../migrations/0017-signing-key.js';
import { Reviews } from '../migrations/0018-review.js';
import { Subscriptions } from '../migrations/0019-subscription.js';
import { Tenants } from '../migrations/0021-tenants.js';
import { AccessRecords } from '../migrations/0023-access-record.js';
import { LoginKinds } from '../migrations/0024-login-kinds.js';
import { Timelines } from '../migrations/0020-timeline.js';
import { FhirStore } from '../migrations/0015-fhir-store.js';
import { SharpnessHistories } from '../migrations/0014-sharpness-history.js';
import { Archive } from '../migrations/0003-archive.js';
import { Ledger } from '../migrations/0002-ledger.js';
import { Readings } from '../migrations/0004-reading.js';
import { Records } from '../migrations/0005-records.js';
import { Reports } from '../migrations/0006-report.js';
import { Worklist } from '../migrations/0011-worklist.js';
import { Revision } from '../migrations/0010-revision.js';
import { SearchAnswers } from '../migrations/0007-search.js';
import { Work } from '../migrations/0001-work.js';
import { Tenant } from './database/tenant.entity.js';
import { Instance, Series, Study } from './archive/archive.entity.js';
import { DeletedInstance, DeletedSeries, DeletedStudy, Deletion, DoomedObject } from './archive/deletion.entity.js';
import { DamagedObject, RetentionChoice, RetentionRun, ScrubProgress } from './archive/upkeep.entity.js';
import type { Schema } from './database/data-source.js';
import { AuditForwardingRow } from './delivery/audit/audit-forwarding.entity.js';
import { SubscriptionEvent, SubscriptionState, SubscriptionToken } from './delivery/subscription.entity.js';
import {
  ValidationPerson,
  ValidationStudy,
  ValidationStep,
  ValidationProtocol,
  ValidationSignature,
  ValidationMember,
  ValidationDeviation,
} from './evidence/studies/study.entity.js';
import { ValidationDataset, ValidationCase, ValidationUse, ValidationVariable } from './evidence/studies/dataset.entity.js';
import { ValidationLabel, ValidationReference, ValidationTruth } from './evidence/studies/truth.entity.js';
import { ValidationAssignment, ValidationOpening, ValidationReading } from './evidence/studies/reader-study.entity.js';
import {
  ValidationRun,
  ValidationPrediction,
  ValidationHalt,
  ValidationFreeze,
  ValidationAnalysis,
  ValidationPackage,
} from './evidence/studies/run.entity.js';
import { RegulatoryRecordRow } from './evidence/regulatory/regulatory-record.entity.js';
import { Reading } from './inference/inference.entity.js';
import { SharpnessHistoryRow } from './inference/sharpness-history.entity.js';
import { AccountRow, FirstAdminCode, LoginAttempt } from './issuer/account.entity.js';
import { OauthClientRow } from './issuer/oauth-client.entity.js';
import { IssuerKey, OidcState, RevokedToken } from './issuer/oidc-state.entity.js';
import { LedgerCheckpoint, LedgerLink, LedgerRecord, LedgerUnlinked } from './ledger/ledger.entity.js';
import { ExportJobRow } from './records/export/export-job.entity.js';
import { ResourceRow, ResourceVersion } from './records/store/resource.entity.js';
import { SubscriptionOwnerRow } from './records/store/subscription-owner.entity.js';
import { WatchedType } from './records/store/watched-type.entity.js';
import { DateIndexRow, QuantityIndexRow, ReferenceIndexRow, StringIndexRow, TokenIndexRow } from './records/search/search-index.entity.js';
import { Report } from './reporting/report.entity.js';
import { SigningKeyRow } from './signing/signing-key.entity.js';
import { WorkItem } from './work/work-item.entity.js';
import { Workitem, WorkitemEvent, WorkitemSubscription } from './worklist/workitem.entity.js';

/** Every table, each written by the room that its entity lies in, and every migration in the order they run. */
export const SCHEMA: Schema = {
  entities: [
    Tenant,
    WorkItem,
    LedgerRecord,
    LedgerLink,
    LedgerUnlinked,
    LedgerCheckpoint,
    Study,
    Series,
    Instance,
    Deletion,
    DeletedStudy,
    DeletedSeries,
    DeletedInstance,
    DoomedObject,
    ScrubProgress,
    DamagedObject,
    RetentionRun,
    RetentionChoice,
    Reading,
    SharpnessHistoryRow,
    ResourceRow,
    ResourceVersion,
    SubscriptionOwnerRow,
    TokenIndexRow,
    ReferenceIndexRow,
    DateIndexRow,
    StringIndexRow,
    QuantityIndexRow,
    ExportJobRow,
    WatchedType,
    SigningKeyRow,
    Report,
    SubscriptionState,
    SubscriptionEvent,
    SubscriptionToken,
    AuditForwardingRow,
    Workitem,
    WorkitemSubscription,
    WorkitemEvent,
    AccountRow,
    LoginAttempt,
    FirstAdminCode,
    OauthClientRow,
    OidcState,
    RevokedToken,
    IssuerKey,
    ValidationPerson,
    ValidationStudy,
    ValidationStep,
    ValidationProtocol,
    ValidationSignature,
    ValidationMember,
    ValidationDeviation,
    ValidationDataset,
    ValidationCase,
    ValidationUse,
    ValidationVariable,
    ValidationLabel,
    ValidationReference,
    ValidationTruth,
    ValidationAssignment,
    ValidationOpening,
    ValidationReading,
    ValidationRun,
    ValidationPrediction,
    ValidationHalt,
    ValidationFreeze,
    ValidationAnalysis,
    ValidationPackage,
    RegulatoryRecordRow,
  ],
  migrations: [
    Work,
    Ledger,
    Archive,
    Readings,
    Records,
    Reports,
    SearchAnswers,
    Deletions,
    Upkeep,
    Revision,
    Worklist,
    AttributeChanges,
    SharpnessHistories,
    FhirStore,
    BulkExport,
    SigningKeys,
    Reviews,
    Subscriptions,
    Timelines,
    Tenants,
    IssuerTables,
    AccessRecords,
    LoginKinds,
    AccountRows,
    LesserRights,
    IssuerEnds,
    SubscriptionOwners,
    LedgerCheckpoints,
    ValidationStudies,
    RegulatoryRecords,
    ValidationRules,
  ],
};
