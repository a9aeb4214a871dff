import type { StudyFile } from '../study-file.js';
import { PATHS, versionPath } from '../study/paths.js';
import { signedContent, spoken, valueText } from '../study/records.js';
import { facts, link, list, notice, paragraph, section, subsection, table, type Block, type Words } from './block.js';
import type { Told } from './told.js';

/** What was fixed before a result could be seen, and who signed it. */
export function aboutTheProtocol({ view }: Told): Block[] {
  const { file, protocol } = view;
  const { population, plan, sampleSize, multiplicity, missingRule, equivocalRule, seed } = protocol.protocol;
  return [
    section('protocol', 'Protocol'),
    facts(
      ['In force', [link(`version ${protocol.version}`, PATHS.protocol), `, SHA-256 ${protocol.sha256}`]],
      ['Population', population.description],
      ['Threshold', `positive from ${plan.threshold} on`],
      ['Level of intervals', `${plan.conf * 100} %, tests of a margin one-sided at ${plan.alphaOneSided}`],
      ['Cases without an answer', plan.failures === 'worst-case' ? 'count as the worst case' : 'are left out'],
      ['Missing values', missingRule],
      ['Equivocal values', equivocalRule],
      ['Multiplicity', multiplicity],
      ['Sample size', [sampleText(sampleSize), ' (', link('calculation', PATHS.sampleSize), ')']],
      ['Seed', String(seed)],
      ['Analysis plan', link('sap.json', PATHS.plan)],
    ),
    ...criteria('Included', population.inclusion),
    ...criteria('Excluded', population.exclusion),
    subsection('versions', 'Versions'),
    ...table(
      'Versions of the protocol',
      ['Version', 'Kind', 'When', 'By', 'Reason', 'SHA-256 of its canonical text'],
      file.protocols.map((one) => [
        String(one.version),
        afterUnblinding(file, one.at) ? `${one.kind}, after unblinding` : one.kind,
        one.at,
        one.by.printedName,
        one.reason,
        link(one.sha256, versionPath(one)),
      ]),
    ),
    subsection('signatures', 'Signatures'),
    ...signatures(file),
    subsection('steps', 'Steps of the study'),
    ...table(
      'Steps',
      ['State', 'When', 'By', 'Reason', 'Checked'],
      file.steps.map(({ state, at, by, reason, checks }) => [state, at, by.printedName, reason, checksText(checks)]),
    ),
  ];
}

const criteria = (name: string, texts: readonly string[]): Block[] =>
  texts.length === 0 ? [paragraph(`${name}: no rule is stated.`)] : [paragraph(`${name}:`), list(texts)];

function sampleText({ method, result, reason }: Told['view']['protocol']['protocol']['sampleSize']): string {
  const found = Object.entries(result).map(([name, value]) => `${spoken(name).toLowerCase()} ${value}`);
  return [`${method}: ${found.join(', ')}`, reason].filter(Boolean).join('; ');
}

const checksText = (checks: StudyFile['steps'][number]['checks']): string =>
  Object.entries(checks)
    .map(([name, value]) => `${spoken(name).toLowerCase()}: ${valueText(value)}`)
    .join('; ') || 'nothing';

/** Whether it came when results could be seen. */
export function afterUnblinding({ steps }: StudyFile, at: string): boolean {
  const unblinded = steps.find(({ state }) => state === 'unblinded');
  return unblinded !== undefined && Date.parse(at) > Date.parse(unblinded.at);
}

function signatures(file: StudyFile): Block[] {
  const unknown = file.signatures.filter((one) => signedContent(file, one) === undefined);
  const rows = file.signatures.map((one): Words[] => [
    one.signer.printedName,
    one.role,
    one.meaning,
    `${one.signedAt} (${one.timeSource})`,
    signedContent(file, one) ?? `${one.entityType} ${one.entityId}, version ${one.version}: not in this package`,
    one.recordSha256,
    `${one.authentication.join(', ')}; again at ${one.reauthenticatedAt}`,
  ]);
  const inForce = file.protocols.at(-1)!;
  return [
    ...(file.signatures.some(({ recordSha256 }) => recordSha256 === inForce.sha256)
      ? []
      : [notice('The version of the protocol in force has no signature.')]),
    ...table(
      'Who signed what',
      ['Signer', 'Role', 'Meaning', 'When (time source)', 'What', 'SHA-256 of what was signed', 'Authenticated by'],
      rows,
    ),
    ...(unknown.length === 0 ? [] : [notice('A signature is of content that is not in this package.')]),
    paragraph(['With what was signed byte by byte: ', link('signatures.json', PATHS.signatures), '.']),
  ];
}
