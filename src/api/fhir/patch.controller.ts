import { Body, Controller, Param, Patch, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiParam, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FrameworkFault } from '../../faults.js';
import { PublicAddress } from '../../public-address.js';
import { RecordAbsent } from '../../records/faults.js';
import type { Patch as ResourcePatch } from '../../records/edit/edit.js';
import { conditionOf } from '../../records/edit/condition.js';
import { Edits } from '../../records/edit/edits.js';
import { exactJson } from '../../records/edit/exact-json.js';
import { ResourceInvalid } from '../../records/edit/faults.js';
import { fhirPathPatch } from '../../records/edit/patch/fhirpath-patch.js';
import { jsonPatch } from '../../records/edit/patch/json-patch.js';
import { hasErrors } from '../../records/validation/issue.js';
import { isObject, type JsonObject } from '../../records/validation/json-object.js';
import { validateText } from '../../records/validation/validate-text.js';
import type { ParseContext } from '../../records/search/parse-condition.js';
import { callerOf } from '../called-by.js';
import { checkedId, checkedType, fhirBase } from './addresses.js';
import { FHIR_JSON, formAsked, queryPairs } from './answer.js';
import { conditionsIn, tellEdited } from './edit-answers.js';
import { BodyAbsent } from './validate-faults.js';

const TYPE = { name: 'type', description: 'A resource type of the CapabilityStatement' };
const JSON_PATCH = 'application/json-patch+json';
const OPERATIONS = { schema: { oneOf: [{ type: 'array', items: { type: 'object' } }, { type: 'object' }] } };

/** FHIR R4: changes to parts of a resource (R4 http.html#patch). */
@ApiTags('FHIR R4')
@ApiProduces(FHIR_JSON)
@ApiHeader({ name: 'if-match', required: false, description: 'ETag of the version that it is for' })
@Controller('fhir')
export class FhirPatchController {
  constructor(
    private readonly edits: Edits,
    private readonly address: PublicAddress,
  ) {}

  @Patch(':type/:id')
  @ApiOperation({ summary: 'Patch a resource by JSON Patch (RFC 6902) or FHIRPath Patch (R4 http.html#patch, fhirpatch.html)' })
  @ApiParam(TYPE)
  @ApiParam({ name: 'id' })
  @ApiConsumes(JSON_PATCH, FHIR_JSON, 'application/fhir+xml')
  @ApiBody(OPERATIONS)
  @ApiResponse({ status: 200, description: 'The resource with its new version.' })
  async patch(
    @Param('type') type: string,
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const patch = patchFrom(request, body, this.context(request).base);
    const edited = await this.edits.patch(callerOf(request), checkedType(type), checkedId(id), patch, conditionsIn(request));
    await tellEdited(request, reply, edited, fhirBase(request, this.address));
  }

  @Patch(':type')
  @ApiOperation({ summary: 'Patch the one resource that meets a search (R4 http.html#patch)' })
  @ApiParam(TYPE)
  @ApiConsumes(JSON_PATCH, FHIR_JSON, 'application/fhir+xml')
  @ApiBody(OPERATIONS)
  @ApiResponse({ status: 200, description: 'The resource with its new version.' })
  async patchWhere(
    @Param('type') type: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const condition = conditionOf(checkedType(type), queryPairs(request), this.context(request));
    const edited = await this.edits.patchWhere(
      callerOf(request),
      type,
      condition,
      patchFrom(request, body, this.context(request).base),
      conditionsIn(request),
    );
    if (edited === undefined) throw new RecordAbsent(type);
    await tellEdited(request, reply, edited, fhirBase(request, this.address));
  }

  private context(request: FastifyRequest): ParseContext {
    return { base: fhirBase(request, this.address), now: Date.now() };
  }
}

/** The patch in a body, by its media type. @param base  the server's own FHIR address. @throws NotAcceptable, BodyAbsent, MalformedJson, PatchFailed, ResourceInvalid; 415 for another media type */
function patchFrom(request: FastifyRequest, body: unknown, base: string): ResourcePatch {
  formAsked(request);
  if (typeof body !== 'string' || body === '') throw new BodyAbsent();
  const type = (request.headers['content-type'] ?? '').split(';')[0].trim();
  if (type === JSON_PATCH) return jsonPatch(body, base);
  const { value, issues } = validateText(body);
  if (!isObject(value) || value['resourceType'] !== 'Parameters')
    throw new FrameworkFault(415, 'unsupported-media-type', `A patch must be ${JSON_PATCH}, or a resource of type Parameters.`);
  if (hasErrors(issues)) throw new ResourceInvalid(issues);
  return fhirPathPatch(exactJson(body, value) as JsonObject, base);
}
