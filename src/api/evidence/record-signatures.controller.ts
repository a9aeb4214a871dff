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
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { RECORD_TYPE_NAMES, recordTypeName } from '../../evidence/regulatory/record-types.js';
import { MEANINGS, Signatures, type RecordSignature } from '../../evidence/studies/signatures.js';
import type { SignatureRow } from '../../evidence/studies/studies.sql.js';
import { callerOf } from '../called-by.js';
import { bodyPlace, digest, numberIn } from './asked.js';
import { recordId } from './record-form.js';

/** Who stands for what the regulatory file says. */
@ApiTags('Regulatory file')
@ApiForbiddenResponse({ description: 'The caller has no part in the regulatory file, or is not who they were.' })
@ApiNotFoundResponse({ description: 'There is no such record or version.' })
@ApiParam({ name: 'type', enum: RECORD_TYPE_NAMES })
@ApiParam({ name: 'id', description: 'Of the record' })
@ApiParam({ name: 'version', description: '1 for the first' })
@Controller('evidence/records/:type/:id/versions/:version/signatures')
export class RecordSignaturesController {
  constructor(private readonly signatures: Signatures) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Sign a version of a record; the person is asked again who they are' })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['recordSha256', 'meaning'],
      properties: {
        recordSha256: { type: 'string', description: 'The digest of what was looked at' },
        meaning: { type: 'string', enum: [...MEANINGS] },
        password: { type: 'string' },
        code: { type: 'string' },
      },
    },
  })
  @ApiCreatedResponse({ description: 'The signature, once it stands in the ledger’s chain.' })
  @ApiConflictResponse({ description: 'It has another content, or is signed already.' })
  async sign(
    @Param('type') type: string,
    @Param('id') id: string,
    @Param('version') version: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<SignatureRow> {
    const asked = bodyPlace(body).object<Omit<RecordSignature, 'type' | 'id' | 'version'>>(
      {
        recordSha256: digest,
        meaning: (at) => at.oneOf(MEANINGS),
        password: (at) => at.text(/^[^\0]{1,256}$/, 'text'),
        code: (at) => at.text(/^[^\0]{0,32}$/, 'text'),
      },
      ['password', 'code'],
    );
    const of = { type: recordTypeName(type), id: recordId(id), version: numberIn(version, 'version') };
    return this.signatures.signRecord(callerOf(request), { ...of, ...asked });
  }

  @Get()
  @ApiOperation({ summary: 'The signatures on a version of a record' })
  @ApiOkResponse({ description: '`signatures`, the first one first.' })
  async list(
    @Param('type') type: string,
    @Param('id') id: string,
    @Param('version') version: string,
    @Req() request: FastifyRequest,
  ): Promise<{ signatures: SignatureRow[] }> {
    const name = recordTypeName(type);
    return { signatures: await this.signatures.onRecord(callerOf(request), name, recordId(id), numberIn(version, 'version')) };
  }
}
