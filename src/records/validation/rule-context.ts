import type { JsonObject } from './json-object.js';

/** Where an invariant is asked. */
export interface RuleContext {
  /** The element that the rule stands at: a type, or a path below one. */
  readonly base: string;
  /** The resource that the element is in; of a contained one, itself. */
  readonly resource: JsonObject;
  /** The outermost one. */
  readonly rootResource: JsonObject;
}

/** An invariant as a plain function. */
export type Check = (element: JsonObject, context: RuleContext) => boolean;
