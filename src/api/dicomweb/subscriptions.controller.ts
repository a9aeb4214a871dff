import { Controller, Delete, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PublicAddress } from '../../public-address.js';
import { MATCHING_WORKITEMS, Subscriptions } from '../../worklist/subscriptions.js';
import type { Caller } from '../../access/caller.js';
import { CalledBy, callerOf } from '../called-by.js';
import { baseUrl } from '../base-url.js';
import { SubscriberPath } from './workitem-paths.js';
import { filterKeys, type QueryParameters } from './workitem-query.js';

const WORKITEM = {
  name: 'workitem',
  description:
    'SOP Instance UID of the workitem; 1.2.840.10008.5.1.4.34.5 for all, 1.2.840.10008.5.1.4.34.5.1 for those that match a filter',
};
const SUBSCRIBER = { name: 'subscriber', description: 'AE title' };

/** Subscriptions to workitems (PS3.18 11.10 to 11.12). */
@ApiTags('DICOMweb worklist')
@Controller('dicom-web/workitems/:workitem/subscribers/:subscriber')
export class SubscriptionsController {
  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly address: PublicAddress,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Subscribe to a workitem, to all, or to those that match a filter (PS3.18 11.10)' })
  @ApiParam(WORKITEM)
  @ApiParam(SUBSCRIBER)
  @ApiQuery({ name: 'deletionlock', required: false, description: 'true: the workitems must stay until the subscription ends' })
  @ApiQuery({ name: 'filter', required: false, description: 'key=value pairs, separated by commas' })
  @ApiResponse({ status: 201, description: 'It is subscribed; Content-Location is the WebSocket that event reports come over.' })
  async subscribe(
    @Param() { workitem, subscriber }: SubscriberPath,
    @Query() query: QueryParameters,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const deletionLock = query['deletionlock'] === 'true';
    const filter = workitem === MATCHING_WORKITEMS ? filterKeys(query) : [];
    await this.subscriptions.subscribe(callerOf(request), { subscriber, workitemUID: workitem, deletionLock, filter });
    const channel = baseUrl(request, this.address).replace(/^http/, 'ws');
    await reply
      .code(201)
      .header('Content-Location', `${channel}/dicom-web/subscribers/${encodeURIComponent(subscriber)}`)
      .send();
  }

  @Delete()
  @ApiOperation({ summary: 'End a subscription; a global one with all that came of it (PS3.18 11.11)' })
  @ApiParam(WORKITEM)
  @ApiParam(SUBSCRIBER)
  @ApiResponse({ status: 200, description: 'It is ended.' })
  async unsubscribe(
    @Param() { workitem, subscriber }: SubscriberPath,
    @CalledBy() caller: Caller,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.subscriptions.unsubscribe(caller, subscriber, workitem);
    await reply.send();
  }

  @Post('suspend')
  @ApiOperation({ summary: 'End a global subscription for workitems to come (PS3.18 11.12)' })
  @ApiParam(WORKITEM)
  @ApiParam(SUBSCRIBER)
  @ApiResponse({ status: 200, description: 'It is suspended.' })
  async suspend(@Param() { workitem, subscriber }: SubscriberPath, @CalledBy() caller: Caller, @Res() reply: FastifyReply): Promise<void> {
    await this.subscriptions.suspend(caller, subscriber, workitem);
    await reply.code(200).send();
  }
}
