/** The reference page in Chromium: calls are tried from it, what cannot be undone is asked first, and nothing breaks its policy. */
import { serve, type ServerType } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describedApp } from '../support/described-app.ts';
import { emptyPage, screenshot, startChromium } from './chromium.ts';

let server: ServerType;
let browser: Browser;
let url: string;
beforeAll(async () => {
  browser = await startChromium();
  server = serve({ fetch: describedApp().fetch, port: 0, hostname: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/docs`;
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** The page, what it sent to /api, and what it complained of. */
async function shown(page: Page) {
  const sent: { method: string; path: string; token: string | undefined; body: unknown }[] = [];
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.route('**/api/**', async (route) => {
    const request = route.request();
    const { authorization: token } = request.headers();
    sent.push({ method: request.method(), path: new URL(request.url()).pathname, token, body: request.postDataJSON() });
    await route.fulfill({ json: { success: true } });
  });
  await page.goto(url);
  return { sent, complaints };
}

const send = async (page: Page, id: string): Promise<void> => {
  await page.locator(`#${id} details.try summary`).click();
  await page.locator(`#${id} form button`).click();
};

test('tries a call with the token of the page, and shows the answer', async () => {
  const page = await emptyPage(browser);
  const { sent, complaints } = await shown(page);
  await page.fill('#bearer', 'a-token');
  await send(page, 'sendOtp');
  await page.locator('#sendOtp pre[role=status]').filter({ hasText: '"success": true' }).waitFor();
  expect(sent).toMatchObject([{ method: 'POST', token: 'Bearer a-token', body: { email: 'a@example.com' } }]);
  expect(await page.locator('#sendOtp .origin').textContent()).toBe(new URL(url).origin);
  expect(complaints).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
  await screenshot(page, 'reference');
  await page.close();
});

test('asks before it erases, and sends nothing where the answer is no', async () => {
  const page = await emptyPage(browser);
  const { sent } = await shown(page);
  const asked: string[] = [];
  let answer = false;
  page.on('dialog', (dialog) => {
    asked.push(dialog.message());
    void (answer ? dialog.accept() : dialog.dismiss());
  });
  await send(page, 'eraseAddress');
  expect(asked).toEqual([expect.stringMatching(/^Erase this person\? It cannot be undone\.[\s\S]*a@example\.com/)]);
  expect(sent).toEqual([]);
  answer = true;
  await page.locator('#eraseAddress form button').click();
  await page.locator('#eraseAddress pre[role=status]').filter({ hasText: '200' }).waitFor();
  expect(sent).toMatchObject([{ path: '/api/admin/email-management/erase' }]);
  await page.close();
});

test('without JavaScript says so, and has all but the forms', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(url);
  expect(await page.locator('noscript').isVisible()).toBe(true);
  expect(await page.locator('form button').first().isVisible()).toBe(false);
  expect(await page.locator('#sendOtp pre').first().textContent()).toContain('curl -s');
  await context.close();
});
