import type { ModelCard } from './model-card.js';

/** Names a model version within this server: NAME/VERSION. */
export const modelKey = ({ name, version }: Pick<ModelCard, 'name' | 'version'>): string => `${name}/${version}`;
