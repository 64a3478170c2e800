/** A Chromium for a test file, pages in it, and what can be measured in them. */
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

export type Scheme = 'light' | 'dark';
/** `scheme` null leaves the choice to the page. */
export type View = Readonly<{ width?: number; scheme?: Scheme | null }>;
export type Box = Readonly<{ left: number; right: number; top: number; bottom: number }>;
/** A visible text with its colours, as #rrggbb, and the box of its letters. */
export type Shown = Readonly<{ text: string; color: string; ground: string; direction: string; box: Box }>;

const inPage = readFileSync(join(import.meta.dirname, 'in-page.js'), 'utf8');

// As root, without a GPU, and without a word to anyone on the net.
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const startChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });

/** A page that shows this HTML and has measured nothing yet; `requests` is everything it asked the network for. */
export async function pageOf(browser: Browser, html: string, view: View = {}) {
  const page = await emptyPage(browser, view);
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.setContent(html);
  return { page, requests };
}

export async function emptyPage(browser: Browser, { width = 320, scheme = 'light' }: View = {}): Promise<Page> {
  return browser.newPage({ viewport: { width, height: 640 }, colorScheme: scheme });
}

/** The functions of in-page.js, in the page or in one of its frames. */
export async function measure<T>(page: Page, expression: string, frame = page.mainFrame()): Promise<T> {
  await frame.evaluate(inPage);
  return (await frame.evaluate(`measure.${expression}`)) as T;
}

/** A screenshot of the whole page, also kept as a file where SCREENSHOTS names a folder. */
export async function screenshot(page: Page, name: string): Promise<Buffer> {
  const folder = process.env.SCREENSHOTS;
  if (folder) await mkdir(folder, { recursive: true });
  return page.screenshot({ fullPage: true, ...(folder ? { path: join(folder, `${name}.png`) } : {}) });
}

/** How many pixels of a screenshot's part have about this colour, left and right of the middle of the picture. */
export async function pixelsOf(page: Page, picture: Buffer, color: string, { top, bottom }: Box) {
  const facts = JSON.stringify({ color, top, bottom, data: picture.toString('base64') });
  return measure<{ left: number; right: number }>(page, `pixels(${facts})`);
}
