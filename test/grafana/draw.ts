/**
 * `npm run dashboards:draw -- --prometheus URL`: draws each dashboard of its own file and of what that Prometheus answers, into
 * docs/monitoring. `--at` is the end of the span (seconds since 1970, now where it is not said), `--minutes` its length. Nothing of Grafana
 * is asked: it shows what the queries find, and about how it looks.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { dashboards } from '../support/dashboards.ts';
import { createAsk } from './draw/data.ts';
import { page, WIDTH } from './draw/page.ts';

const { values } = parseArgs({
  options: {
    prometheus: { type: 'string', default: 'http://127.0.0.1:9090' },
    at: { type: 'string', default: String(Date.now() / 1000) },
    minutes: { type: 'string', default: '60' },
    folder: { type: 'string', default: join(import.meta.dirname, '../../docs/monitoring') },
  },
});

const to = Math.floor(Number(values.at) / 15) * 15;
const seconds = Number(values.minutes) * 60;
const span = { from: to - seconds, to, step: Math.max(5, Math.ceil(seconds / 120 / 5) * 5) };
const ask = createAsk(values.prometheus, span);

await mkdir(values.folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  // A little smaller than life, so that each stays below 200 kB.
  const tab = await browser.newPage({ deviceScaleFactor: 0.85 });
  for (const dashboard of dashboards) {
    const { html, height } = await page(dashboard, ask, span);
    await tab.setViewportSize({ width: WIDTH, height });
    await tab.setContent(html);
    await tab.screenshot({ path: join(values.folder, `${dashboard.uid.replace('sealpost-', '')}.png`) });
  }
} finally {
  await browser.close();
}
