import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiForbiddenResponse,
  ApiNotFoundResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../access/caller.js';
import { LaunchOfTwoPatients } from '../../issuer/faults.js';
import { Launches, type LaunchContext } from '../../issuer/launches.js';
import { PublicAddress } from '../../public-address.js';
import { Records } from '../../records/records.js';
import { callerOf } from '../called-by.js';
import { flagIn, membersOf, textIn } from './json-asked.js';

const LAUNCH_SECONDS = 300;

/** An EHR launches an app (SMART App Launch 2.2, "EHR launch"): who looks at a patient says so, and gets a handle for the app's start. */
@ApiTags('SMART App Launch')
@Controller('oauth/launch')
export class LaunchController {
  constructor(
    private readonly launches: Launches,
    private readonly records: Records,
    private readonly address: PublicAddress,
  ) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'A launch handle for an app, about a patient (SMART App Launch 2.2, EHR launch)' })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['patient'],
      properties: {
        patient: { type: 'string', description: 'Id of the Patient' },
        encounter: { type: 'string', description: 'Id of the Encounter' },
        imagingStudy: { type: 'string', description: 'Id of the ImagingStudy, which the app gets by fhirContext' },
        intent: { type: 'string' },
        needPatientBanner: { type: 'boolean', default: true },
        clientId: { type: 'string', description: 'The one app that may use it; client_id is taken too' },
      },
    },
  })
  @ApiCreatedResponse({ description: '`launch`: for the parameter of that name, once, within `expires_in` seconds.' })
  @ApiNotFoundResponse({ description: 'The caller sees no such Patient, Encounter or ImagingStudy.' })
  @ApiUnprocessableEntityResponse({ description: 'The Encounter or the ImagingStudy is of another Patient.' })
  @ApiForbiddenResponse({ description: 'The caller may not.' })
  async launch(@Body() body: unknown, @Req() request: FastifyRequest): Promise<{ launch: string; iss: string; expires_in: number }> {
    const caller = callerOf(request);
    const given = membersOf(body);
    const [patient, encounter, study, intent] = ['patient', 'encounter', 'imagingStudy', 'intent'].map((name) => textIn(given, name));
    // Whoever launches must see what it is about.
    await this.records.there(caller, 'Patient', patient ?? '');
    if (encounter !== undefined) await this.readOf(patient, caller, 'Encounter', encounter);
    if (study !== undefined) await this.readOf(patient, caller, 'ImagingStudy', study);
    const banner = flagIn(given, 'needPatientBanner');
    const context: LaunchContext = {
      patient,
      encounter,
      intent,
      ...(study !== undefined && { fhirContext: [{ reference: `ImagingStudy/${study}` }] }),
      ...(banner !== undefined && { needPatientBanner: banner }),
    };
    const clientId = textIn(given, 'clientId') ?? textIn(given, 'client_id');
    const handle = await this.launches.begin(caller, { context, ...(clientId !== undefined && { clientId }) });
    return { launch: handle, iss: this.address.fhir, expires_in: LAUNCH_SECONDS };
  }

  /** Throws LaunchOfTwoPatients where it is not in the patient's compartment, with the look on record; RecordAbsent, RecordGone. */
  private async readOf(patient: string | undefined, caller: Caller, type: 'Encounter' | 'ImagingStudy', id: string): Promise<void> {
    const { patients } = await this.records.there(caller, type, id);
    if (patient !== undefined && patients?.includes(patient) === true) return;
    await this.records.read(caller, type, id);
    throw new LaunchOfTwoPatients(type);
  }
}
