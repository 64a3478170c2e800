/** Every mail as a reader's screen draws it, in Chromium: it fits 320 pixels, can be read in light and dark, and reads from its side. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isRightToLeft } from '../../services/mail/locale.ts';
import { CONTRAST_MIN, contrast, defaultTheme } from '../../services/mail/theme.ts';
import { createComposer } from '../../services/mail/message.ts';
import { builtInTemplates } from '../../services/mail/templates.ts';
import { measure, pageOf, pixelsOf, screenshot, type Shown, startChromium } from './chromium.ts';

const code = '012345';
const locales = [...builtInTemplates.locales];

function htmlOf(locale: string, sender = 'Sealpost', digits = code): string {
  const autofillDomain = 'verification.shop.example.com';
  const composer = createComposer({ sender, defaultLocale: 'en', autofillDomain, templates: builtInTemplates });
  return composer.compose({ code: digits, purpose: 'business', minutes: 10, locale }).html;
}

let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser?.close());

describe.each(locales)('in %s', (locale) => {
  test('nothing reaches beyond 320 pixels, nor with the longest name, code and purpose', async () => {
    const long = htmlOf(locale, 'W'.repeat(100), '0123456789').replaceAll('business', 'w'.repeat(50));
    for (const html of [htmlOf(locale), long]) {
      const { page } = await pageOf(browser, html);
      expect(await measure(page, 'overflows()')).toEqual([]);
      const texts = await measure<Shown[]>(page, 'texts()');
      for (const { box } of texts) expect([box.left >= 0, box.right <= 320]).toEqual([true, true]);
      // The code stays on one line.
      const drawn = texts.find(({ text }) => /^\d+$/.test(text));
      expect(drawn && drawn.box.bottom - drawn.box.top).toBeLessThan(48);
      await page.close();
    }
  });

  test.each(['light', 'dark'] as const)(
    'every text can be read in the %s, and has the colours of that',
    async (scheme) => {
      const { page, requests } = await pageOf(browser, htmlOf(locale), { scheme });
      const texts = await measure<Shown[]>(page, 'texts()');
      expect(texts.length).toBeGreaterThan(7);
      for (const { text, color, ground } of texts) expect(contrast(color, ground), text).toBeGreaterThan(CONTRAST_MIN);
      const { card, ink } = defaultTheme[scheme];
      expect(texts.find(({ text }) => text === code)).toMatchObject({ color: ink, ground: card });
      expect(requests).toEqual([]);
      await page.close();
    },
  );

  test('a screenshot shows the code on the side where the language begins, and the preview nowhere', async () => {
    const { page } = await pageOf(browser, htmlOf(locale), { width: 480 });
    const texts = await measure<Shown[]>(page, 'texts()');
    const drawn = texts.filter(({ text }) => text.includes(code));
    expect(drawn.map(({ text }) => text)).toEqual([code, `@verification.shop.example.com #${code}`]);
    const [{ box, direction } = { box: undefined, direction: '' }] = drawn;
    if (!box) throw new Error('the code is not drawn');
    expect(direction).toBe(isRightToLeft(locale) ? 'rtl' : 'ltr');
    const { left, right } = await pixelsOf(
      page,
      await screenshot(page, `message-${locale}`),
      defaultTheme.light.ink,
      box,
    );
    const [near, far] = isRightToLeft(locale) ? [right, left] : [left, right];
    expect(near).toBeGreaterThan(200);
    expect(far).toBe(0);
    await page.close();
  });
});

test.each(['en', 'ar'])('in %s a double click takes the code, and nothing but its digits', async (locale) => {
  const { page } = await pageOf(browser, htmlOf(locale));
  await page.dblclick('.code', { position: { x: locale === 'ar' ? 230 : 40, y: 20 } });
  expect((await measure<string>(page, 'selected()')).trim()).toBe(code);
  await page.close();
});

test.each(['light', 'dark'] as const)(
  'a screenshot in the %s has the page, the card and the band in their colours',
  async (scheme) => {
    const { page } = await pageOf(browser, htmlOf('he'), { scheme, width: 640 });
    const picture = await screenshot(page, `message-he-${scheme}`);
    const whole = { left: 0, right: 640, top: 0, bottom: 400 };
    for (const color of [defaultTheme[scheme].page, defaultTheme[scheme].card, defaultTheme.brand]) {
      const { left, right } = await pixelsOf(page, picture, color, whole);
      expect(left, color).toBeGreaterThan(3000);
      expect(right, color).toBeGreaterThan(3000);
    }
    const other = scheme === 'light' ? 'dark' : 'light';
    expect((await pixelsOf(page, picture, defaultTheme[other].card, whole)).left).toBeLessThan(1000);
    await page.close();
  },
);
