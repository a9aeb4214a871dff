import { StatisticsError, type StatisticsErrorCode } from '../statistics/statistics-error.js';

/** An endpoint that has no number, and why: it is reported so, never left out. */
export interface Refused {
  readonly error: StatisticsErrorCode;
  readonly message: string;
}

/** A statistic, or the coded reason for which it does not exist. Other errors are bugs and go through. */
export function computed<T>(statistic: () => T): T | Refused {
  try {
    return statistic();
  } catch (error) {
    if (error instanceof StatisticsError) return { error: error.code, message: error.message };
    throw error;
  }
}

export const isRefused = (answer: object): answer is Refused => 'error' in answer;
