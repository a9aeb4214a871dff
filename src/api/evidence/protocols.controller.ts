import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import {
  ApiBody,
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiForbiddenResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
  ApiTooManyRequestsResponse,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Protocol } from '../../evidence/studies/protocol.js';
import { Protocols } from '../../evidence/studies/protocols.js';
import { MEANINGS, SIGNED, Signatures, type SignatureAsked } from '../../evidence/studies/signatures.js';
import type { ProtocolRow, SignatureRow } from '../../evidence/studies/studies.sql.js';
import { callerOf } from '../called-by.js';
import { anyText, bodyPlace, digest, numberIn } from './asked.js';

const ID = { name: 'id', description: 'Of the validation study' };

const told = ({ content, ...row }: ProtocolRow) => ({ ...row, protocol: JSON.parse(content) as Protocol });

/** What is planned in a study, and who stands for it. */
@ApiTags('Validation studies')
@ApiForbiddenResponse({ description: 'The caller’s role, or part in the study, does not do this.' })
@ApiNotFoundResponse({ description: 'The organisation has no such study.' })
@Controller('evidence/studies/:id')
export class ProtocolsController {
  constructor(
    private readonly protocols: Protocols,
    private readonly signatures: Signatures,
  ) {}

  @Post('protocols')
  @HttpCode(201)
  @ApiOperation({ summary: 'Write the next version of the protocol; of a locked study, an amendment, which the three sign' })
  @ApiParam(ID)
  @ApiBody({
    schema: {
      type: 'object',
      required: ['protocol', 'kind', 'reason'],
      properties: {
        protocol: { type: 'object', description: 'docs/evidence.md, “Protocol”; the size of the study is computed anew' },
        kind: { type: 'string', enum: ['protocol', 'amendment'] },
        reason: { type: 'string' },
      },
    },
  })
  @ApiCreatedResponse({
    description: 'The version; `sha256` is that of the canonical text (RFC 8785) of `protocol`, which is what is signed.',
  })
  @ApiConflictResponse({ description: 'The protocol is locked, or the amendment changes what no amendment may.' })
  @ApiUnprocessableEntityResponse({ description: 'A member of the protocol is missing, or is none of its kind.' })
  async write(@Param('id') study: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<object> {
    const { protocol, kind, reason } = bodyPlace(body).object<{ protocol: unknown; kind: ProtocolRow['kind']; reason: string }>({
      protocol: () => (body as { protocol: unknown }).protocol,
      kind: (at) => at.oneOf(['protocol', 'amendment']),
      reason: anyText,
    });
    return told(await this.protocols.write(callerOf(request), study, protocol, kind, reason));
  }

  @Get('protocols/:version')
  @ApiOperation({ summary: 'A version of the protocol' })
  @ApiParam(ID)
  @ApiParam({ name: 'version', description: '1 for the first' })
  @ApiOkResponse({ description: 'It, with its digest; `signed`: by all three.' })
  async version(@Param('id') study: string, @Param('version') version: string, @Req() request: FastifyRequest): Promise<object> {
    return told(await this.protocols.version(callerOf(request), study, numberIn(version, 'version')));
  }

  @Post('signatures')
  @HttpCode(201)
  @ApiOperation({ summary: 'Sign something of a study; the person is asked again who they are' })
  @ApiParam(ID)
  @ApiBody({
    schema: {
      type: 'object',
      required: ['entityType', 'version', 'recordSha256', 'meaning'],
      properties: {
        entityType: { type: 'string', enum: [...SIGNED] },
        version: { type: 'integer', description: 'Version of the protocol, number of the analysis or package; 1 of the freeze' },
        recordSha256: { type: 'string', description: 'The digest of what was looked at' },
        meaning: { type: 'string', enum: [...MEANINGS] },
        password: { type: 'string', description: 'Of the account at the built-in issuer' },
        code: { type: 'string', description: 'Of its second factor, where it has one' },
      },
    },
  })
  @ApiCreatedResponse({ description: 'The signature, once it stands in the ledger’s chain.' })
  @ApiConflictResponse({ description: 'What is signed is no longer so, or is not signed now.' })
  @ApiTooManyRequestsResponse({ description: 'Too many wrong passwords.' })
  async sign(@Param('id') study: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<SignatureRow> {
    const asked = bodyPlace(body).object<Omit<SignatureAsked, 'study'>>(
      {
        entityType: (at) => at.oneOf(SIGNED),
        version: (at) => at.whole(1, 1e6),
        recordSha256: digest,
        meaning: (at) => at.oneOf(MEANINGS),
        password: (at) => at.text(/^[^\0]{1,256}$/, 'text'),
        code: (at) => at.text(/^[^\0]{0,32}$/, 'text'),
      },
      ['password', 'code'],
    );
    return this.signatures.sign(callerOf(request), { ...asked, study });
  }
}
