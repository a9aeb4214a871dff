import { Instance, Series, Study } from '../archive/archive.entity.js';
import { Reading } from '../inference/inference.entity.js';
import { LedgerLink, LedgerRecord, LedgerUnlinked } from '../ledger/ledger.entity.js';
import { ResourceRow, ResourceSearch, ResourceVersion } from '../records/resource.entity.js';
import { Report } from '../reporting/report.entity.js';
import { WorkItem } from '../work/work-item.entity.js';

/** Every table, each written by the room that its entity lies in. */
export const entities = [
  WorkItem, LedgerRecord, LedgerLink, LedgerUnlinked, Study, Series, Instance,
  Reading, ResourceRow, ResourceVersion, ResourceSearch, Report,
];
