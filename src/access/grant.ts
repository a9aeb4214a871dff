/** What may be done with resources of a type: create, read, update, delete, search (SMART App Launch 2.2, "Scopes for requesting FHIR Resources"). */
export type Interaction = 'c' | 'r' | 'u' | 'd' | 's';

/** In whose name: within the compartment of the launch's patient, as the person that uses the app, or as a system by itself. */
export type GrantContext = 'patient' | 'user' | 'system';

/** One scope of a token, understood. */
export interface Grant {
  readonly context: GrantContext;
  /** A FHIR resource type, or `*` for all. */
  readonly type: string;
  readonly interactions: ReadonlySet<Interaction>;
  /** Search parameters, as in a URL, that a resource must meet; undefined where all of the type are meant. */
  readonly query?: string;
}

/** The order of the grammar: `.dc` is no scope. */
const FORM = /^(patient|user|system)\/(\*|[A-Z][A-Za-z]{1,63})\.(c?r?u?d?s?|read|write|\*)(?:\?([^\s"\\]{1,500}))?$/;

/** What SMART 1 said. */
const VERSION_1: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };

/**
 * A SMART scope for resources, version 2 or 1 (`patient/Observation.rs?category=imaging`, `user/*.read`); undefined where the text is none:
 * it may be a scope of another kind (`openid`, `launch/patient`), or nonsense, and grants nothing.
 */
export function grantOf(scope: string): Grant | undefined {
  const [, context, type, letters, query] = FORM.exec(scope) ?? [];
  if (context === undefined || letters === '') return undefined;
  const interactions = new Set((VERSION_1[letters] ?? letters) as Iterable<Interaction>);
  return { context: context as GrantContext, type, interactions, ...(query === undefined ? {} : { query }) };
}

/** The grants among the scopes of a token, as they stand in its `scope`: separated by spaces (RFC 6749 3.3). */
export const grantsOf = (scopes: string): Grant[] =>
  scopes
    .split(' ')
    .map(grantOf)
    .filter((grant) => grant !== undefined);

/** In the order of the grammar. */
const LETTERS: readonly Interaction[] = ['c', 'r', 'u', 'd', 's'];

/** A grant as a scope says it: grantOf reads it again. */
export const scopeOf = ({ context, type, interactions, query }: Grant): string =>
  `${context}/${type}.${LETTERS.filter((letter) => interactions.has(letter)).join('')}${query === undefined ? '' : `?${query}`}`;
