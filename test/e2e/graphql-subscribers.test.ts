import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient as createStreamClient } from 'graphql-sse';
import { createClient, type FormattedExecutionResult } from 'graphql-ws';
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { patientResourceId } from '../../src/archive/fhir/patient.js';
import { aPhantom } from './phantoms.js';
import { TokenMaker, type TokenAsked } from './tokens.js';
import { eventually, Wetread } from './wetread.js';

let wetread: Wetread;
let maker: TokenMaker;
const over: (() => unknown)[] = [];
const [ann, bob] = [aPhantom({ rows: 128, columns: 128 }), aPhantom({ rows: 128, columns: 128, seed: 2 })];
beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on', EXECUTION_PROVIDERS: 'cpu' });
  maker = await TokenMaker.of(wetread);
  await wetread.storeAs(await by({ kind: 'system', roles: ['system'], scope: 'system/*.cruds' }), ann.bytes, bob.bytes);
});
afterAll(async () => {
  for (const end of over) await end();
  await wetread.remove();
});

type Answer = FormattedExecutionResult<Record<string, Record<string, unknown>>>;
/** What a subscriber heard, and how it ended. */
interface Heard {
  readonly answers: Answer[];
  error?: unknown;
  isComplete?: true;
}
type Follow = (headers: Record<string, string>, query: string) => Heard;

const byWebSocket: Follow = ({ authorization }, query) =>
  heardBy(
    createClient({
      url: `${wetread.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization },
      retryAttempts: 0,
    }),
    query,
  );
const byEvents: Follow = (headers, query) =>
  heardBy(createStreamClient({ url: `${wetread.url}/graphql/stream`, headers, retryAttempts: 0 }), query);

function heardBy(
  client: Pick<ReturnType<typeof createClient>, 'subscribe' | 'dispose'> | ReturnType<typeof createStreamClient>,
  query: string,
): Heard {
  over.push(() => client.dispose());
  const heard: Heard = { answers: [] };
  client.subscribe(
    { query },
    {
      next: (answer) => void heard.answers.push(answer as Answer),
      error: (error) => void (heard.error = error),
      complete: () => void (heard.isComplete = true),
    },
  );
  return heard;
}
const by = (asked: TokenAsked = {}): Promise<Record<string, string>> => maker.headers(asked);
const listening = () => new Promise((done) => setTimeout(done, 500));
const WAYS: [string, Follow][] = [
  ['WebSocket', byWebSocket],
  ['stream of events', byEvents],
];

describe('Whose token is taken back', () => {
  it.each(WAYS)('is told so over a %s', async (way, follow) => {
    const jti = randomUUID();
    const heard = follow(await by({ claims: { jti } }), 'subscription { reportIssued { id } }');
    await listening();
    await wetread.sql(`INSERT INTO revoked_token (mark, expires) VALUES ($1, now() + interval '1 h')`, [jti]);
    await eventually(() => Promise.resolve(heard.error ?? heard.isComplete), 'end');
    if (way === 'WebSocket') expect(heard.error).toMatchObject({ code: 4401 });
    else expect(heard.answers.at(-1)).toMatchObject({ errors: [{ extensions: { code: 'unauthenticated', status: 401 } }] });
  });
});

describe('A caller', () => {
  it('follows 100 things at most, over all its connections and both ways; others are not kept from theirs', async () => {
    const one = { claims: { sub: randomUUID() } };
    const query = 'subscription { worklistChanged { state } }';
    const sockets = [0, 1].map(async () => {
      const { authorization } = await by(one);
      return createClient({
        url: `${wetread.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization },
      });
    });
    const [first, second] = await Promise.all(sockets);
    over.push(() => first.dispose());
    const open = [
      ...Array.from({ length: 60 }, () => heardBy(first, query)),
      ...Array.from({ length: 30 }, () => heardBy(second, query)),
      ...(await Promise.all(Array.from({ length: 10 }, async () => byEvents(await by(one), query)))),
    ];
    await listening();
    expect(open.filter(({ error, isComplete, answers }) => error !== undefined || isComplete || answers.length > 0)).toEqual([]);
    const byOne = async (): Promise<Heard> => byWebSocket(await by(one), query);
    const refused = await byOne();
    const problem = await eventually(() => Promise.resolve(refused.error), 'refusal');
    expect(problem).toMatchObject([{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', status: 429 } }]);
    const stream = async (asked: TokenAsked): Promise<Response> =>
      wetread.fetch(`/graphql/stream?query=${encodeURIComponent('{ __typename }')}`, { headers: await by(asked) });
    expect((await stream(one)).status).toBe(429);
    expect((await stream({})).status).toBe(200);
    await second.dispose();
    await eventually(async () => ((await stream(one)).status === 200 ? true : undefined), 'room for more');
  });
});

