/** One thing that is wrong with a resource (R4 operationoutcome.html). */
export interface Issue {
  readonly severity: 'error' | 'warning';
  /** R4 issue-type. */
  readonly code: 'structure' | 'required' | 'value' | 'invariant' | 'code-invalid' | 'invalid' | 'not-supported' | 'duplicate';
  /** FHIRPath of the element. */
  readonly expression: string;
  /** In words; no content of the resource but names of elements, codes of the standard and keys of invariants. */
  readonly words: string;
}

/** Whether something refuses the resource; a warning does not. */
export const hasErrors = (issues: readonly Issue[]): boolean => issues.some(({ severity }) => severity === 'error');
