import type { VersionRow } from './store/versions.sql.js';

/** Whom resources are about, together: each Patient once. */
export const patientsAmong = (...rows: readonly (readonly Pick<VersionRow, 'patients'>[])[]): string[] => [
  ...new Set(rows.flat().flatMap(({ patients }) => patients ?? [])),
];
