import { ImageUnpreparable } from '../preparation/faults.js';
import type { EngineResult } from './engine-messages.js';

/** The result of an image that shows something. @throws ImageUnpreparable  all its pixels have one value */
export function judgeable(result: EngineResult): EngineResult {
  if (result.isEven) throw new ImageUnpreparable('all its pixels have one value');
  return result;
}
