import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { followStudy } from '../../client/examples/follow-study.js';
import { latestReports } from '../../client/examples/latest-reports.js';
import { acceptReport } from '../../client/examples/review-report.js';
import { WetreadClient } from '../../client/src/client.js';
import {
  AnnotateStudyDocument,
  LatestReportsDocument,
  ReportStatusChangedDocument,
  RequestReadingDocument,
  ReviewReportDocument,
} from '../../client/src/documents.js';
import { BadRequest, Conflict, errorFrom, NotFound, NotPermitted, Unavailable } from '../../client/src/errors.js';
import { aPhantom, reportOf } from './phantoms.js';
import { Wetread } from './wetread.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const run = (...args: string[]): Promise<{ code: number | null; said: string }> =>
  new Promise((done) => {
    const child = execFile(process.execPath, args, { cwd: ROOT }, (_error, out, err) => done({ code: child.exitCode, said: out + err }));
  });

let wetread: Wetread;
let client: WetreadClient;
let reviewer: string;
beforeAll(async () => {
  wetread = await Wetread.start({ EXECUTION_PROVIDERS: 'cpu' });
  client = new WetreadClient({ url: wetread.url, webSocket: WebSocket });
  const answer = await wetread.fetch('/fhir/Practitioner', {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Practitioner', name: [{ family: 'Reader' }] }),
  });
  reviewer = `Practitioner/${((await answer.json()) as { id: string }).id}`;
});
afterAll(async () => {
  await client.close();
  await wetread.remove();
});

describe('The client’s types', () => {
  it('are those that Codegen makes of the published schema', async () => {
    expect(await run('scripts/generate-client.mjs', '--check')).toEqual({ code: 0, said: '' });
  });

  it('compile as a package of their own', async () => {
    const out = mkdtempSync(join(tmpdir(), 'wetread-client-'));
    const { code, said } = await run('node_modules/typescript/bin/tsc', '-p', 'client/tsconfig.json', '--outDir', out);
    expect([code, said]).toEqual([0, '']);
    expect(readFileSync(join(out, 'client.d.ts'), 'utf8')).toContain('class WetreadClient');
    rmSync(out, { recursive: true });
  });
});

describe('The examples of the docs', () => {
  it.each(['latest-reports', 'follow-study', 'review-report'])('are the files that are run here: %s', (name) => {
    const source = readFileSync(join(ROOT, `client/examples/${name}.ts`), 'utf8')
      .replaceAll("'../src/client.js'", "'@wetread/client'")
      .replaceAll(/'\.\.\/src\/(\w+)\.js'/g, "'@wetread/client/$1'");
    expect(readFileSync(join(ROOT, 'docs/graphql.md'), 'utf8')).toContain(`\`\`\`ts\n${source}\`\`\``);
  });

  it('follow a study, list its report, accept it', async () => {
    const phantom = aPhantom({ rows: 128, columns: 128 });
    const stages: string[] = [];
    const followed = followStudy(client, phantom.studyInstanceUID, (stage) => stages.push(stage));
    await new Promise((done) => setTimeout(done, 400));
    await wetread.store(phantom.bytes);
    await reportOf(wetread, phantom.studyInstanceUID);
    expect(await latestReports(wetread.url, () => 'any')).toEqual([
      expect.stringMatching(/^\d{4}-.*Phantom.*: (PRESENT|SECOND_LOOK|ABSENT)$/),
    ]);
    expect(await acceptReport(client, phantom.studyInstanceUID, reviewer)).toBe('FINAL');
    await followed;
    expect(stages).toEqual(['RECEIVED', 'QUEUED', 'READING', 'PRELIMINARY', 'FINAL']);
    await expect(acceptReport(client, phantom.studyInstanceUID, reviewer)).rejects.toThrow('nothing to review');
  });
});

describe('What goes wrong', () => {
  it('is an exception of its kind, with the server’s code', async () => {
    const phantom = aPhantom({ rows: 128, columns: 128 });
    await wetread.store(phantom.bytes);
    const { id: reportId = '' } = await reportOf(wetread, phantom.studyInstanceUID);
    const thrown = (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => undefined,
        (error: unknown) => error,
      );
    const stale = await thrown(client.run(ReviewReportDocument, { input: { reportId, ifMatch: 'W/"9"', decision: 'ACCEPT', reviewer } }));
    expect(stale).toBeInstanceOf(Conflict);
    const nowhere = await thrown(client.run(RequestReadingDocument, { input: { studyInstanceUID: '1.2.3' } }));
    expect(nowhere).toBeInstanceOf(NotFound);
    expect(nowhere).toMatchObject({ code: 'study-absent', name: 'NotFound' });
    expect(await thrown(client.run(AnnotateStudyDocument, { input: { text: 'x' } }))).toBeInstanceOf(BadRequest);
    expect(await thrown(client.run(LatestReportsDocument, { first: 0 }))).toMatchObject({ code: 'bad-argument' });
    const away = new WetreadClient({ url: 'http://127.0.0.1:1' });
    expect(await thrown(away.run(LatestReportsDocument, { first: 1 }))).toBeInstanceOf(Unavailable);
    expect(errorFrom([{ message: 'no', extensions: { code: 'not-permitted', status: 403 } }])).toBeInstanceOf(NotPermitted);
  });

  it('ends a subscription with the exception, and leaving the loop ends it for the server', async () => {
    const broken = JSON.parse(
      JSON.stringify(ReportStatusChangedDocument).replaceAll('reportStatusChanged', 'nothing'),
    ) as typeof ReportStatusChangedDocument;
    const events = client.follow(broken, {});
    await expect(events.next()).rejects.toThrow(/nothing/);
    const open = client.follow(ReportStatusChangedDocument, {});
    const first = open.next();
    await new Promise((done) => setTimeout(done, 300));
    await wetread.store(aPhantom({ rows: 128, columns: 128 }).bytes);
    expect((await first).value).toMatchObject({ reportStatusChanged: { status: 'PRELIMINARY', etag: 'W/"1"' } });
    expect(await open.return(undefined)).toEqual({ done: true, value: undefined });
  });
});
