import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiForbiddenResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { IssuerKeys } from '../../issuer/issuer-keys.js';
import { requireFirstTenant } from '../../access/operations.js';
import { callerOf } from '../called-by.js';

/** The keys that tokens are signed with. */
@ApiTags('Accounts and clients')
@Controller('access/keys')
export class KeysController {
  constructor(private readonly keys: IssuerKeys) {}

  @Post('rotate')
  @HttpCode(204)
  @ApiOperation({ summary: 'Sign with new keys; tokens that are out stay good until they expire' })
  @ApiNoContentResponse({ description: 'They are published; servers sign with them within two minutes.' })
  @ApiForbiddenResponse({ description: 'The caller administers no accounts.' })
  async rotate(@Req() request: FastifyRequest): Promise<void> {
    const caller = callerOf(request);
    // The keys are of the whole server.
    requireFirstTenant(caller, 'accounts.manage');
    await this.keys.rotate(caller);
  }
}
