import type { DocumentReference } from 'fhir/r4.js';
import type { PackageRow } from './package.sql.js';

/** Of packages, as the bag calls them (External-Identifier), and by what is signed of them. */
const PACKAGE = 'urn:wetread:evidence-package';
const TAG_MANIFEST = 'urn:wetread:tagmanifest-sha512';

/** A package that was sealed, for who looks for it by FHIR: no patient's (R4 documentreference). */
export const packageReference = (
  study: { readonly id: string; readonly title: string },
  { number, tagSha512, signedAt }: Pick<PackageRow, 'number' | 'tagSha512' | 'signedAt'>,
  base: string,
  status: 'current' | 'superseded',
): DocumentReference & { id: string } => ({
  resourceType: 'DocumentReference',
  id: packageReferenceId(study.id, number),
  identifier: [
    { system: PACKAGE, value: `study/${study.id}/${number}` },
    { system: TAG_MANIFEST, value: tagSha512 },
  ],
  status,
  type: { text: 'Evidence package of a validation study' },
  date: signedAt.toISOString(),
  description: study.title,
  ...(number > 1 && {
    relatesTo: [{ code: 'replaces', target: { reference: `DocumentReference/${packageReferenceId(study.id, number - 1)}` } }],
  }),
  content: [
    {
      attachment: {
        contentType: 'application/zip',
        url: `${base}/evidence/studies/${study.id}/package`,
        title: `evidence-${study.id}-${number}.zip`,
        creation: signedAt.toISOString(),
      },
    },
  ],
});

const packageReferenceId = (study: string, number: number): string => `evidence-${study}-${number}`;
