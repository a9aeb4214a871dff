import type { InfoLine } from '../package/bag-texts.js';
import type { CrateFacts, CratePerson } from '../package/ro-crate.js';
import type { StudyFile } from './study-file.js';
import type { StudyView } from './study/study-view.js';

/** Of bag-info.txt (RFC 8493 2.2.2): one line each, whatever was written. */
export const infoLines = ({ organisation, title }: StudyFile): InfoLine[] =>
  (
    [
      ['Source-Organization', organisation],
      ['External-Description', title],
    ] as const
  ).flatMap(([label, text]) => {
    const value = oneLine(text);
    return value === '' ? [] : [[label, value] as const];
  });

const oneLine = (text: string): string =>
  text
    .toWellFormed()
    // oxlint-disable-next-line no-control-regex -- these would end the line
    .replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim();

/** What the crate says of the study: its people by their names and what they did, the software, the model. */
export function crateFacts({ file, protocol }: StudyView, license: CrateFacts['license']): CrateFacts {
  return {
    name: file.title,
    description: protocol.protocol.question,
    datePublished: file.date,
    license,
    study: { id: '#study', name: file.title, description: protocol.protocol.question },
    people: peopleOf(file),
    software: [{ id: '#software', name: 'wetread', version: file.software }],
    models: [{ id: '#model', name: file.run.modelName, version: file.run.modelVersion, sha256: file.run.onnxSha256 }],
  };
}

/** Who signed, wrote or read, once each. Readers are known by their keys alone; simulated ones are no people. */
function peopleOf(file: StudyFile): CratePerson[] {
  const roles = new Map<string, { name: string; roles: Set<string> }>();
  const add = (id: string, name: string, role: string): void => {
    const known = roles.get(id) ?? { name, roles: new Set() };
    known.roles.add(role);
    roles.set(id, known);
  };
  for (const { signer, role } of file.signatures) add(signer.id, signer.printedName, role);
  for (const { by } of file.protocols) add(by.id, by.printedName, 'protocol');
  add(file.analysis.by.id, file.analysis.by.printedName, 'analysis');
  for (const { key, role, simulated } of file.members) if (!simulated) add(`reader:${key}`, key, role);
  return [...roles].map(([id, one]) => ({ id: `#person-${encodeURIComponent(id)}`, name: one.name, role: [...one.roles].join(', ') }));
}
