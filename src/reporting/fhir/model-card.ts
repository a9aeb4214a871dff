import type { DocumentReference } from 'fhir/r4.js';
import { createHash } from 'node:crypto';
import { narrative } from '../../records/narrative.js';
import { resourceId } from '../../records/resource-id.js';
import type { PreliminaryReport } from '../preliminary-report.js';
import { AI_MODEL_CARD, MARKDOWN_FORMAT } from './ai-transparency.js';
import { MODEL_SHA256 } from './codes.js';
import { modelCardMarkdown } from './model-card-markdown.js';

export const modelCardId = ({ model }: Pick<PreliminaryReport, 'model'>): string =>
  resourceId('DocumentReference', 'model-card', model.name, model.version, model.sha256);

/** The model's card as a document (HL7 AI Transparency, AI Model-Card DocumentReference; R4 documentreference.html). */
export function modelCardResource({ model }: PreliminaryReport): DocumentReference & { id: string } {
  const bytes = Buffer.from(modelCardMarkdown(model), 'utf8');
  return {
    resourceType: 'DocumentReference',
    id: modelCardId({ model }),
    meta: { profile: ['urn:wetread:profile:model-card'] },
    text: narrative(`Model card of ${model.title}, version ${model.version}`, model.intendedUse),
    identifier: [{ system: MODEL_SHA256, value: model.sha256 }],
    status: 'current',
    type: AI_MODEL_CARD,
    category: [MARKDOWN_FORMAT],
    description: `Model card of ${model.title}, version ${model.version}`,
    content: [
      {
        attachment: {
          contentType: 'text/markdown',
          language: 'en',
          data: bytes.toString('base64'),
          size: bytes.length,
          hash: createHash('sha1').update(bytes).digest('base64'), // R4 Attachment.hash: SHA-1
          title: `${model.title}, version ${model.version}`,
        },
      },
    ],
  };
}
