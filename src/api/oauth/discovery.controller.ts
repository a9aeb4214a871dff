import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { PublicAddress } from '../../public-address.js';
import { Settings } from '../../settings.js';
import { Authentication } from '../authentication.js';
import { outsideConfiguration, smartConfiguration } from './smart-configuration.js';

const DESCRIPTION = { description: 'Endpoints and capabilities of the issuer.' };

/** How apps find the issuer (SMART App Launch 2.2, "Using .well-known"): from any page, as there is nothing secret in it. */
@ApiTags('SMART App Launch')
@Controller()
export class DiscoveryController {
  constructor(
    private readonly address: PublicAddress,
    private readonly settings: Settings,
    private readonly authentication: Authentication,
  ) {}

  @Get('fhir/.well-known/smart-configuration')
  @ApiOperation({ summary: 'Where and how an app gets its tokens (SMART App Launch 2.2)' })
  @ApiOkResponse(DESCRIPTION)
  async atFhir(@Res() reply: FastifyReply): Promise<void> {
    await this.tell(reply);
  }

  @Get('.well-known/smart-configuration')
  @ApiOperation({ summary: 'The same, for who knows the server alone' })
  @ApiOkResponse(DESCRIPTION)
  async atRoot(@Res() reply: FastifyReply): Promise<void> {
    await this.tell(reply);
  }

  private async tell(reply: FastifyReply): Promise<void> {
    const { outside } = this.authentication;
    const said =
      outside === undefined ? smartConfiguration(this.address.base, this.settings) : outsideConfiguration(await outside.metadata());
    const text = JSON.stringify(said);
    await reply.header('Access-Control-Allow-Origin', '*').type('application/json; charset=utf-8').send(text);
  }
}
