import type { FastifyReply } from 'fastify';

/** A Warning as PS3.18 has it: code 299, the service, the text. */
export const warning = (base: string, text: string): string => `299 ${new URL(base).host} "${text}"`;

/** Gives the answer its Warning header. */
export function warn(reply: FastifyReply, base: string, text: string): void {
  reply.header('Warning', warning(base, text));
}
