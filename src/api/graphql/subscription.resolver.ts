import { Args, Context, Resolver, Subscription } from '@nestjs/graphql';
import type { Caller } from '../../access/caller.js';
import { refuseBrokenGlass } from '../../access/one-look.js';
import { requireAll } from '../../access/permits.js';
import { Studies } from '../../archive/studies.js';
import { READ_STUDY } from '../../archive/work-kinds.js';
import { STUDY_PROGRESS } from '../../inference/study-progress.sql.js';
import { FINDINGS_READY } from '../../inference/work-kinds.js';
import { Reports } from '../../reporting/reports.js';
import { REPORT_ISSUED, REPORT_STATUS, type ListedReport } from '../../reporting/reports.sql.js';
import { StudyStages, type StudyStage } from '../../reporting/study-stage.js';
import { WorkQueue } from '../../work/work-queue.js';
import { Worklist } from '../../worklist/worklist.js';
import { WORKLIST_CHANGED } from '../../worklist/workitems.sql.js';
import { graphReport } from './graph-forms.js';
import { graphWorkitem } from './graph-workitem.js';
import type { GraphContext } from './loaders.js';
import { GraphProgress, type GraphStage } from './progress-types.js';
import { GraphReport } from './report-types.js';
import { Requires } from './requires.js';
import { stagesPassed } from './study-progress.js';
import { eachSubject, following, type Wake } from './wakes.js';
import { GraphWorkitem } from './workitem-types.js';

const WORK = 'work';
const CHANNELS = [WORK, STUDY_PROGRESS, REPORT_ISSUED, REPORT_STATUS, WORKLIST_CHANGED] as const;

/** What happens to reports and studies, told as it happens. Each event is read for the subscriber, and is on record as their look. */
@Resolver()
export class ReportSubscriptions {
  constructor(
    private readonly queue: WorkQueue,
    private readonly reports: Reports,
    private readonly studies: Studies,
  ) {
    // From the start on: what happens while a first subscriber is being served is not missed.
    for (const channel of CHANNELS) queue.listen(channel, () => undefined);
  }

  @Subscription(() => GraphReport, { nullable: true, resolve: asItStandsNow, description: 'Each report version as it is issued' })
  @Requires('DiagnosticReport', 'READ')
  reportIssued(@Context('caller') caller: Caller): AsyncIterableIterator<GraphReport> {
    refuseBrokenGlass(caller, 'DiagnosticReport', 'r');
    return following(this.queue, {
      channels: [REPORT_ISSUED],
      interest: eachSubject,
      made: async ({ payload }) => (await this.reports.told(caller, payload)).map(graphReport),
    });
  }

  @Subscription(() => GraphReport, {
    nullable: true,
    resolve: asItStandsNow,
    description: 'Each report as its status changes: first preliminary, then what a person makes of it',
  })
  @Requires('DiagnosticReport', 'READ')
  reportStatusChanged(
    @Context('caller') caller: Caller,
    @Args('studyInstanceUID', { nullable: true, type: () => String, description: 'Of this study alone' }) studyInstanceUID?: string | null,
  ): AsyncIterableIterator<GraphReport> {
    refuseBrokenGlass(caller, 'DiagnosticReport', 'r');
    return following(this.queue, {
      channels: [REPORT_STATUS],
      interest: eachSubject,
      made: async ({ payload }) => {
        return (await this.reports.told(caller, payload, (row) => this.isOf(caller, row, studyInstanceUID))).map(graphReport);
      },
    });
  }

  private async isOf(caller: Caller, { studyRow }: ListedReport, studyInstanceUID: string | null | undefined): Promise<boolean> {
    if (studyInstanceUID == null) return true;
    return (await this.studies.byRow(caller, [studyRow])).some((one) => one.studyInstanceUID === studyInstanceUID);
  }
}

@Resolver()
export class WorkSubscriptions {
  constructor(
    private readonly queue: WorkQueue,
    private readonly worklist: Worklist,
    private readonly studies: Studies,
    private readonly stages: StudyStages,
  ) {}

