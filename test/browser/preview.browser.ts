/** The page of `sealpost mail preview` in Chromium: each mail once as a reader in the light and once as one in the dark sees it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { defaultTheme } from '../../services/mail/theme.ts';
import { emptyPage, measure, screenshot, type Shown, startChromium } from './chromium.ts';

test('shows every mail in light and in dark, whatever the reader of the page prefers, and asks the net for nothing', async () => {
  const out = mkdtempSync(join(tmpdir(), 'sealpost-preview-'));
  const browser = await startChromium();
  onTestFinished(async () => {
    await browser.close();
    rmSync(out, { recursive: true });
  });
  await promisify(execFile)(process.execPath, ['services/cli/main.ts', 'mail', 'preview', '--out', out], { env: {} });
  const page = await emptyPage(browser, { width: 760, scheme: null });
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(join(out, 'index.html')).href);
  for (const scheme of ['light', 'dark'] as const) {
    const frame = await (await page.$(`iframe.${scheme}`))?.contentFrame();
    if (!frame) throw new Error('there is no such frame');
    await frame.waitForLoadState();
    const texts = await measure<Shown[]>(page, 'texts()', frame);
    const { ink, card } = defaultTheme[scheme];
    expect(texts.find(({ text }) => text === '123456')).toMatchObject({ color: ink, ground: card });
  }
  await screenshot(page, 'preview');
  expect(requests.every((url) => url.startsWith('file:'))).toBe(true);
});
