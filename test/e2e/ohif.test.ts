import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import sharp from 'sharp';
import { OhifViewer, ohifIsHere } from './ohif-viewer.js';
import { eventually, Wetread } from './wetread.js';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const demo = new URL('../../../../shared/dicom/demo/', import.meta.url);
const SCREENSHOTS = fileURLToPath(new URL('../../../.cache/screenshots/', import.meta.url));
const CT = '1.3.6.1.4.1.25403.345050719074.3824.20170126085406.1';
const CHEST_X_RAY = '1.2.276.0.7230010.3.1.2.8323329.6904.1517875201.850818';

const absent = [
  ...(existsSync(CHROMIUM) ? [] : [CHROMIUM]),
  ...(ohifIsHere ? [] : ['OHIF (npm run outside-clients)']),
  ...(existsSync(demo) ? [] : ['../shared/dicom']),
];
if (absent.length > 0) console.warn(`${absent.join(', ')} absent: reading in OHIF (5 tests) is skipped.`);

let wetread: Wetread;
let viewer: OhifViewer;
/** Asks our server from another origin, as a viewer that is not served beside it. */
let elsewhere: OhifViewer;
let browser: Browser;
beforeAll(async () => {
  if (absent.length > 0) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600', CORS_ORIGINS: '*' });
  const files = ['ct-chest/', 'cxr/'].flatMap((folder) => readdirSync(new URL(folder, demo)).map((name) => new URL(folder + name, demo)));
  const { status } = await wetread.store(...files.map((file) => readFileSync(file)));
  if (status !== 200) throw new Error(`the studies to read were not stored: ${status}`);
  viewer = await OhifViewer.serve(wetread.url);
  elsewhere = await OhifViewer.serve(wetread.url, `${wetread.url}/dicom-web`);
  // Nothing but this machine is to be reached: a name that the viewer asks for beyond it is a failed request.
  const args = ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];
  browser = await chromium.launch({ executablePath: CHROMIUM, args });
}, 120_000);
afterAll(async () => {
  if (absent.length > 0) return;
  await browser.close();
  viewer.close();
  elsewhere.close();
  await wetread.remove();
});

/** A tab of the viewer, and all that went wrong in it: what it wrote to its console as an error, and requests that failed. */
async function open(path: string, at = viewer): Promise<{ page: Page; wrong: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const wrong: string[] = [];
  page.on('console', (line) => line.type() === 'error' && wrong.push(`console: ${line.text()}`));
  page.on('pageerror', (error) => wrong.push(`thrown: ${error.message}`));
  page.on('response', (answer) => answer.status() >= 400 && wrong.push(`${answer.status()} from ${answer.url()}`));
  page.on('requestfailed', (request) => wrong.push(`${request.failure()?.errorText} from ${request.url()}`));
  await page.addInitScript(`localStorage.setItem('shownTours', '["basicViewerTour"]')`); // or its tour lies over the image
  await page.goto(at.url + path);
  return { page, wrong };
}

/** The picture in the viewport, once there is one. A blank viewport is black but for a few letters at its edges. */
const picture = (page: Page): Promise<Buffer> =>
  eventually(async () => {
    const canvas = page.locator('.cornerstone-canvas').first();
    if (!(await canvas.isVisible())) return undefined;
    const png = await canvas.screenshot();
    const { channels } = await sharp(png).greyscale().stats();
    return channels[0].stdev > 25 && channels[0].max > 200 ? png : undefined;
  }, 'image in the viewport');

const shot = (page: Page, name: string) => page.screenshot({ path: `${SCREENSHOTS}ohif-${name}.png` });

(absent.length === 0 ? describe : describe.skip)('OHIF, a viewer that others wrote,', () => {
  it('lists the studies', async () => {
    const { page, wrong } = await open('/');
    await page.getByText('CT CHEST W CONTRAST').waitFor();
    const rows = await page.locator('tbody tr').allInnerTexts();
    const cells = rows.map((row) => row.split(/\s*[\t\n]\s*/).filter((cell) => cell !== ''));
    expect(cells.find(([patient]) => patient === 'Bellona')).toEqual(['Bellona', '26-Oct-2015', 'CT', 'CT CHEST W CONTRAST', '25']);
    await shot(page, 'list');
    expect(wrong).toEqual([]);
    await page.close();
  });

  it('finds one of them by the name of its patient', async () => {
    const { page, wrong } = await open('/?patientName=Bell');
    await page.getByText('CT CHEST W CONTRAST').waitFor();
    expect(await page.getByText('16d7f894').count()).toBe(0);
    expect(wrong).toEqual([]);
    await page.close();
  });

  it('draws a CT study, and its next slice', async () => {
    const { page, wrong } = await open(`/viewer?StudyInstanceUIDs=${CT}`);
    const first = await picture(page);
    await page.getByText('(1/25)').waitFor();
    await page
      .getByText('W:360')
      .or(page.getByText('360', { exact: true }))
      .first()
      .waitFor(); // the study's own window
    await shot(page, 'ct');
    await page.locator('.cornerstone-canvas').first().hover();
    await page.mouse.wheel(0, 100);
    await page.getByText('(2/25)').waitFor();
    const second = await picture(page);
    expect(second.equals(first)).toBe(false);
    expect(wrong).toEqual([]);
    await page.close();
  });

  it('draws a chest X-ray', async () => {
    const { page, wrong } = await open(`/viewer?StudyInstanceUIDs=${CHEST_X_RAY}`);
    const drawn = await picture(page);
    const { channels } = await sharp(drawn).greyscale().stats();
    expect(channels[0].mean).toBeGreaterThan(60); // lungs and soft tissue, not an empty viewport
    await shot(page, 'chest-x-ray');
    expect(wrong).toEqual([]);
    await page.close();
  });

  it('draws it across origins too, where CORS_ORIGINS lets it', async () => {
    const { page, wrong } = await open(`/viewer?StudyInstanceUIDs=${CHEST_X_RAY}`, elsewhere);
    await picture(page);
    expect(await page.evaluate(`performance.getEntriesByType('resource').map(({ name }) => new URL(name).origin)`)).toContain(wetread.url);
    expect(wrong).toEqual([]);
    await page.close();
  });
});
