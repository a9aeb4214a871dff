import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../../access/caller.js';
import { requireFirstTenant, requireOperation } from '../../access/operations.js';
import { Signer } from '../../signing/signer.js';
import { Authentication } from '../authentication.js';
import { CalledBy } from '../called-by.js';
import { Health } from './health.js';
import { Metrics } from './metrics.js';

/** Health and metrics for whoever runs the server. */
@ApiTags('Operations')
@Controller()
export class OperationsController {
  constructor(
    private readonly health: Health,
    private readonly metrics: Metrics,
    private readonly signer: Signer,
    private readonly authentication: Authentication,
  ) {}

  @Get('health/live')
  @ApiOperation({ summary: 'The process answers' })
  @ApiOkResponse({ description: 'It lives.' })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @ApiOperation({ summary: 'The server can do its work' })
  @ApiOkResponse({ description: 'Database, storage and models are ready.' })
  @ApiServiceUnavailableResponse({ description: 'One of them is not.' })
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const { status } = await this.health.report();
    await reply.code(status === 'ok' ? 200 : 503).send({ status });
  }

  @Get('health')
  @ApiOperation({ summary: 'Both; with AUTH=none also what each check found' })
  @ApiOkResponse({ description: 'It is well.' })
  @ApiServiceUnavailableResponse({ description: 'A check fails.' })
  async whole(@Res() reply: FastifyReply): Promise<void> {
    const { status, version, checks } = await this.health.report();
    // What it is made of is for who runs it: to everybody else it says whether it is well.
    const more = this.authentication.isOn ? {} : { version, checks };
    await reply.code(status === 'ok' ? 200 : 503).send({ live: true, ready: status === 'ok', status, ...more });
  }

  @Get('health/checks')
  @ApiOperation({ summary: 'What each check found, for callers whose role may do server.observe' })
  @ApiOkResponse({ description: 'Every check, the execution providers that were refused and why.' })
  @ApiServiceUnavailableResponse({ description: 'A check fails.' })
  async checks(@CalledBy() caller: Caller, @Res() reply: FastifyReply): Promise<void> {
    requireOperation(caller, 'server.observe');
    requireFirstTenant(caller, 'server.observe');
    const report = await this.health.report();
    await reply.code(report.status === 'ok' ? 200 : 503).send(report);
  }

  @Get('metrics')
  @ApiOperation({ summary: 'Prometheus metrics, for callers whose role may do server.observe' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ description: 'Text format 0.0.4' })
  async prometheus(@CalledBy() caller: Caller, @Res() reply: FastifyReply): Promise<void> {
    requireOperation(caller, 'server.observe');
    requireFirstTenant(caller, 'server.observe');
    const { contentType, body } = await this.metrics.text();
    await reply.type(contentType).send(body);
  }

  @Get('signing-keys')
  @ApiOperation({ summary: 'The public keys of what the server has signed (RFC 7517 5)' })
  @ApiProduces('application/jwk-set+json')
  @ApiOkResponse({ description: 'JWK Set; Ed25519 (RFC 8037). Keys that were replaced stay.' })
  async signingKeys(@Res() reply: FastifyReply): Promise<void> {
    await reply.type('application/jwk-set+json').send(JSON.stringify(await this.signer.publicKeys()));
  }
}
