import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { OperationOutcome } from 'fhir/r4.js';
import type { Issue } from '../../records/validation/issue.js';
import { resourceDefinition } from '../../records/definitions/definitions.js';
import { isObject, objectsOf, type JsonObject } from '../../records/validation/json-object.js';
import { validateText } from '../../records/validation/validate-text.js';
import { issueOf } from './fhir-faults.js';
import { BodyAbsent, TypeUnknown } from './validate-faults.js';

/** `$validate` (R4 resource-operation-validate.html): what R4 itself finds wrong with a resource; nothing is stored. */
@ApiTags('FHIR R4')
@ApiProduces('application/fhir+json')
@Controller('fhir')
export class ValidateController {
  @Post(':type/$validate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Validate a resource against R4 (R4 resource-operation-validate.html)' })
  @ApiParam({ name: 'type', description: 'Any resource type of R4' })
  @ApiConsumes('application/fhir+json', 'application/json', 'application/fhir+xml')
  @ApiBody({ description: 'The resource, or Parameters with one named `resource`', schema: { type: 'object' } })
  @ApiOkResponse({
    description: 'OperationOutcome: one issue for each fault, with its FHIRPath; one of severity information where there is none.',
  })
  async validate(@Param('type') type: string, @Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    if (resourceDefinition(type) === undefined) throw new TypeUnknown();
    if (typeof body !== 'string' || body === '') throw new BodyAbsent();
    const outcome = outcomeOf(issuesOf(type, body));
    await reply.type('application/fhir+json; charset=utf-8; fhirVersion=4.0').send(JSON.stringify(outcome));
  }
}

/** Of Parameters all that is wrong with them, the resource's places as they are within. */
function issuesOf(type: string, text: string): readonly Issue[] {
  const { value, issues } = validateText(text);
  const given = isObject(value) ? value : {};
  if (type === 'Parameters' || given['resourceType'] !== 'Parameters') return [...issues, ...wrongType(type, given)];
  const named = (name: string) => objectsOf(given['parameter']).find((one) => one['name'] === name);
  const resource = named('resource')?.['resource'];
  return [
    ...issues,
    ...(isObject(resource) ? wrongType(type, resource) : [RESOURCE_ABSENT]),
    ...(named('profile') === undefined ? [] : [PROFILE_UNKNOWN]),
  ];
}

function wrongType(type: string, { resourceType: given }: JsonObject): Issue[] {
  if (typeof given !== 'string' || given === type) return [];
  return [{ severity: 'error', code: 'invalid', expression: 'resourceType', words: `must be ${type}, as the address says` }];
}

const RESOURCE_ABSENT: Issue = {
  severity: 'error',
  code: 'required',
  expression: 'Parameters.parameter',
  words: 'must have one named resource, with the resource',
};

const PROFILE_UNKNOWN: Issue = {
  severity: 'error',
  code: 'not-supported',
  expression: 'Parameters.parameter',
  words: 'names a profile: this server validates against R4 itself only',
};

function outcomeOf(issues: readonly Issue[]): OperationOutcome {
  if (issues.length === 0)
    return {
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'information', code: 'informational', details: { text: 'R4 finds nothing wrong with the resource.' } }],
    };
  return {
    resourceType: 'OperationOutcome',
    issue: issues.map(issueOf),
  };
}
