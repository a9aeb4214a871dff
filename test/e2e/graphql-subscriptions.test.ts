import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient, type Client, type FormattedExecutionResult } from 'graphql-ws';
import { WebSocket } from 'ws';
import { aPhantom, idle, reportOf } from './phantoms.js';
import { eventually, Wetread } from './wetread.js';

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ EXECUTION_PROVIDERS: 'cpu' });
});
afterAll(() => wetread.remove());

describe('Over a WebSocket', () => {
  const connected: Client[] = [];
  const client = (headers: Record<string, string> = {}): Client => {
    class From extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, { headers });
      }
    }
    const one = createClient({ url: `${wetread.url.replace('http', 'ws')}/graphql`, webSocketImpl: From, retryAttempts: 0 });
    connected.push(one);
    return one;
  };
  /** All answers to an operation, as they come. */
  const heard = (query: string, by = client()): { answers: FormattedExecutionResult[]; errors: unknown[] } => {
    const all = { answers: [] as FormattedExecutionResult[], errors: [] as unknown[] };
    by.subscribe(
      { query },
      {
        next: (answer) => void all.answers.push(answer as FormattedExecutionResult),
        error: (error) => void all.errors.push(error),
        complete: () => undefined,
      },
    );
    return all;
  };
  const firstError = (all: { errors: unknown[] }) =>
    eventually(
      () => Promise.resolve(all.errors[0] as ({ code?: number; extensions?: unknown }[] & { code?: number }) | undefined),
      'error',
    );
  afterAll(async () => {
    for (const one of connected) await one.dispose();
  });

  it('tells every subscriber of a report as it is issued, version by version, as it stands then', async () => {
    const query =
      'subscription { reportIssued { id version status study { studyInstanceUID series { modality } } readings { state } model { name } } }';
    const subscribers = [heard(query), heard(query, client({ origin: wetread.url }))];
    await eventually(async () => ((await wetread.fetch('/health/live')).ok ? true : undefined), 'server');
    const [first, second] = [aPhantom({ seed: 50 }), aPhantom({ seed: 50, rows: 192 })];
    await new Promise((done) => setTimeout(done, 300)); // the subscriptions have no answer of their own to wait for
    await wetread.store(first.bytes);
    const { id } = await reportOf(wetread, first.studyInstanceUID);
    await eventually(async () => ((await idle(wetread)).length === 0 ? true : undefined), 'end of the work');
    await wetread.store(second.bytes);
    await reportOf(wetread, first.studyInstanceUID, '2');
    for (const { answers, errors } of subscribers) {
      await eventually(() => Promise.resolve(answers.length >= 2 ? true : undefined), 'two versions');
      expect(errors).toEqual([]);
      const issued = answers.map(({ data }) => data?.['reportIssued'] as Record<string, unknown>);
      expect(issued).toMatchObject([
        { id, version: 1, status: 'PRELIMINARY', readings: [{ state: 'READ' }], model: { name: 'chest-pneumonia' } },
        { id, version: 2, readings: [{ state: 'READ' }, { state: 'READ' }] },
      ]);
      expect(issued[0]['study']).toMatchObject({ studyInstanceUID: first.studyInstanceUID });
    }
  });

  it('holds to the same limits and words', async () => {
    expect(
      await firstError(heard(`subscription { reportIssued { ${'study { reports { '.repeat(6)} id ${'} }'.repeat(6)} } }`)),
    ).toMatchObject([{ extensions: { code: 'QUERY_TOO_DEEP' } }]);
    expect(await firstError(heard('subscription {'))).toMatchObject([{ extensions: { code: expect.any(String) } }]);
    const { answers } = heard('{ reports(first: 0) { edges { cursor } } }');
    const answer = await eventually(() => Promise.resolve(answers[0]), 'answer');
    expect(answer.errors).toEqual([
      {
        message: 'The argument first must be 1 to 200.',
        locations: expect.anything(),
        path: ['reports'],
        extensions: { code: 'bad-argument', status: 400 },
      },
    ]);
  });

  it.each(['https://evil.example', 'http://127.0.0.1.evil.example', 'null'])('is closed to a page of %s', async (origin) => {
    expect(await firstError(heard('{ studies { edges { node { patientName } } } }', client({ origin })))).toMatchObject({ code: 4403 });
  });

  it('does not hold the server up when it stops', async () => {
    const other = await Wetread.start();
    heard('subscription { reportIssued { id } }', createClientAt(other.url, connected));
    await new Promise((done) => setTimeout(done, 300));
    expect(await other.stop()).toBe(0);
    await other.remove();
  });
});

function createClientAt(url: string, connected: Client[]): Client {
  const one = createClient({ url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 });
  connected.push(one);
  return one;
}
