import { hash } from 'node:crypto';
import { readTable } from '../../analysis/csv-tables.js';
import { TableMalformed } from '../../analysis/faults.js';
import type { Findings } from './findings.js';
import { objectIn } from './lines.js';
import { Malformed, some, STUDY_FILES, type LockedProtocol, type StudyTexts } from './study-texts.js';

/**
 * The cases are those of the manifest that the protocol names by its digest: each has its truth, and its prediction or an error, and there is no
 * other in any table. Throws Malformed of the manifest.
 */
export function checkCases(texts: StudyTexts, { manifestSha256 }: LockedProtocol, findings: Findings): void {
  if (hash('sha256', texts.manifest) !== manifestSha256)
    throw new Malformed('it is another than the manifest of the protocol, which names it by its SHA-256');
  const manifest = manifestCases(texts.manifest);
  const before = findings.all.length;
  for (const name of ['cases', 'predictions'] as const) {
    const keys = casesIn(STUDY_FILES[name], texts[name], findings);
    if (keys === undefined) continue;
    const left = [...manifest].filter((key) => !keys.has(key));
    if (left.length > 0) findings.add('missing', STUDY_FILES[name], `${left.length} cases of the manifest are not in it: ${some(left)}`);
    findOthers(STUDY_FILES[name], keys, manifest, findings);
  }
  if (texts.readings !== undefined) {
    const keys = casesIn(STUDY_FILES.readings, texts.readings, findings);
    if (keys !== undefined) findOthers(STUDY_FILES.readings, keys, manifest, findings);
  }
  if (findings.all.length > before) return;
  findings.checked.push(
    `the cases: the manifest of ${manifest.size} is the one that the protocol names, each of them has its truth, and a prediction or an error, and there are no others`,
  );
}

function manifestCases(text: string): ReadonlySet<string> {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const keys = new Set<string>();
  for (const [i, line] of lines.entries()) {
    const key = objectIn(line)?.['caseKey'];
    if (typeof key !== 'string' || keys.has(key)) throw new Malformed(`its line ${i + 1} has no case key of its own`);
    keys.add(key);
  }
  return keys;
}

function casesIn(file: string, text: string, findings: Findings): ReadonlySet<string> | undefined {
  try {
    return new Set(readTable(text, ['case_id']).map(({ fields }) => fields.get('case_id') ?? ''));
  } catch (error) {
    if (!(error instanceof TableMalformed)) throw error;
    findings.add('changed', file, `it is no table of the study: ${error.message}`);
    return undefined;
  }
}

function findOthers(file: string, keys: ReadonlySet<string>, manifest: ReadonlySet<string>, findings: Findings): void {
  const others = [...keys].filter((key) => !manifest.has(key));
  if (others.length > 0) findings.add('changed', file, `${others.length} cases of it are not in the manifest: ${some(others)}`);
}
