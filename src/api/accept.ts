import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Fault } from '../faults.js';

/** Text leaves this server in UTF-8 and nothing else (PS3.18 8.3.3.2: an unsupported `charset` is a bad request). */
export class UnsupportedCharset extends Fault {
  readonly code = 'unsupported-charset';
  readonly status = 400;

  constructor() {
    super('The charset parameter must name utf-8, which is what this server writes.');
  }
}

/**
 * What a request accepts: the list of its `accept` query parameter, which is for links that cannot set a header
 * (PS3.18 8.3.3.1), and the list of its Accept header below it, on a line of its own: what the parameter asks for and can be had comes
 * before whatever the header asks for (8.7.8.1). Undefined where the request has neither. Throws UnsupportedCharset.
 */
export function acceptOf({ query, headers: { accept: header } }: Pick<FastifyRequest, 'query' | 'headers'>): string | undefined {
  const { accept, charset } = query as Record<'accept' | 'charset', string | string[] | undefined>;
  checkCharset(charset);
  // An unescaped + arrives as a blank.
  const list = listed(accept ?? [])
    .map((one) => one.trim().replaceAll(/(?<=[\w.])\s(?=\w)/g, '+'))
    .join(',');
  if (list === '') return header;
  return header === undefined ? list : `${list}\n${header}`;
}

/** The `charset` parameter, where there is one, names UTF-8 among others (PS3.18 8.3.3.2). Throws UnsupportedCharset. */
export function checkCharset(charset: string | string[] | undefined): void {
  if (charset !== undefined && !listed(charset).some((one) => /^"?utf-?8"?\s*(;|$)/i.test(one.trim()))) throw new UnsupportedCharset();
}

const listed = (value: string | string[]): string[] => [value].flat().flatMap((one) => one.split(','));

/** What the request accepts, for `choose` and `negotiate`. (Nest's own decorator would document the header as required.) */
export const Accept = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined =>
  acceptOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
