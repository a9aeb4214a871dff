import type { FastifyReply } from 'fastify';
import { WorklistFault } from '../../worklist/faults.js';
import { warn } from './warning.js';

/** Waits for what a request does; where it is refused, the answer has the Warning header that goes with the reason. */
export async function warnOfFault<T>(reply: FastifyReply, base: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof WorklistFault && error.warning !== undefined) warn(reply, base, error.warning);
    throw error;
  }
}
