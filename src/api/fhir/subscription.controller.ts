import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Parameters } from 'fhir/r4.js';
import { notificationText, statusParameters, type SubscriptionFacts } from '../../delivery/notification.js';
import { Subscriptions } from '../../delivery/subscriptions.js';
import { PublicAddress } from '../../public-address.js';
import { callerOf } from '../called-by.js';
import { checkedId, fhirBase, TypeNotServed } from './addresses.js';
import { answer, FHIR_JSON, formAsked } from './answer.js';
import { operationPairs, PostedParameters } from './operation-parameters.js';
import { BadSubscriptionParameter, eventsAsked } from './subscription-asked.js';
import { SOCKET_PATH } from './subscription-channels.js';

const TYPE = { name: 'type', description: 'Subscription' };
const MOST_IDS = 100;

/** FHIR R4 with the Subscriptions R5 Backport 1.1: what became of subscriptions, and what they were told. */
@ApiTags('FHIR R4')
@ApiProduces(FHIR_JSON)
@Controller('fhir')
export class FhirSubscriptionController {
  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly address: PublicAddress,
  ) {}

  @Get(':type/$status')
  @ApiOperation({ summary: 'The status of subscriptions (Backport $status)' })
  @ApiParam(TYPE)
  @ApiQuery({ name: 'id', required: true, description: 'Ids of Subscriptions, with commas between them; repeatable' })
  @ApiOkResponse({ description: 'Bundle of type searchset: a Parameters for each.' })
  async statuses(@Param('type') type: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.tellStatuses(type, undefined, request, reply);
  }

  @Post(':type/$status')
  @PostedParameters()
  @ApiOperation({ summary: 'The status of subscriptions, by POST (R4 operations.html#executing)' })
  @ApiParam(TYPE)
  @ApiOkResponse({ description: 'Bundle of type searchset: a Parameters for each.' })
  async statusesByPost(
    @Param('type') type: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.tellStatuses(type, body, request, reply);
  }

  private async tellStatuses(type: string, body: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (type !== 'Subscription') throw new TypeNotServed();
    const ids = idsIn(operationPairs(request, body));
    if (ids.length === 0 || ids.length > MOST_IDS) throw new BadSubscriptionParameter('id', `must be there, ${MOST_IDS} times at most`);
    await this.tellStatus(request, reply, ids);
  }

  @Get(':type/:id/$status')
  @ApiOperation({ summary: 'The status of a subscription (Backport $status)' })
  @ApiParam(TYPE)
  @ApiParam({ name: 'id' })
  @ApiOkResponse({ description: 'Bundle of type searchset with a Parameters.' })
  async status(
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (type !== 'Subscription') throw new TypeNotServed();
    await this.tellStatus(request, reply, [id]);
  }

  @Post(':type/:id/$status')
  @PostedParameters()
  @ApiOperation({ summary: 'The status of a subscription, by POST (R4 operations.html#executing)' })
  @ApiParam(TYPE)
  @ApiParam({ name: 'id' })
  @ApiOkResponse({ description: 'Bundle of type searchset with a Parameters.' })
  async statusByPost(
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.status(type, id, request, reply);
  }

  @Get(':type/:id/$events')
  @ApiOperation({ summary: 'Events that a subscription was told, or missed (Backport $events)' })
  @ApiParam(TYPE)
  @ApiParam({ name: 'id' })
  @ApiQuery({ name: 'eventsSinceNumber', required: false })
  @ApiQuery({ name: 'eventsUntilNumber', required: false })
  @ApiQuery({ name: 'content', required: false, description: 'empty, id-only or full-resource' })
  @ApiOkResponse({ description: 'A notification Bundle of type query-event; 100 events at most.' })
  async events(
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.tellEvents(type, id, undefined, request, reply);
  }

  @Post(':type/:id/$events')
  @PostedParameters()
  @ApiOperation({ summary: 'Events that a subscription was told, or missed, by POST (R4 operations.html#executing)' })
  @ApiParam(TYPE)
  @ApiParam({ name: 'id' })
  @ApiOkResponse({ description: 'A notification Bundle of type query-event; 100 events at most.' })
  async eventsByPost(
    @Param('type') type: string,
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.tellEvents(type, id, body, request, reply);
  }

  private async tellEvents(type: string, id: string, body: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (type !== 'Subscription') throw new TypeNotServed();
    formAsked(request);
    const { facts, events, content } = await this.subscriptions.events(
      callerOf(request),
      checkedId(id),
      eventsAsked(operationPairs(request, body)),
    );
    await answer(request, reply, notificationText(facts, 'query-event', fhirBase(request, this.address), events, content));
  }

  @Get(':type/$get-ws-binding-token')
  @ApiOperation({ summary: 'The same, of the Subscription that is named (Backport $get-ws-binding-token)' })
  @ApiParam(TYPE)
  @ApiQuery({ name: 'id', required: true, description: 'Of one Subscription: a token binds one' })
  @ApiOkResponse({ description: 'Parameters: token, expiration, subscription, websocket-url.' })
  async tokenOf(@Param('type') type: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.token(type, theOneId(type, operationPairs(request, undefined)), request, reply);
  }

  @Post(':type/$get-ws-binding-token')
  @PostedParameters()
  @ApiOperation({ summary: 'The same, of the Subscription that is named, by POST (R4 operations.html#executing)' })
  @ApiParam(TYPE)
  @ApiOkResponse({ description: 'Parameters: token, expiration, subscription, websocket-url.' })
  async tokenOfByPost(
    @Param('type') type: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.token(type, theOneId(type, operationPairs(request, body)), request, reply);
  }

  @Get(':type/:id/$get-ws-binding-token')
  @ApiOperation({ summary: 'A token that binds a WebSocket to a subscription (Backport $get-ws-binding-token)' })
  @ApiParam(TYPE)
  @ApiParam({ name: 'id' })
  @ApiOkResponse({ description: 'Parameters: token, expiration, subscription, websocket-url.' })
  async token(
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (type !== 'Subscription') throw new TypeNotServed();
    formAsked(request);
    const { token, expires } = await this.subscriptions.token(callerOf(request), checkedId(id));
    const base = fhirBase(request, this.address);
    const parameters: Parameters = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'token', valueString: token },
        { name: 'expiration', valueDateTime: expires.toISOString() },
        { name: 'subscription', valueString: id },
        { name: 'websocket-url', valueUrl: base.replace(/^http/, 'ws').replace(/\/fhir$/, SOCKET_PATH) },
      ],
    };
    await answer(request, reply, JSON.stringify(parameters));
  }

  @Post(':type/:id/$get-ws-binding-token')
  @PostedParameters()
  @ApiOperation({ summary: 'A token that binds a WebSocket to a subscription, by POST (R4 operations.html#executing)' })
  @ApiParam(TYPE)
  @ApiParam({ name: 'id' })
  @ApiOkResponse({ description: 'Parameters: token, expiration, subscription, websocket-url.' })
  async tokenByPost(
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.token(type, id, request, reply);
  }

  private async tellStatus(request: FastifyRequest, reply: FastifyReply, ids: readonly string[]): Promise<void> {
    formAsked(request);
    const base = fhirBase(request, this.address);
    const all: SubscriptionFacts[] = [];
    for (const id of ids) all.push(await this.subscriptions.status(callerOf(request), checkedId(id)));
    const entry = all.map((facts) => {
      const resource = statusParameters(facts, 'query-status', base);
      return { fullUrl: `urn:uuid:${resource.id}`, resource, search: { mode: 'match' } };
    });
    await answer(request, reply, JSON.stringify({ resourceType: 'Bundle', type: 'searchset', total: entry.length, entry }));
  }
}

const idsIn = (pairs: readonly (readonly [string, string])[]): string[] =>
  pairs.flatMap(([name, value]) => (name === 'id' ? value.split(',') : []));

/** @throws TypeNotServed, BadSubscriptionParameter */
function theOneId(type: string, pairs: readonly (readonly [string, string])[]): string {
  if (type !== 'Subscription') throw new TypeNotServed();
  const ids = idsIn(pairs);
  if (ids.length !== 1) throw new BadSubscriptionParameter('id', 'must be there, and name one Subscription: a token binds one');
  return ids[0];
}
