import { countText } from '../../figures/drawing/words.js';
import { contentFacts, modelCardOf, referredRecord } from '../study/records.js';
import { PATHS } from '../study/paths.js';
import { facts, link, list, notice, paragraph, section, table, type Block } from './block.js';
import type { Told } from './told.js';

/** What was asked, for which use, of which model. */
export function aboutTheStudy({ view }: Told): Block[] {
  const { file, protocol } = view;
  const { question, hypotheses, endpoints } = protocol.protocol;
  return [
    section('question', 'Question'),
    paragraph(question),
    ...(hypotheses.length === 0 ? [] : [list(hypotheses)]),
    ...table(
      'Endpoints, as they were planned',
      ['Endpoint', 'Rank', 'Hypothesis', 'Success criterion'],
      endpoints.map(({ id, rank, hypothesis, successCriterion }) => [id, rank, hypothesis, successCriterion]),
    ),
    section('intended-use', 'Intended use and its limits'),
    ...intendedUse(view.file, protocol.protocol.intendedUse),
    section('model', 'Model'),
    facts(
      ['Model', `${file.run.modelName}, version ${file.run.modelVersion}`],
      ['Finding that is scored', protocol.protocol.model.finding],
      ['SHA-256 of model.onnx', link(file.run.onnxSha256, PATHS.modelHash)],
      ['SHA-256 of the model card', file.run.cardSha256],
      ['Software', file.run.software],
      ['Computed on', file.run.provider],
      ['Run', [link(file.run.id, PATHS.run), `, ${file.run.startedAt} to ${file.run.finishedAt}`]],
      ['Median time of a case', `${countText(file.run.medianMilliseconds)} ms`],
    ),
    ...sameModel(view.file, protocol.protocol.model),
    ...limits(view.file),
  ];
}

function intendedUse(file: Told['view']['file'], reference: Told['view']['protocol']['protocol']['intendedUse']): Block[] {
  if (reference === null) return [notice('The protocol names no intended use.')];
  const record = referredRecord(file, reference);
  if (record === undefined)
    return [notice(`The protocol names an intended use (${reference.id}, version ${reference.version}) that is not among the records.`)];
  return [
    facts(...contentFacts(record.content), [
      'Record',
      [link(`${record.id}, version ${record.version}`, PATHS.records), `, SHA-256 ${record.sha256}`],
    ]),
  ];
}

function sameModel({ run }: Told['view']['file'], model: Told['view']['protocol']['protocol']['model']): Block[] {
  if (run.onnxSha256 === model.onnxSha256 && run.cardSha256 === model.cardSha256)
    return [paragraph('The model that was run has the hashes that the signed protocol names.')];
  return [notice('The model that was run has other hashes than the protocol names.')];
}

function limits(file: Told['view']['file']): Block[] {
  const card: { limitations?: unknown; notForClinicalUse?: unknown } | undefined = modelCardOf(file)?.content;
  if (card === undefined)
    return [notice('The card of the model that was run is not among the records: the model’s limits are not told here.')];
  const limitations = Array.isArray(card.limitations) ? card.limitations.map(String) : [];
  return [
    ...(card.notForClinicalUse === true ? [notice('Not for clinical use.')] : []),
    paragraph(['Limits, from the ', link('model card', PATHS.modelCardText), ':']),
    limitations.length === 0 ? paragraph('The model card states none.') : list(limitations),
  ];
}
