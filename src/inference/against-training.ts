import type { ModelCard } from './model-card.js';
import type { ImageQuality } from './reading.js';

/** How far an input lies from those of the training, and from where on the card calls that too far. */
export function againstTraining(
  { inputDistanceLimit }: Pick<ModelCard, 'inputDistanceLimit'>,
  inputDistance: number | undefined,
): Pick<ImageQuality, 'inputDistance' | 'inputDistanceLimit'> {
  if (inputDistance === undefined) return {};
  return { inputDistance, ...(inputDistanceLimit !== undefined && { inputDistanceLimit }) };
}
