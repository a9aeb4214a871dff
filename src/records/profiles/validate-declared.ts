import { hasErrors, type Issue } from '../validation/issue.js';
import { isObject } from '../validation/json-object.js';
import { validateResource } from '../validation/validate-resource.js';
import { declaredIssues } from './check-profiles.js';

/** All that is wrong with a resource by R4 and, where that finds nothing, by the profiles that it declares. */
export function validateDeclared(given: unknown): Issue[] {
  const issues = validateResource(given);
  return hasErrors(issues) || !isObject(given) ? issues : [...issues, ...declaredIssues(given)];
}
