import { Controller, Delete, HttpCode, Param } from '@nestjs/common';
import { ApiForbiddenResponse, ApiNoContentResponse, ApiNotFoundResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Deletions } from '../../archive/deletions.js';
import type { Caller } from '../../access/caller.js';
import { CalledBy } from '../called-by.js';
import { InstancePath, SeriesPath, StudyPath } from './archive-paths.js';

const REASON = 'asked for by DICOMweb';

/**
 * Delete studies, series and instances: PS3.18 leaves it to the server; the paths are those of the resources (8.1), as other
 * archives have it. Soft: nothing finds them from then on, a command brings them back until they are purged.
 */
@ApiTags('DICOMweb')
@ApiNoContentResponse({ description: 'Deleted. It can be restored until it is purged.' })
@ApiNotFoundResponse({ description: 'There is no such study, series or instance.' })
@ApiForbiddenResponse({ description: 'The caller has no role that may do archive.delete.' })
@Controller('dicom-web/studies/:study')
export class DeleteController {
  constructor(private readonly deletions: Deletions) {}

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a study' })
  async study(@Param() path: StudyPath, @CalledBy() caller: Caller): Promise<void> {
    await this.deletions.delete(caller, path, REASON);
  }

  @Delete('series/:series')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a series' })
  async series(@Param() path: SeriesPath, @CalledBy() caller: Caller): Promise<void> {
    await this.deletions.delete(caller, path, REASON);
  }

  @Delete('series/:series/instances/:instance')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete an instance' })
  async instance(@Param() path: InstancePath, @CalledBy() caller: Caller): Promise<void> {
    await this.deletions.delete(caller, path, REASON);
  }
}
