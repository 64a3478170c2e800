/** The mailbox page of the local SES with mails of ours in it: each readable from its own side, in light and dark, on 320 pixels. */
import { SendRawEmailCommand, SESClient } from '@aws-sdk/client-ses';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { CONTRAST_MIN, contrast, defaultTheme } from '../../services/mail/theme.ts';
import { createComposer } from '../../services/mail/message.ts';
import { createSesTransport } from '../../services/mail/ses.ts';
import { builtInTemplates } from '../../services/mail/templates.ts';
import { credentials, startSes } from '../support/api.ts';
import { emptyPage, measure, screenshot, type Shown, startChromium } from './chromium.ts';

const code = '012345';
const locales = ['en', 'ar', 'he', 'ja'];

// One pixel.
const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

let ses: LocalSes;
let browser: Browser;
beforeAll(async () => {
  [ses, browser] = await Promise.all([startSes(), startChromium()]);
  const { compose } = createComposer({
    sender: 'Sealpost',
    defaultLocale: 'en',
    autofillDomain: 'example.com',
    templates: builtInTemplates,
  });
  const from = { fromEmail: 'noreply@example.com', fromName: 'Sealpost' };
  const transport = createSesTransport({ region: 'us-east-1', credentials, endpoint: ses.url, ...from });
  for (const locale of locales) {
    const message = compose({ code, purpose: 'business', minutes: 10, locale });
    const result = await transport.send({ to: `${locale}@example.com`, reference: locale, message });
    expect(result.kind).toBe('accepted');
  }
  transport.close();
});
afterAll(async () => {
  await browser?.close();
  await ses?.close();
});

async function mailOf(locale: string): Promise<{ id: string }> {
  const answer = await fetch(`${ses.url}/messages?to=${locale}@example.com`);
  const { messages } = (await answer.json()) as { messages: { id: string }[] };
  return messages[0] ?? { id: '' };
}

describe.each(['light', 'dark'] as const)('in the %s', (scheme) => {
  test('the list shows every mail, its code first, within 320 pixels', async () => {
    const page = await emptyPage(browser, { scheme });
    await page.goto(ses.url);
    expect(await measure(page, 'overflows()')).toEqual([]);
    const texts = await measure<Shown[]>(page, 'texts()');
    expect(texts.filter(({ text }) => text.startsWith(code))).toHaveLength(locales.length);
    for (const { text, color, ground } of texts) expect(contrast(color, ground), text).toBeGreaterThan(CONTRAST_MIN);
    await screenshot(page, `inbox-${scheme}`);
    await page.close();
  });

  test.each(locales)('a mail in %s is framed whole, in the colours of the reader', async (locale) => {
    const page = await emptyPage(browser, { scheme });
    await page.goto(`${ses.url}/mails/${(await mailOf(locale)).id}`);
    expect(await measure(page, 'overflows()')).toEqual([]);
    const frame = page.frames().find((one) => one.url().endsWith('/html'));
    if (!frame) throw new Error('the mail is not framed');
    expect(await measure(page, 'overflows()', frame)).toEqual([]);
    const texts = await measure<Shown[]>(page, 'texts()', frame);
    const { ink, card } = defaultTheme[scheme];
    expect(texts.find(({ text }) => text === code)).toMatchObject({ color: ink, ground: card });
    await screenshot(page, `inbox-${locale}-${scheme}`);
    await page.close();
  });
});

test('a logo inside a mail is drawn, from the mail itself', async () => {
  const mail = {
    from: 'noreply@example.com',
    to: 'logo@example.com',
    subject: 'x',
    html: '<img src="cid:logo@sealpost" width="120" alt="">',
    attachments: [{ cid: 'logo@sealpost', filename: 'logo.gif', contentType: 'image/gif', content: gif }],
  };
  const Data = await new MailComposer(mail).compile().build();
  const client = new SESClient({ region: 'us-east-1', credentials, endpoint: ses.url });
  await client.send(new SendRawEmailCommand({ Source: mail.from, Destinations: [mail.to], RawMessage: { Data } }));
  client.destroy();
  const page = await emptyPage(browser);
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(`${ses.url}/messages/${(await mailOf('logo')).id}/html`);
  expect(await page.evaluate('document.images[0].naturalWidth')).toBe(1);
  // The page itself, and nothing after it.
  expect(requests).toHaveLength(1);
  await page.close();
});

test.each([
  ['en', 'left'],
  ['ar', 'right'],
  ['he', 'right'],
])('the text part of a mail in %s, and its subject, begin on the %s', async (locale, side) => {
  const page = await emptyPage(browser, { width: 1000 });
  await page.goto(`${ses.url}/mails/${(await mailOf(locale)).id}/text`);
  await screenshot(page, `inbox-${locale}-text`);
  const lines = await measure<string[]>(page, 'sides("pre.text")');
  // All but the last line, which is for a browser and reads from the left.
  expect(new Set(lines.slice(0, -1))).toEqual(new Set([side]));
  expect(lines.at(-1)).toBe('left');
  expect(await measure<string[]>(page, 'sides("h1")')).toEqual([side]);
  await page.close();
});
