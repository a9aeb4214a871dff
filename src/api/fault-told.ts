import type { FastifyReply } from 'fastify';
import type { Fault } from '../faults.js';

const told = new WeakMap<FastifyReply, Fault>();

/** Notes which fault an answer tells of, for the record of the refusal. */
export const noteFault = (reply: FastifyReply, fault: Fault): void => void told.set(reply, fault);

/** The fault that an answer tells of. */
export const faultTold = (reply: FastifyReply): Fault | undefined => told.get(reply);
