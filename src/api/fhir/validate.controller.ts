import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../access/caller.js';
import { requireAll } from '../../access/permits.js';
import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4.js';
import { asFault } from '../../faults.js';
import { draftOfValue } from '../../records/edit/draft.js';
import { newId } from '../../records/edit/edit.js';
import { Edits } from '../../records/edit/edits.js';
import { AddressDiffers } from '../../records/edit/faults.js';
import { BadSearchParameter } from '../../records/search/faults.js';
import { Records } from '../../records/records.js';
import { hasErrors, type Issue } from '../../records/validation/issue.js';
import { resourceDefinition } from '../../records/definitions/definitions.js';
import { profileIssues } from '../../records/profiles/check-profiles.js';
import { knownProfile } from '../../records/profiles/known-profiles.js';
import type { JsonObject } from '../../records/validation/json-object.js';
import { callerOf } from '../called-by.js';
import { checkedId, checkedType } from './addresses.js';
import { answer, FHIR_JSON, formAsked } from './answer.js';
import { issueOf, issuesOf } from './fhir-faults.js';
import { validationAsked, type ValidationAsked, type ValidationMode } from './validate-asked.js';
import { BodyAbsent, TypeUnknown } from './validate-faults.js';

const BODY = { description: 'The resource, or Parameters with `resource`, `mode`, `profile`', schema: { type: 'object' } };
const MODE = { name: 'mode', required: false, description: 'create, update or delete: checked as that would be' };
const PROFILE = { name: 'profile', required: false, description: 'Canonical of a profile that it must hold, too' };
const OUTCOME = {
  description: 'OperationOutcome: one issue for each fault, with its FHIRPath; one of severity information where there is none.',
};

/** `$validate` (R4 resource-operation-validate.html): what R4 and the profiles find wrong with a resource; nothing is stored. */
@ApiTags('FHIR R4')
@ApiProduces(FHIR_JSON)
@Controller('fhir')
export class ValidateController {
  constructor(
    private readonly records: Records,
    private readonly edits: Edits,
  ) {}

  @Post(':type/$validate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Validate a resource against R4 (R4 resource-operation-validate.html)' })
  @ApiParam({ name: 'type', description: 'Any resource type of R4' })
  @ApiQuery(PROFILE)
  @ApiQuery(MODE)
  @ApiConsumes(FHIR_JSON, 'application/json', 'application/fhir+xml')
  @ApiBody(BODY)
  @ApiOkResponse(OUTCOME)
  async validate(
    @Param('type') type: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    formAsked(request);
    if (resourceDefinition(type) === undefined) throw new TypeUnknown();
    if (typeof body !== 'string' || body === '') throw new BodyAbsent();
    const asked = validationAsked(request, type, body);
    if (asked.mode === 'update' || asked.mode === 'delete')
      throw new BadSearchParameter('mode', `${asked.mode} is of one resource: it is asked at its own address`);
    const issues = found(asked, type);
    const refused =
      hasErrors(issues) || asked.mode === undefined
        ? []
        : await this.refusal(callerOf(request), type, newId(), asked.mode, asked.resource ?? {});
    await tell(request, reply, [...issues.map(issueOf), ...refused]);
  }

  @Get(':type/:id/$validate')
  @ApiOperation({ summary: 'Validate a resource as it is stored (R4 resource-operation-validate.html)' })
  @ApiParam({ name: 'type', description: 'A resource type of the CapabilityStatement' })
  @ApiParam({ name: 'id' })
  @ApiQuery(PROFILE)
  @ApiQuery(MODE)
  @ApiOkResponse(OUTCOME)
  async validateStored(
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.tellOfOne(checkedType(type), checkedId(id), '', request, reply);
  }

  @Post(':type/:id/$validate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Validate what is to be done to a resource (R4 resource-operation-validate.html)' })
  @ApiParam({ name: 'type', description: 'A resource type of the CapabilityStatement' })
  @ApiParam({ name: 'id' })
  @ApiQuery(PROFILE)
  @ApiQuery(MODE)
  @ApiConsumes(FHIR_JSON, 'application/json', 'application/fhir+xml')
  @ApiBody({ ...BODY, required: false })
  @ApiOkResponse(OUTCOME)
  async validateOne(
    @Param('type') type: string,
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.tellOfOne(checkedType(type), checkedId(id), typeof body === 'string' ? body : '', request, reply);
  }

  /** Without a resource the stored one is looked at. */
  private async tellOfOne(type: string, id: string, text: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    formAsked(request);
    const asked = validationAsked(request, type, text);
    if (asked.mode === 'create')
      throw new BadSearchParameter('mode', 'create is of a new resource: it is asked at the address of its type');
    const { content } = await this.records.read(callerOf(request), type, id); // who is not there can't be changed
    const whole = asked.resource === undefined ? ofStored(asked, validationAsked(request, type, content)) : asked;
    const issues = asked.mode === 'delete' && asked.resource === undefined ? [] : found(whole, type);
    const refused =
      hasErrors(issues) || asked.mode === undefined
        ? []
        : await this.refusal(callerOf(request), type, id, asked.mode, whole.resource ?? {});
    await tell(request, reply, [...issues.map(issueOf), ...refused]);
  }

  /** What the server would answer to the edit itself, as an outcome says it. */
  private async refusal(
    caller: Caller,
    type: string,
    id: string,
    mode: ValidationMode,
    resource: JsonObject,
  ): Promise<OperationOutcomeIssue[]> {
    // Whether an edit would be done tells what is there.
    requireAll(caller, [type], mode === 'create' ? 'c' : mode === 'delete' ? 'd' : 'u');
    try {
      if (mode === 'create') await this.edits.rehearse(caller, { kind: 'create', draft: draftOfValue(resource, checkedType(type)), id });
      else if (mode === 'delete') await this.edits.rehearse(caller, { kind: 'delete', type, id, conditions: {} });
      else if (resource['id'] !== id) throw new AddressDiffers('id');
      else await this.edits.rehearse(caller, { kind: 'put', draft: draftOfValue(resource, type), id, conditions: {} });
      return [];
    } catch (error) {
      const fault = asFault(error);
      if (fault.status >= 500) throw fault;
      return issuesOf(fault);
    }
  }
}

const ofStored = ({ issues, mode, profiles }: ValidationAsked, stored: ValidationAsked): ValidationAsked => ({
  ...stored,
  issues: [...issues, ...stored.issues],
  mode,
  profiles,
});

function found({ resource, place, issues, profiles }: ValidationAsked, type: string): Issue[] {
  if (resource === undefined) return [...issues, RESOURCE_ABSENT];
  return [...issues, ...wrongType(type, resource), ...byProfiles(issues, resource, profiles, place)];
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

async function tell(request: FastifyRequest, reply: FastifyReply, issue: OperationOutcomeIssue[]): Promise<void> {
  const outcome: OperationOutcome = { resourceType: 'OperationOutcome', issue: issue.length === 0 ? [NOTHING] : issue };
  await answer(request, reply, JSON.stringify(outcome));
}

const NOTHING: OperationOutcomeIssue = {
  severity: 'information',
  code: 'informational',
  details: { text: 'Nothing is wrong with the resource.' },
};
