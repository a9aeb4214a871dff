import { Module } from '@nestjs/common';
import { RecordsModule } from '../../records/records.module.js';
import { FhirController } from './fhir.controller.js';

@Module({ imports: [RecordsModule], controllers: [FhirController] })
export class FhirModule {}
