import { fileURLToPath } from 'node:url';

/** The models that come with the source: `models/` beside `dist/`. */
export const BUNDLED_MODELS = fileURLToPath(new URL('../../../models/', import.meta.url));
