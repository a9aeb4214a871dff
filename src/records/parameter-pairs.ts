import { isObject, objectsOf } from './validation/json-object.js';

/** What a resource of type Parameters asks, each with its value as text (R4 operations.html#executing); '' where that is no primitive. */
export const parameterPairs = (parameters: unknown): [name: string, value: string][] =>
  objectsOf(isObject(parameters) ? parameters['parameter'] : []).map((parameter) => {
    const value = Object.entries(parameter).find(([name]) => name.startsWith('value'))?.[1];
    return [String(parameter['name']), ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : ''];
  });
