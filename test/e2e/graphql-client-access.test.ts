import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { WetreadClient } from '../../client/src/client.js';
import { LatestReportsDocument, ReportStatusChangedDocument } from '../../client/src/documents.js';
import { NotPermitted, Unauthenticated } from '../../client/src/errors.js';
import { aPhantom } from './phantoms.js';
import { TokenMaker } from './tokens.js';
import { eventually, Wetread } from './wetread.js';

let wetread: Wetread;
let tokens: TokenMaker;
const clients: WetreadClient[] = [];
beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on', EXECUTION_PROVIDERS: 'cpu', QUIET_PERIOD_SECONDS: '0' });
  tokens = await TokenMaker.of(wetread);
});
afterAll(async () => {
  for (const one of clients) await one.close();
  await wetread.remove();
});

function clientWith(token?: string): WetreadClient {
  const one = new WetreadClient({ url: wetread.url, webSocket: WebSocket, token: token === undefined ? undefined : () => token });
  clients.push(one);
  return one;
}
const thrown = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('A client without a good token', () => {
  it('is told so by the kind of exception, and by the server’s own code', async () => {
    const none = await thrown(clientWith().run(LatestReportsDocument, { first: 1 }));
    expect(none).toBeInstanceOf(Unauthenticated);
    expect(none).toMatchObject({ code: 'unauthenticated', message: 'This needs a valid access token.' });
    const bad = await thrown(clientWith('garbage').run(LatestReportsDocument, { first: 1 }));
    expect(bad).toBeInstanceOf(Unauthenticated);
    expect(bad).toMatchObject({ code: 'token-refused' });
  });

  it.each([['none', undefined] as const, ['a bad one', 'garbage'] as const])('and when it follows: %s', async (_, token) => {
    const error = await thrown(clientWith(token).follow(ReportStatusChangedDocument, {}).next());
    expect(error).toBeInstanceOf(Unauthenticated);
    expect(error).toMatchObject({ code: 'unauthenticated' });
  });
});

describe('A client whose token does not reach to every field', () => {
  it('is given the rest, and told what was not given; or an exception, as it asks', async () => {
    await wetread.storeAs(await tokens.headers(), aPhantom({ rows: 128, columns: 128 }).bytes);
    const all = clientWith(await tokens.token());
    await eventually(
      async () => (((await all.run(LatestReportsDocument, { first: 1 })).reports?.edges.length ?? 0) > 0 ? true : undefined),
      'report',
    );

    const narrow = clientWith(await tokens.token({ scope: 'user/DiagnosticReport.rs user/Observation.rs' }));
    const { data, errors } = await narrow.runPartial(LatestReportsDocument, { first: 1 });
    expect(data.reports?.edges).toMatchObject([
      { node: { status: 'PRELIMINARY', findings: [{ label: expect.any(String) }], patient: null } },
    ]);
    expect(errors).toMatchObject([
      { path: ['reports', 'edges', 0, 'node', 'patient'], extensions: { code: 'not-permitted', status: 403 } },
    ]);
    const error = await thrown(narrow.run(LatestReportsDocument, { first: 1 }));
    expect(error).toBeInstanceOf(NotPermitted);
    expect(error).toMatchObject({ code: 'not-permitted', errors });
  });

  it('is told nothing but the exception where nothing is given', async () => {
    const models = clientWith(await tokens.token({ roles: ['model-admin'] }));
    expect(await thrown(models.runPartial(LatestReportsDocument, { first: 1 }))).toBeInstanceOf(NotPermitted);
  });
});
