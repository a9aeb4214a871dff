import type { PayloadFile } from '../../package/evidence-package.js';
import type { RegulatoryRecordFile } from '../study-file.js';
import type { EndpointView } from '../study/endpoint-view.js';
import { PATHS } from '../study/paths.js';
import { modelCardOf } from '../study/records.js';
import type { StudyView } from '../study/study-view.js';
import { slug } from '../trace/trace-page.js';
import { csvRecords, words } from '../written/csv.js';
import { ofCanonical, ofJson, ofText, streamed } from '../written/payload.js';
import { modelCardText } from './model-card-text.js';
import { sbomOf } from './sbom.js';

/** 06-device: the records of the regulatory file, the model by its hashes, and the parts of the software. @param lockText  package-lock.json */
export function deviceFiles(view: StudyView, endpoints: readonly EndpointView[], lockText: string): PayloadFile[] {
  const { file } = view;
  const card = modelCardOf(file);
  return [
    ...file.records.map((one, i) => ofCanonical(recordPath(one, i), `${one.type} ${one.id}, version ${one.version}`, one.content)),
    streamed(PATHS.records, 'csv', 'Records of the regulatory file: type, version, SHA-256, and where each stands', () =>
      csvRecords(
        ['type', 'id', 'version', 'sha256', 'at', 'by', 'printed_name', 'path'],
        file.records.map((one, i) => [
          words(one.type),
          words(one.id),
          one.version,
          one.sha256,
          one.at,
          one.by.id,
          words(one.by.printedName),
          recordPath(one, i),
        ]),
      ),
    ),
    ...(card === undefined
      ? []
      : [
          ofCanonical(PATHS.modelCard, 'The model card, as it is on record', card.content),
          ofText(PATHS.modelCardText, 'markdown', 'The model card, to be read', () => modelCardText(card)),
        ]),
    ofText(PATHS.modelHash, 'text', 'SHA-256 of model.onnx, as sha256sum writes it', () => `${file.run.onnxSha256}  model.onnx\n`),
    ofJson(PATHS.release, 'Which software, model and provider made the answers', () => ({
      software: file.run.software,
      packagedBy: file.software,
      model: { name: file.run.modelName, version: file.run.modelVersion, onnxSha256: file.run.onnxSha256, cardSha256: file.run.cardSha256 },
      provider: file.run.provider,
      run: file.run.id,
    })),
    ofJson(PATHS.sbom, 'Parts of the software and the model (CycloneDX 1.6)', () => sbomOf(view, endpoints, lockText), 'cycloneDx'),
  ];
}

/** Numbered, since ids and types are texts of which two may differ in what no file's name can. */
const recordPath = ({ type, id, version }: RegulatoryRecordFile, i: number): string =>
  `06-device/records/${[String(i + 1).padStart(3, '0'), slug(type), slug(id), `v${version}`].filter(Boolean).join('-')}.json`;
