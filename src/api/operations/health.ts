import type { Database } from '../../database/database.js';
import { asServer } from '../../database/scope.js';
import { scrubState } from '../../archive/scrub.sql.js';
import type { ObjectStorage } from '../../archive/storage/object-storage.js';
import type { Models } from '../../inference/models.js';
import type { Settings } from '../../settings.js';
import { SOFTWARE_VERSION } from '../../version.js';

type Check = { readonly ok: boolean } & Readonly<Record<string, unknown>>;

/** What the server says of its health: no ids, no addresses. */
export interface HealthReport {
  readonly status: 'ok' | 'failing';
  readonly version: string;
  readonly checks: Readonly<Record<string, Check>>;
}

/** Looks at everything the server needs to do its work. */
export class Health {
  constructor(
    private readonly database: Database,
    private readonly storage: ObjectStorage,
    private readonly models: Models,
    private readonly settings: Settings,
  ) {}

  async report(): Promise<HealthReport> {
    const began = performance.now();
    const state = await this.scrubbed();
    const database = { ok: state !== undefined, ms: Math.round(performance.now() - began) };
    const checks = { database, storage: await this.storageCheck(state?.damaged), inference: this.inferenceCheck() };
    return { status: Object.values(checks).every(({ ok }) => ok) ? 'ok' : 'failing', version: SOFTWARE_VERSION, checks };
  }

  /** Asks the database something of use: what the scrubber found. Undefined where no answer comes in time. */
  private async scrubbed(): Promise<{ damaged: number } | undefined> {
    return Promise.race([
      asServer(() => this.database.statement(scrubState)).catch(() => undefined),
      new Promise<undefined>((done) => setTimeout(done, 2_000, undefined).unref()),
    ]);
  }

  /** Damage is told, and is no reason to serve nothing. */
  private async storageCheck(damaged: number | undefined): Promise<Check> {
    const freeMib = Math.floor((await this.storage.freeBytes()) / 2 ** 20);
    return { ok: freeMib >= this.settings.FREE_SPACE_FLOOR_MIB, freeMib, damagedObjects: damaged };
  }

  private inferenceCheck(): Check {
    const { ready, ...state } = this.models.engine.state();
    return {
      ok: ready && this.models.loaded.length > 0,
      ...state,
      providers: this.models.engine.providers(),
      refusedModels: this.models.refused.map(({ name, fault }) => ({ name, code: fault.code, why: fault.message })),
    };
  }
}
