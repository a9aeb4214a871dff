import type { PayloadFile } from '../../package/evidence-package.js';
import { afterUnblinding } from '../report/about-the-protocol.js';
import { PATHS, versionPath } from '../study/paths.js';
import { signedContent } from '../study/records.js';
import type { StudyView } from '../study/study-view.js';
import { csvRecords, words } from '../written/csv.js';
import { ofCanonical, ofJson, streamed } from '../written/payload.js';

/** 01-protocol and signatures.json: what was fixed, each text with the very bytes whose SHA-256 was signed. */
export function protocolFiles({ file, protocol }: StudyView): PayloadFile[] {
  const { plan, sampleSize } = protocol.protocol;
  return [
    ofCanonical(
      PATHS.protocol,
      `The protocol in force, version ${protocol.version}: its SHA-256 is the one that was signed`,
      protocol.protocol,
    ),
    ...file.protocols.map((one) => ofCanonical(versionPath(one), `The protocol as of version ${one.version} (${one.kind})`, one.protocol)),
    streamed(PATHS.versions, 'csv', 'Versions of the protocol: when, by whom, why, and the SHA-256 of each', () =>
      csvRecords(
        ['version', 'kind', 'at', 'by', 'printed_name', 'reason', 'after_unblinding', 'sha256', 'path'],
        file.protocols.map((one) => [
          one.version,
          one.kind,
          one.at,
          one.by.id,
          words(one.by.printedName),
          words(one.reason),
          afterUnblinding(file, one.at) ? 'yes' : 'no',
          one.sha256,
          versionPath(one),
        ]),
      ),
    ),
    ofCanonical(PATHS.plan, 'The analysis plan of the protocol in force: what the numbers are computed by', plan),
    ofJson(PATHS.sampleSize, 'The size of the study with what went into it', () => sampleSize),
    streamed(PATHS.deviations, 'csv', 'Deviations from the protocol, and what was done after results could be seen', () =>
      csvRecords(
        ['number', 'kind', 'at', 'by', 'printed_name', 'after_unblinding', 'description'],
        file.deviations.map(({ number, kind, at, by, description }) => [
          number,
          kind,
          at,
          by.id,
          words(by.printedName),
          afterUnblinding(file, at) ? 'yes' : 'no',
          words(description),
        ]),
      ),
    ),
    streamed('01-protocol/steps.csv', 'csv', 'Steps of the study, and what was checked before each', () =>
      csvRecords(
        ['number', 'state', 'at', 'by', 'printed_name', 'reason', 'checks'],
        file.steps.map(({ number, state, at, by, reason, checks }) => [
          number,
          state,
          at,
          by.id,
          words(by.printedName),
          words(reason),
          JSON.stringify(checks),
        ]),
      ),
    ),
    ofJson(
      PATHS.signatures,
      'Who signed what, with which meaning, when, and the SHA-256 of what was signed (21 CFR 11.50, 11.70); each JWS is of all that stands beside it but the id',
      () => file.signatures,
    ),
    streamed('01-protocol/signed-content.csv', 'csv', 'What of this package each signature is of, by its SHA-256', () =>
      csvRecords(
        ['signature', 'printed_name', 'role', 'meaning', 'signed_at', 'record_sha256', 'content'],
        file.signatures.map((one) => [
          one.id,
          words(one.signer.printedName),
          words(one.role),
          words(one.meaning),
          one.signedAt,
          one.recordSha256,
          words(signedContent(file, one) ?? 'not in this package'),
        ]),
      ),
    ),
  ];
}
