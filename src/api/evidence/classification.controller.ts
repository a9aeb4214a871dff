import { Body, Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiForbiddenResponse, ApiOkResponse, ApiOperation, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Classification } from '../../evidence/classification/classify.js';
import { RECORD_TYPE_NAMES, recordTypeOf, type RecordTypeName } from '../../evidence/regulatory/record-types.js';
import { RegulatoryRecords } from '../../evidence/regulatory/regulatory-records.js';
import type { JsonSchema } from '../../evidence/regulatory/shape.js';
import { DEVICE_FACTS } from '../../evidence/regulatory/types/device-facts.js';
import { callerOf } from '../called-by.js';

/** What a record of a type is, for who builds a form. */
interface TypeForm {
  readonly type: RecordTypeName;
  readonly title: string;
  readonly description: string;
  readonly schema: JsonSchema;
}

/** What goes before a record: its form, and what the rules suggest. */
@ApiTags('Regulatory file')
@ApiForbiddenResponse({ description: 'The caller has no part in the regulatory file.' })
@Controller('evidence')
export class ClassificationController {
  constructor(private readonly records: RegulatoryRecords) {}

  @Get('record-types')
  @ApiOperation({ summary: 'The types of records, with the JSON Schema of what is sent to write one' })
  @ApiOkResponse({ description: '`types`: each with `type`, `title`, `description` and `schema` (2020-12).' })
  types(): { types: TypeForm[] } {
    return {
      types: RECORD_TYPE_NAMES.map((type) => {
        const { title, description, schema } = recordTypeOf(type);
        return { type, title, description, schema };
      }),
    };
  }

  @Post('classify')
  @HttpCode(200)
  @ApiOperation({ summary: 'What the rules of MDR, FDA, IMDRF, IEC 62304 and the AI Act suggest for a device; nothing is kept' })
  @ApiBody({ schema: { ...DEVICE_FACTS.schema } })
  @ApiOkResponse({ description: 'The suggestion, each part with its grounds: rule, citation, and the facts it was answered from.' })
  @ApiUnprocessableEntityResponse({ description: 'The facts are not what they must be; `detail` names the place.' })
  classify(@Body() facts: unknown, @Req() request: FastifyRequest): Classification {
    return this.records.classify(callerOf(request), facts);
  }
}
