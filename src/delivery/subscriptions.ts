import type { Subscription } from 'fhir/r4.js';
import { createHash, randomBytes } from 'node:crypto';
import type { Caller } from '../access/caller.js';
import { callerKept, keptCaller } from '../access/kept-caller.js';
import { refuseBrokenGlass } from '../access/one-look.js';
import { requireAll } from '../access/permits.js';
import { TOLD_OF } from '../access/told-of.js';
import type { Database } from '../database/database.js';
import { asServer, inTenant } from '../database/scope.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import { fetched } from '../ledger/ledger-event.js';
import type { Records } from '../records/records.js';
import type { VersionRow } from '../records/store/versions.sql.js';
import { NoWebSocket, SubscriptionAbsent } from './faults.js';
import type { NotifiedEvent, SubscriptionFacts } from './notification.js';
import type { Makers } from './makers.js';
import type { PayloadContent } from './subscription-form.js';
import { eventsBetween, keepToken, stateOf, takeToken, type EventRow, type StateRow } from './subscriptions.sql.js';

const TOKEN_SECONDS = 60;
/** Events in one answer. */
const MOST_EVENTS = 100;
/** Characters of what they are about. */
const MOST_SIZE = 8 * 1024 * 1024;

export interface Token {
  readonly token: string;
  readonly expires: Date;
}

/** As whom events are looked at, and who made the Subscription, where it is what tells of them. */
export interface Told {
  readonly caller: Caller;
  readonly maker?: Caller;
}

/** Subscriptions as those look at them who have them. */
export class Subscriptions {
  constructor(
    private readonly database: Database,
    private readonly records: Records,
    private readonly makers: Makers,
  ) {}

  /** What became of a subscription (Backport 1.1 $status). Throws RecordAbsent, RecordGone. */
  async status(caller: Caller, id: string): Promise<SubscriptionFacts> {
    return this.facts(id, await this.records.read(caller, 'Subscription', id));
  }

  private async facts(id: string, { content }: Pick<VersionRow, 'content'>): Promise<SubscriptionFacts> {
    const { status, criteria } = JSON.parse(content) as Subscription;
    const state = await this.database.statement((tx) => stateOf(tx, id));
    return { id, topic: criteria, status, events: state?.events ?? 0 };
  }

  /** Events after a number, up to another (Backport 1.1 $events). Throws RecordAbsent, RecordGone, SubscriptionAbsent. */
  async events(
    caller: Caller,
    id: string,
    asked: { since: number; until: number | undefined; content: PayloadContent | undefined },
  ): Promise<{ facts: SubscriptionFacts; events: NotifiedEvent[]; content: PayloadContent }> {
    requireListener(caller);
    const facts = await this.facts(id, await this.records.there(caller, 'Subscription', id));
    const state = await this.state(id);
    const content = asked.content ?? state.form.content;
    const rows = await this.database.statement((tx) =>
      eventsBetween(tx, id, asked.since - 1, asked.until ?? Number.MAX_SAFE_INTEGER, MOST_EVENTS),
    );
    return { facts, events: await this.look({ caller }, id, 'events', rows, content), content };
  }

  /** What a subscription is told of events; on record as a look of who hears it, or made it, before it leaves. */
  told(to: Told, id: string, rows: readonly EventRow[], content: PayloadContent): Promise<NotifiedEvent[]> {
    return this.look(to, id, 'notification', rows, content);
  }

  /** Lets a WebSocket be bound to a subscription, once and soon (Backport 1.1 $get-ws-binding-token). */
  async token(caller: Caller, id: string): Promise<Token> {
    requireListener(caller);
    await this.records.read(caller, 'Subscription', id);
    const { form } = await this.state(id);
    if (form.channel !== 'websocket') throw new NoWebSocket();
    const [token, expires] = [randomBytes(32).toString('base64url'), new Date(Date.now() + TOKEN_SECONDS * 1000)];
    await this.database.transaction((tx) => keepToken(tx, digestOf(token), { id, expires, listener: keptCaller(caller) }));
    return { token, expires };
  }

  /** The subscription that a token binds to, as it is now, and who got the token: they listen. Throws SubscriptionAbsent. */
  async bound(token: string): Promise<{ state: StateRow; listener: Caller }> {
    // Nobody said yet who binds: the token is of one subscription of one tenant.
    const to = await asServer(() => this.database.transaction((tx) => takeToken(tx, digestOf(token))));
    if (to === undefined) throw new SubscriptionAbsent();
    return { state: await inTenant(to.tenant, () => this.state(to.id)), listener: callerKept(to.listener) };
  }

  /**
   * A subscription as it is now, and what happened after an event of it, for who listens. One whose maker is over is turned off. Throws
   * SubscriptionAbsent.
   */
  async news(listener: Caller, id: string, after: number): Promise<{ state: StateRow; events: NotifiedEvent[] }> {
    const state = await this.state(id);
    const maker = await this.makers.of(id);
    if (maker === undefined) {
      await this.database.transaction((tx) => this.makers.end(tx, id));
      throw new SubscriptionAbsent();
    }
    const rows = await this.database.statement((tx) => eventsBetween(tx, id, after, state.events, state.form.maxCount));
    return { state, events: await this.told({ caller: listener, maker }, id, rows, state.form.content) };
  }

  private async state(id: string): Promise<StateRow> {
    const state = await this.database.statement((tx) => stateOf(tx, id));
    if (state === undefined) throw new SubscriptionAbsent();
    return state;
  }

  /** Events with what they are about, in the version of the event; as many as go into one answer, one at least. */
  private async look(
    { caller, maker }: Told,
    subscription: string,
    what: 'events' | 'notification',
    rows: readonly EventRow[],
    content: PayloadContent,
  ): Promise<NotifiedEvent[]> {
    // What is told with an empty payload says of nobody anything; who asks for it has asked all the same.
    if (what === 'notification' && (content === 'empty' || rows.length === 0)) return rows.map((row) => ({ ...row, content: undefined }));
    return this.database.transaction(async (tx) => {
      const events: NotifiedEvent[] = [];
      const said = new Set<string>();
      let size = 0;
      for (const row of rows) {
        const [type, id] = row.focus.split('/');
        const told = content === 'full-resource' ? await this.records.versionText(tx, type, id, row.version) : undefined;
        size += told?.text.length ?? 0;
        if (events.length > 0 && size > MOST_SIZE) break;
        events.push({ ...row, content: told?.text });
        for (const patient of told?.patients ?? []) said.add(patient);
      }
      const focuses = content === 'empty' ? [] : [...new Set(events.map(({ focus }) => focus))];
      const patients = [...new Set([...said, ...(await this.records.patientsOf(tx, focuses))])];
      const about = { events: events.map(({ number }) => number), resources: focuses, ...(maker && { madeBy: maker.id }) };
      await appendRecords(tx, [fetched(caller, { type: 'Subscription', id: subscription }, { what, ...about }, { patients })]);
      return events;
    });
  }
}

/** Who hears of everybody's reports may look at all of them, and by no broken glass: that is one look, and this goes on. Throws NotPermitted. */
function requireListener(caller: Caller): void {
  refuseBrokenGlass(caller, 'Subscription', 'r');
  requireAll(caller, TOLD_OF, 'r');
}

const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex');
