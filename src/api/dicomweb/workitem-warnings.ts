import type { FastifyReply } from 'fastify';
import { WorklistFault } from '../../worklist/faults.js';

/** The Warning header as PS3.18 section 11 has it: code 299, the service, the text. */
export function warn(reply: FastifyReply, base: string, text: string): void {
  reply.header('Warning', `299 ${new URL(base).host} "${text}"`);
}

/** Waits for what a request does; where it is refused, the answer has the Warning header that goes with the reason. */
export async function warnOfFault<T>(reply: FastifyReply, base: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof WorklistFault && error.warning !== undefined) warn(reply, base, error.warning);
    throw error;
  }
}
