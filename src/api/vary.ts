import type { FastifyReply } from 'fastify';

/** Notes that the answer depends on request headers, so that no cache gives it to somebody who asks otherwise (RFC 9110 12.5.5). */
export function addVary(reply: FastifyReply, ...names: readonly string[]): void {
  const before = reply.getHeader('vary');
  if (before === '*') return;
  const given = typeof before === 'string' ? before.split(',').map((one) => one.trim()) : [];
  const known = new Set(given.map((one) => one.toLowerCase()));
  const all = [...given, ...names.filter((name) => !known.has(name.toLowerCase()))];
  reply.header('Vary', all.join(', '));
}
