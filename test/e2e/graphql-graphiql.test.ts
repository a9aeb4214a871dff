import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { chromium, type Page } from 'playwright-core';
import { aPhantom } from './phantoms.js';
import { TokenMaker } from './tokens.js';
import { Wetread } from './wetread.js';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const inBrowser = existsSync(CHROMIUM) ? it : it.skip;
if (!existsSync(CHROMIUM)) console.warn(`${CHROMIUM} absent: GraphiQL in a browser (2 tests) is skipped.`);

let wetread: Wetread;
/** Lets nobody in without a token. */
let closed: Wetread;
let tokens: TokenMaker;
beforeAll(async () => {
  const settings = { GRAPHIQL: '1', EXECUTION_PROVIDERS: 'cpu', QUIET_PERIOD_SECONDS: '0' };
  [wetread, closed] = await Promise.all([Wetread.start(settings), Wetread.start({ ...settings, AUTH: 'on' })]);
  tokens = await TokenMaker.of(closed);
});
afterAll(() => Promise.all([wetread.remove(), closed.remove()]));

const html = { headers: { accept: 'text/html' } };

describe('GraphiQL', () => {
  it('is a page of this server alone, and gives no other file', async () => {
    const page = await (await wetread.fetch('/graphql', html)).text();
    const named = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, at]) => at).filter((at) => at !== 'data:,');
    expect(named).toHaveLength(6);
    for (const at of named) expect([at, (await wetread.fetch(`/${at}`)).status]).toEqual([at, 200]);
    for (const at of ['package.json', '..%2Fpackage.json', 'constructor', 'graphiql.js'])
      expect([at, (await wetread.fetch(`/graphql/graphiql/${at}`)).status]).toEqual([at, 404]);
  });

  it('is not there unless the settings say so', async () => {
    const other = await Wetread.start();
    expect(await (await other.fetch('/graphql', html)).text()).not.toContain('graphiql');
    expect((await other.fetch('/graphql/graphiql/page.js')).status).toBe(404);
    await other.remove();
  });

  inBrowser('runs a query, with nothing from elsewhere and nothing that its policy forbids', async () => {
    await withPage(async (page) => {
      const wrong: string[] = [];
      page.on('console', (line) => line.type() === 'error' && wrong.push(line.text()));
      page.on('pageerror', (error) => wrong.push(error.message));
      page.on('requestfailed', (request) => wrong.push(`${request.failure()?.errorText} from ${request.url()}`));
      await page.goto(`${wetread.url}/graphql`);
      await run(page);
      await shown(page, '"edges"');
      expect(wrong).toEqual([]);
    });
  });

  inBrowser('asks and follows with the token that is typed under Headers, and shows why nothing comes without', async () => {
    const phantom = aPhantom({ rows: 128, columns: 128 });
    const headers = await tokens.headers();
    await withPage(async (page) => {
      await page.goto(`${closed.url}/graphql`);
      await run(page);
      await shown(page, '"unauthenticated"');
      await page.getByRole('button', { name: 'Headers' }).click();
      await typed(page, 'Headers', JSON.stringify(headers));
      await run(page);
      await shown(page, '"edges"');
      await typed(page, 'Query Editor', `subscription { studyProgress(studyInstanceUID: "${phantom.studyInstanceUID}") { stage } }`);
      await run(page);
      await stop(page).waitFor({ timeout: 10_000 });
      await closed.storeAs(headers, phantom.bytes);
      await shown(page, '"PRELIMINARY"');
      await stop(page).click();
      await typed(page, 'Headers', '{}');
      await run(page);
      await shown(page, '"unauthenticated"');
    });
  });
});

/** Opens a page in Chromium, which finds this machine and no other. */
async function withPage(work: (page: Page) => Promise<void>): Promise<void> {
  const args = ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];
  const browser = await chromium.launch({ executablePath: CHROMIUM, args });
  try {
    await work(await browser.newPage());
  } finally {
    await browser.close();
  }
}
const run = (page: Page) => page.getByRole('button', { name: /execute query/i }).click({ timeout: 10_000 });
const stop = (page: Page) => page.getByRole('button', { name: /stop query/i });
const shown = (page: Page, text: string) => page.locator('.result-window').getByText(text).first().waitFor({ timeout: 20_000 });

/** In place of what stands in an editor. */
async function typed(page: Page, editor: string, text: string): Promise<void> {
  await page.getByLabel(editor).locator('.graphiql-editor:not(.hidden) > .CodeMirror').first().click({ timeout: 10_000 });
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
  await page.waitForTimeout(500); // GraphiQL reads what was typed when typing pauses
}
