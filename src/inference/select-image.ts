import type { DicomJson } from '../dicom/dicom-json.js';
import type { ModelCard } from './model-card.js';
import { isNamedLocalizer } from './preparation/volume/localizers.js';
import { unitVerdict } from './preparation/volume/hounsfield.js';
import { slicePlanes } from './preparation/volume/slice-plane.js';
import { select, type InstanceAttributes } from './selection.js';

/** Whether a model reads an image of its own; `code` is stable, the words hold no PHI. */
export type ImageSelection =
  { readonly reads: true } | { readonly reads: false; readonly why: { readonly code: string; readonly text: string } };

/**
 * As select, and for a model that takes values of the modality itself (windows of its card, raw ones): of a CT they must be
 * Hounsfield units, and the image no localizer.
 */
export function selectImage(
  card: Pick<ModelCard, 'input' | 'preparation'>,
  attributes: InstanceAttributes,
  dataset: DicomJson,
): ImageSelection {
  const verdict = select(card, attributes);
  const { values } = card.preparation;
  const isCt = attributes.modality?.trim().toUpperCase() === 'CT';
  if (!verdict.reads || !isCt || values === undefined || values.from === 'image') return verdict;
  const [plane] = slicePlanes(dataset, 0);
  if (isNamedLocalizer(plane)) return { reads: false, why: { code: 'localizer', text: 'the image is a localizer' } };
  return unitVerdict(attributes.modality, [plane]);
}
