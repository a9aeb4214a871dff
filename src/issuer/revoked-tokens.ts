import type { Database } from '../database/database.js';
import { onRecord, type Deed } from './on-record.js';
import { forgetRevoked, revoke, revokedMarks } from './oidc-state.sql.js';
import { marksOf } from './token-marks.js';

/** How long another server of this database may not know of a token that was taken back here. */
const FRESH_MS = 2_000;

/** Which access tokens were taken back before their time. Asked for every request, so that the answer is in memory. */
export class RevokedTokens {
  private marks: ReadonlySet<string> = new Set();
  private readAt = -Infinity;
  private reading: Promise<void> | undefined;
  /** How often something was taken back: a reading that began before may not know of it. */
  private changes = 0;

  constructor(private readonly database: Database) {}

  /** Throws DatabaseAway where nobody knows. */
  has(jti: string): boolean | Promise<boolean> {
    if (performance.now() - this.readAt < FRESH_MS) return this.knows(jti);
    return this.read().then(() => this.knows(jti));
  }

  /** Takes a token back. @param lastsSeconds  how long it would be good still */
  async add(jti: string, lastsSeconds: number, { tenant, actor }: Pick<Deed, 'tenant' | 'actor'>): Promise<void> {
    await this.database.transaction(async (tx) => {
      await forgetRevoked(tx);
      await revoke(tx, [jti], lastsSeconds);
      await onRecord(tx, { tenant, actor, action: 'access.ended', entity: { type: 'Token', id: jti } });
    });
    this.readAgain();
  }

  /** What was taken back otherwise is known at the next question. */
  readAgain(): void {
    this.changes++;
    this.readAt = -Infinity;
  }

  private knows(jti: string): boolean {
    return marksOf(jti).some((mark) => this.marks.has(mark));
  }

  private read(): Promise<void> {
    this.reading ??= this.readNow().finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async readNow(): Promise<void> {
    for (;;) {
      const [began, { changes }] = [performance.now(), this];
      this.marks = new Set(await this.database.statement(revokedMarks));
      if (changes !== this.changes) continue;
      this.readAt = began;
      return;
    }
  }
}
