import type { ExecutionResult } from 'graphql';
import { formatted } from './subscriptions.js';

/** An answer with its errors as they leave. */
export const inOurWords = ({ errors, ...result }: ExecutionResult) => (errors ? { ...result, errors: errors.map(formatted) } : result);
