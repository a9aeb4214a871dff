import { Body, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OperationOutcome } from 'fhir/r4.js';
import { hasErrors, type Issue } from '../../records/validation/issue.js';
import { resourceDefinition } from '../../records/definitions/definitions.js';
import { profileIssues } from '../../records/profiles/check-profiles.js';
import { knownProfile } from '../../records/profiles/known-profiles.js';
import { isObject, objectsOf, type JsonObject } from '../../records/validation/json-object.js';
import { validateText } from '../../records/validation/validate-text.js';
import { queryPairs } from './answer.js';
import { issueOf } from './fhir-faults.js';
import { BodyAbsent, TypeUnknown } from './validate-faults.js';

/** `$validate` (R4 resource-operation-validate.html): what R4 and the profiles find wrong with a resource; nothing is stored. */
@ApiTags('FHIR R4')
@ApiProduces('application/fhir+json')
@Controller('fhir')
export class ValidateController {
  @Post(':type/$validate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Validate a resource against R4 (R4 resource-operation-validate.html)' })
  @ApiParam({ name: 'type', description: 'Any resource type of R4' })
  @ApiQuery({ name: 'profile', required: false, description: 'Canonical of a profile that it must hold, too' })
  @ApiConsumes('application/fhir+json', 'application/json', 'application/fhir+xml')
  @ApiBody({ description: 'The resource, or Parameters with one named `resource`', schema: { type: 'object' } })
  @ApiOkResponse({
    description: 'OperationOutcome: one issue for each fault, with its FHIRPath; one of severity information where there is none.',
  })
  async validate(
    @Param('type') type: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (resourceDefinition(type) === undefined) throw new TypeUnknown();
    if (typeof body !== 'string' || body === '') throw new BodyAbsent();
    const asked = queryPairs(request).flatMap(([name, value]) => (name === 'profile' ? [value] : []));
    const outcome = outcomeOf(issuesOf(type, body, asked));
    await reply.type('application/fhir+json; charset=utf-8; fhirVersion=4.0').send(JSON.stringify(outcome));
  }
}

/** Of Parameters all that is wrong with them, the resource's places as they are within. */
function issuesOf(type: string, text: string, profiles: readonly string[]): readonly Issue[] {
  const { value, issues } = validateText(text);
  const given = isObject(value) ? value : {};
  if (type === 'Parameters' || given['resourceType'] !== 'Parameters')
    return [...issues, ...wrongType(type, given), ...byProfiles(issues, given, profiles, type)];
  const named = (name: string) => objectsOf(given['parameter']).find((one) => one['name'] === name);
  const resource = named('resource')?.['resource'];
  const { valueUri, valueCanonical } = (named('profile') ?? {}) as { valueUri?: string; valueCanonical?: string };
  const said = [valueUri, valueCanonical].filter((one) => one !== undefined);
  return [
    ...issues,
    ...(isObject(resource)
      ? [...wrongType(type, resource), ...byProfiles(issues, resource, [...profiles, ...said], 'Parameters.parameter.resource')]
      : [RESOURCE_ABSENT]),
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

/** What a resource that is valid R4 does not hold of the profiles that were asked for. */
function byProfiles(issues: readonly Issue[], resource: JsonObject, canonicals: readonly string[], place: string): Issue[] {
  if (hasErrors(issues)) return [];
  return canonicals.flatMap((canonical) => {
    const profile = knownProfile(canonical);
    return profile === undefined ? [PROFILE_UNKNOWN] : profileIssues(resource, profile, place);
  });
}

const PROFILE_UNKNOWN: Issue = {
  severity: 'error',
  code: 'not-supported',
  expression: 'profile',
  words: 'is not known to this server: nothing was checked by it',
};

function outcomeOf(issues: readonly Issue[]): OperationOutcome {
  if (issues.length === 0)
    return {
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'information', code: 'informational', details: { text: 'Nothing is wrong with the resource.' } }],
    };
  return {
    resourceType: 'OperationOutcome',
    issue: issues.map(issueOf),
  };
}