describe('studyProgress', () => {
  const patient = patientResourceId({ '00100020': { vr: 'LO', Value: [ann.patientID] } }, '');
  const progress = ({ studyInstanceUID }: { studyInstanceUID: string }): string =>
    `subscription { studyProgress(studyInstanceUID: "${studyInstanceUID}") { stage } }`;
  const stages = ({ answers }: Heard): unknown[] => answers.map(({ data, errors }) => data?.['studyProgress']['stage'] ?? errors);

  it.each(WAYS)('is open to a token of a patient for their own study and no other, over a %s', async (_, follow) => {
    const whole = follow(await by(), progress(bob));
    await eventually(() => Promise.resolve(stages(whole).includes('PRELIMINARY') ? true : undefined), 'report of the other');
    for (const asked of [
      { roles: ['patient'], scope: 'patient/*.rs', patient },
      { roles: ['radiologist'], scope: 'patient/ImagingStudy.rs patient/DiagnosticReport.rs', patient },
    ] as const) {
      const own = follow(await by(asked), progress(ann));
      const others = follow(await by(asked), progress(bob));
      await eventually(() => Promise.resolve(stages(own).includes('PRELIMINARY') ? true : undefined), 'report');
      expect(others).toEqual({ answers: [] });
    }
  });

  it('tells of reports those that are open', async () => {
    const asked: TokenAsked = { roles: ['radiologist'], scope: 'user/ImagingStudy.rs patient/DiagnosticReport.rs', patient };
    const others = byWebSocket(await by(asked), progress(bob));
    await eventually(() => Promise.resolve(others.answers.length > 0 ? true : undefined), 'stage');
    expect(stages(others)).toEqual(['READING']);
  });
});

describe('What a subscriber was told', () => {
  it.each(WAYS)('is on record with where they asked from, by the graph’s door, over a %s', async (_, follow) => {
    const sub = randomUUID();
    const headers = await by({ claims: { sub } });
    const issued = follow(headers, 'subscription { reportIssued { id } }');
    const followed = follow(headers, `subscription { studyProgress(studyInstanceUID: "${ann.studyInstanceUID}") { stage } }`);
    await eventually(() => Promise.resolve(followed.answers[0]), 'stage');
    const [{ id }] = await wetread.sql<{ id: string }>('SELECT id FROM report LIMIT 1');
    await wetread.sql(`SELECT pg_notify('report_issued', $1)`, [id]);
    await eventually(() => Promise.resolve(issued.answers[0]), 'report');
    const looks = (await wetread.sql<{ event: string }>('SELECT event FROM ledger_record ORDER BY id'))
      .map(
        ({ event }) =>
          JSON.parse(event) as { actor: string; action: string; door: string; who: { network: string }; entity: { type: string } },
      )
      .filter(({ actor }) => actor === `user:${sub}`);
    expect(looks.map(({ entity }) => entity.type).sort()).toEqual(['report', 'study']);
    for (const look of looks)
      expect(look).toMatchObject({ action: 'data.fetched', door: 'graphql', who: { network: expect.stringMatching(/127\.0\.0\.1$/) } });
  });
});
