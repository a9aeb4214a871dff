import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PublicAddress } from '../../public-address.js';
import { historyAsked } from '../../records/history.js';
import { Records } from '../../records/records.js';
import { callerOf } from '../called-by.js';
import { checkedId, checkedType, fhirBase } from './addresses.js';
import { answer, FHIR_JSON, formAsked, queryPairs } from './answer.js';
import { historyText } from './history-bundle.js';

const TYPE = { name: 'type', description: 'A resource type of the CapabilityStatement' };
const BUNDLE = { description: 'Bundle of type history, newest first.' };

/** FHIR R4: what resources were (R4 http.html#history). */
@ApiTags('FHIR R4')
@ApiProduces(FHIR_JSON)
@ApiQuery({ name: '_since', required: false, description: 'An instant: versions made from then on' })
@ApiQuery({ name: '_at', required: false, description: 'A date: versions made before its end' })
@ApiQuery({ name: '_count', required: false, description: 'Entries a page, 1000 at most' })
@Controller('fhir')
export class FhirHistoryController {
  constructor(
    private readonly records: Records,
    private readonly address: PublicAddress,
  ) {}

  @Get('_history')
  @ApiOperation({ summary: 'The versions of all resources (R4 http.html#history)' })
  @ApiOkResponse(BUNDLE)
  async all(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.tell(request, reply, {});
  }

  @Get(':type/_history')
  @ApiOperation({ summary: 'The versions of the resources of a type (R4 http.html#history)' })
  @ApiParam(TYPE)
  @ApiOkResponse(BUNDLE)
  async ofType(@Param('type') type: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.tell(request, reply, { type: checkedType(type) });
  }

  @Get(':type/:id/_history')
  @ApiOperation({ summary: 'The versions of a resource (R4 http.html#history)' })
  @ApiParam(TYPE)
  @ApiParam({ name: 'id' })
  @ApiOkResponse(BUNDLE)
  async ofResource(
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.tell(request, reply, { type: checkedType(type), id: checkedId(id) });
  }

  private async tell(request: FastifyRequest, reply: FastifyReply, of: { type?: string; id?: string }): Promise<void> {
    formAsked(request);
    const { asked, used } = historyAsked(queryPairs(request), of);
    const { rows, total } = await this.records.history(callerOf(request), asked);
    await answer(request, reply, historyText(rows, total, asked, used, fhirBase(request, this.address)));
  }
}
