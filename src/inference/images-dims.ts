import type { ModelCard } from './model-card.js';
import { volumeChannels } from './preparation/volume/volume-preparation.js';

/**
 * What a card prepares as `images` (architecture.md, the model contract): [1, channels, rows, columns] of an image,
 * [1, channels, slices, rows, columns] of a volume, [1, frames, channels, rows, columns] of a clip.
 */
export function imagesDims({
  input: { volume, sequences, clip },
  preparation,
}: Pick<ModelCard, 'input' | 'preparation'>): readonly number[] {
  if (volume !== undefined) return [1, volumeChannels(volume, sequences), ...volume.size];
  if (clip !== undefined) return [1, clip.frames, clip.channels, clip.rows, clip.columns];
  return [1, preparation.channels, preparation.rows, preparation.columns];
}
