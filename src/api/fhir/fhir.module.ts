import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { RecordsModule } from '../../records/records.module.js';
import { FhirController } from './fhir.controller.js';
import { refuseOtherMethods } from './other-methods.js';

@Module({ imports: [RecordsModule], controllers: [FhirController] })
export class FhirModule {
  constructor({ httpAdapter }: HttpAdapterHost) {
    refuseOtherMethods(httpAdapter.getInstance<FastifyInstance>());
  }
}