  @Subscription(() => GraphWorkitem, { nullable: true, resolve: asItStandsNow, description: 'Each workitem as it is made or changed' })
  @Requires('Task', 'READ')
  worklistChanged(@Context('caller') caller: Caller): AsyncIterableIterator<GraphWorkitem> {
    refuseBrokenGlass(caller, 'Task', 'r');
    requireAll(caller, ['Task'], 'r'); // workitems are open all or none, and word of one would tell that there is one
    return following(this.queue, {
      channels: [WORKLIST_CHANGED],
      interest: eachSubject,
      made: async ({ payload }) => (await this.worklist.several(caller, [payload], 'untold')).map(graphWorkitem),
    });
  }

  @Subscription(() => GraphProgress, {
    nullable: true,
    resolve: asItStandsNow,
    description: 'A study on its way from its arrival to the final report; it need not be there yet. Begins with where it is now.',
  })
  @Requires('ImagingStudy', 'READ')
  @Requires('DiagnosticReport', 'READ')
  studyProgress(
    @Context('caller') caller: Caller,
    @Args('studyInstanceUID', { description: 'Study Instance UID (0020,000D)' }) studyInstanceUID: string,
  ): AsyncIterableIterator<GraphProgress> {
    refuseBrokenGlass(caller, 'ImagingStudy', 'r');
    const way = new StudyWay(caller, studyInstanceUID, this.studies, this.stages);
    return following(this.queue, {
      channels: [WORK, STUDY_PROGRESS, REPORT_STATUS],
      interest: (wake) => (way.mayConcern(wake) ? 'look' : undefined), // any number of wakes is one look
      first: () => way.begin(),
      made: () => way.look(),
    });
  }
}

/** One study as one subscriber follows it. */
class StudyWay {
  private row: number | undefined;
  private last: StudyStage | undefined;

  constructor(
    private readonly caller: Caller,
    private readonly studyInstanceUID: string,
    private readonly studies: Studies,
    private readonly stages: StudyStages,
  ) {}

  mayConcern({ channel, payload }: Wake): boolean {
    if (channel === WORK) return payload === READ_STUDY || payload === FINDINGS_READY;
    return channel !== STUDY_PROGRESS || this.row === undefined || payload === String(this.row);
  }

  async begin(): Promise<GraphProgress[]> {
    this.last = (await this.stage())?.now;
    return this.last === undefined ? [] : [this.told(this.last)];
  }

  async look(): Promise<GraphProgress[]> {
    const stage = await this.stage();
    if (stage === undefined) return [];
    const passed = stagesPassed(this.last, stage.now);
    // Each time that something is told the study is looked at anew: it may be another patient's by now.
    if (passed.length > 0 && !stage.isLookedAt && !(await this.find())) return [];
    this.last = stage.now;
    return passed.map((one) => this.told(one));
  }

  private async stage(): Promise<{ now: StudyStage; isLookedAt: boolean } | undefined> {
    const isLookedAt = this.row === undefined && (await this.find());
    const now = this.row === undefined ? undefined : await this.stages.of(this.caller, this.row);
    if (now !== undefined) return { now, isLookedAt };
    this.row = undefined; // deleted: it may come again, under another row
    return undefined;
  }

  /** Whether the study is there for the caller, whose look at it is on record then. */
  private async find(): Promise<boolean> {
    this.row = (await this.studies.byUids(this.caller, [this.studyInstanceUID], 'untold')).at(0)?.id;
    return this.row !== undefined;
  }

  private told(stage: StudyStage): GraphProgress {
    return { studyInstanceUID: this.studyInstanceUID, stage: stage as GraphStage, time: new Date() }; // the enum's values are the stages
  }
}

/** As it is when it is told. */
function asItStandsNow<T>(value: T, _arguments: unknown, context: GraphContext): T {
  context.beginAnew();
  return value;
}
