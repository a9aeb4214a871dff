import { JsonPlace } from '../../json-place.js';
import { BadGraphArgument } from './faults.js';

/** What an argument that is JSON text says. @throws BadGraphArgument */
export function jsonOf(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new BadGraphArgument(name, 'must be JSON');
  }
}

/** A value of an argument as a place that its members are read from; each refuses what it can’t be (BadGraphArgument). */
export const placeIn = (name: string, value: unknown): JsonPlace =>
  new JsonPlace(value, (path, problem) => new BadGraphArgument([name, ...(path === '' ? [] : [path])].join('.'), problem));
