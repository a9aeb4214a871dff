import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PublicAddress } from '../../public-address.js';
import { Documents } from '../../reporting/document/documents.js';
import { Reviews } from '../../reporting/review/reviews.js';
import { callerOf } from '../called-by.js';
import { checkedId, fhirBase, TypeNotServed } from './addresses.js';
import { answer, FHIR_JSON, formAsked } from './answer.js';
import { PostedParameters } from './operation-parameters.js';
import { tellEdited } from './edit-answers.js';
import { reviewFrom } from './review-asked.js';

const TYPE = { name: 'type', description: 'DiagnosticReport' };

/** FHIR R4: what a person does with a report, and the report as one signed document. */
@ApiTags('FHIR R4')
@ApiProduces(FHIR_JSON)
@Controller('fhir')
export class FhirReportController {
  constructor(
    private readonly reviews: Reviews,
    private readonly documents: Documents,
    private readonly address: PublicAddress,
  ) {}

  @Post(':type/:id/$review')
  @HttpCode(200)
  @ApiOperation({ summary: 'Accept, amend or reject a preliminary report: it becomes final, amended or cancelled, signed and on record' })
  @ApiParam(TYPE)
  @ApiParam({ name: 'id' })
  @ApiHeader({ name: 'if-match', required: true, description: 'ETag of the version that was read' })
  @ApiConsumes(FHIR_JSON, 'application/json', 'application/fhir+xml')
  @ApiBody({ description: 'Parameters: decision, reviewer, organization, reason, conclusion, finding', schema: { type: 'object' } })
  @ApiOkResponse({ description: 'The DiagnosticReport in its new version.' })
  @ApiResponse({ status: 412, description: 'The report is at another version than the one that was read.' })
  async review(
    @Param('type') type: string,
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    formAsked(request);
    if (type !== 'DiagnosticReport') throw new TypeNotServed();
    const base = fhirBase(request, this.address);
    const row = await this.reviews.review(callerOf(request), checkedId(id), reviewFrom(request, body, base));
    await tellEdited(request, reply, { outcome: 'updated', row, isShown: true }, base);
  }

  @Get(':type/:id/$document')
  @ApiOperation({ summary: 'A report with all that it refers to as one signed document (R4 documents.html)' })
  @ApiParam(TYPE)
  @ApiParam({ name: 'id' })
  @ApiOkResponse({
    description: 'Bundle of type document: a Composition, the report, what they refer to; with a JWS over its canonical form.',
  })
  async document(
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.tellDocument(type, id, request, reply);
  }

  @Post(':type/:id/$document')
  @PostedParameters()
  @ApiOperation({ summary: 'A report as a signed document, by POST (R4 operations.html#executing)' })
  @ApiParam(TYPE)
  @ApiParam({ name: 'id' })
  @ApiOkResponse({ description: 'Bundle of type document.' })
  async documentByPost(
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.tellDocument(type, id, request, reply);
  }

  private async tellDocument(type: string, id: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    formAsked(request);
    if (type !== 'DiagnosticReport') throw new TypeNotServed();
    await answer(request, reply, await this.documents.of(callerOf(request), checkedId(id), fhirBase(request, this.address)));
  }
}
