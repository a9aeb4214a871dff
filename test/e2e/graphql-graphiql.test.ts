import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { Wetread } from './wetread.js';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const inBrowser = existsSync(CHROMIUM) ? it : it.skip;
if (!existsSync(CHROMIUM)) console.warn(`${CHROMIUM} absent: GraphiQL in a browser (1 test) is skipped.`);

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ GRAPHIQL: '1', EXECUTION_PROVIDERS: 'cpu' });
});
afterAll(() => wetread.remove());

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
    const args = ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];
    const browser = await chromium.launch({ executablePath: CHROMIUM, args });
    try {
      const page = await browser.newPage();
      const wrong: string[] = [];
      page.on('console', (line) => line.type() === 'error' && wrong.push(line.text()));
      page.on('pageerror', (error) => wrong.push(error.message));
      page.on('requestfailed', (request) => wrong.push(`${request.failure()?.errorText} from ${request.url()}`));
      await page.goto(`${wetread.url}/graphql`);
      await page.getByRole('button', { name: /execute query/i }).click();
      await page.locator('.result-window').getByText('"edges"').waitFor({ timeout: 20_000 });
      expect(wrong).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
