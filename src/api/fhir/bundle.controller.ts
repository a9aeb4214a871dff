import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PublicAddress } from '../../public-address.js';
import { Batches } from '../../records/bundle/batches.js';
import { BundleRefused } from '../../records/bundle/faults.js';
import { Transactions } from '../../records/bundle/transactions.js';
import { MalformedJson } from '../../records/validation/validate-text.js';
import { callerOf } from '../called-by.js';
import { preference } from '../preferences.js';
import { fhirBase } from './addresses.js';
import { answer, FHIR_JSON, formAsked } from './answer.js';
import { ownRoutes } from './own-routes.js';
import { responseBundle } from './response-bundle.js';
import { BodyAbsent } from './validate-faults.js';

/** FHIR R4: many interactions in one request (R4 http.html#transaction). */
@ApiTags('FHIR R4')
@ApiProduces(FHIR_JSON)
@ApiHeader({ name: 'prefer', required: false, description: 'return=, of what entries write; handling=, of what they search' })
@Controller('fhir')
export class FhirBundleController {
  constructor(
    private readonly transactions: Transactions,
    private readonly batches: Batches,
    private readonly address: PublicAddress,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Do what the entries of a batch or transaction Bundle ask (R4 http.html#transaction)' })
  @ApiConsumes(FHIR_JSON, 'application/json', 'application/fhir+xml')
  @ApiBody({ schema: { type: 'object' } })
  @ApiOkResponse({ description: 'Bundle of type batch-response or transaction-response: an entry for each entry, in their order.' })
  async run(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    formAsked(request);
    if (typeof body !== 'string' || body === '') throw new BodyAbsent();
    const type = bundleType(body);
    const base = fhirBase(request, this.address);
    const { prefer } = request.headers;
    const lenient = preference(prefer, 'handling') === 'lenient';
    const context = { caller: callerOf(request), base, now: Date.now(), lenient, ask: ownRoutes(request, base) };
    const answers = await (type === 'transaction' ? this.transactions : this.batches).run(body, context);
    await answer(request, reply, responseBundle(type, answers, base, preference(prefer, 'return')));
  }
}

/** Which of the two it is; all else is the room's to check. @throws BundleRefused */
function bundleType(text: string): 'batch' | 'transaction' {
  const { resourceType, type } = parsed(text);
  if (resourceType !== 'Bundle' || (type !== 'batch' && type !== 'transaction'))
    throw new BundleRefused('must be one of type batch or transaction', 'Bundle.type');
  return type;
}

function parsed(text: string): { resourceType?: unknown; type?: unknown } {
  const found = /^\s*\{\s*"resourceType"\s*:\s*"Bundle"\s*,\s*(?:"id"\s*:\s*"[^"\\]*"\s*,\s*)?"type"\s*:\s*"([a-z]+)"/.exec(text);
  if (found !== null) return { resourceType: 'Bundle', type: found[1] };
  try {
    return (JSON.parse(text) ?? {}) as { resourceType?: unknown; type?: unknown };
  } catch {
    throw new MalformedJson(text);
  }
}
