import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { Fault } from '../faults.js';

/** Properties named at most. */
const MOST_NAMED = 10;

/** What was given is not as its form asks: says which properties and by which rules, never what they held. */
export class UnfitInput extends Fault {
  readonly code = 'bad-request';
  readonly status = 400;

  constructor(errors: readonly ValidationError[]) {
    super(
      `The request is malformed: ${errors
        .flatMap((error) => broken(error, ''))
        .slice(0, MOST_NAMED)
        .join('; ')}.`,
    );
  }
}

/** Each property by its path, with the rules that it breaks as class-validator names them. */
function broken({ property, constraints = {}, children = [] }: ValidationError, above: string): string[] {
  const path = `${above}${property}`;
  const rules = Object.keys(constraints);
  return [...(rules.length > 0 ? [`${path} (${rules.join(', ')})`] : []), ...children.flatMap((child) => broken(child, `${path}.`))];
}

/** Checks what handlers are given against the rules that stand on its class. Throws UnfitInput. */
export const validated = (): ValidationPipe =>
  new ValidationPipe({ transform: true, exceptionFactory: (errors) => new UnfitInput(errors) });
