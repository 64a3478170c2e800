/** The language of a mail through the api: the body, else Accept-Language, else the default; and what an Idempotency-Key makes of it. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogues } from '../../services/mail/locales/all.ts';
import { expectProblem, type Stage, startStage } from '../support/contract.ts';
import { folderWith } from '../support/templates.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({ SES_FROM_NAME: 'Acme', MAIL_LOCALE: 'sv', MAIL_AUTOFILL_DOMAIN: 'shop.example.com' });
});
afterAll(() => stage.stop());

const subjectIn = (locale: string): string => (catalogues.get(locale)?.subject ?? '').replace('{sender}', 'Acme');

async function localeIn(email: string): Promise<unknown> {
  const rows = await stage.db.owner<{ locale: string }[]>`
    select data ->> 'locale' as locale from events where stream_id = ${email} and type = 'requested'
  `;
  return rows[0]?.locale;
}

describe('the mail is in the language', () => {
  test.each([
    ['of the body', { locale: 'ar-EG' }, { 'Accept-Language': 'de' }, 'ar'],
    ['of the header, where the body names none', {}, { 'Accept-Language': 'xx, zh-TW;q=0.9, de;q=0.5' }, 'zh-Hant'],
    ['of the header, where the one of the body is not there', { locale: 'xx' }, { 'Accept-Language': 'pt-BR' }, 'pt'],
    ['that is configured, where nothing names one', {}, {}, 'sv'],
  ])('%s', async (_what, body, headers: Record<string, string>, locale) => {
    const email = `in-${locale}@example.com`.toLowerCase();
    expect((await (await stage.as(1)).send({ email, ...body }, headers)).status).toBe(200);
    await stage.settled();
    const [mail, ...others] = await stage.mails(email);
    expect(others).toEqual([]);
    expect(mail?.subject).toBe(subjectIn(locale));
    expect(mail?.html).toContain(`<html lang="${locale}"`);
    const code = /^\d{6}/.exec(mail?.text ?? '')?.[0];
    expect(mail?.text.split('\n').at(-1)).toBe(`@shop.example.com #${code}`);
    expect(await localeIn(email)).toBe(locale);
  });
});

const livesIn = async (email: string) => {
  await stage.settled();
  return (await stage.mails(email)).map(({ text }) => /\d+ minutes?\b/.exec(text)?.[0]);
};

describe('how long the code lives is told', () => {
  test('in minutes from the moment that it was asked for, by the clock of the store', async () => {
    const email = 'lives@example.com';
    await stage.later(7200);
    const caller = await stage.as(4);
    await caller.send({ email, locale: 'en' });
    expect(await livesIn(email)).toEqual(['10 minutes']);
    await stage.later(61);
    await caller.send({ email, locale: 'en' });
    expect(await livesIn(email)).toEqual(['9 minutes', '10 minutes']);
  });

  test('as a minute where it is less', async () => {
    const email = 'short@example.com';
    const caller = await stage.as(5, await stage.another({ EMAIL_OTP_EXPIRES_IN: '30', EMAIL_RESEND_COOLDOWN: '1' }));
    await caller.send({ email, locale: 'en' });
    await stage.later(12);
    await caller.send({ email, locale: 'en' });
    expect(await livesIn(email)).toEqual(['1 minute', '1 minute']);
  });
});

describe('an Idempotency-Key', () => {
  test('is for what the body says: another Accept-Language gives the same answer and no second mail', async () => {
    const [email, key] = ['key@example.com', randomUUID()];
    const caller = await stage.as(2);
    const first = await caller.send({ email }, { 'Idempotency-Key': key, 'Accept-Language': 'de' });
    const again = await stage.unchanged(() =>
      caller.send({ email }, { 'Idempotency-Key': key, 'Accept-Language': 'fr' }),
    );
    expect(again.text).toBe(first.text);
    expect((await stage.mails(email)).map(({ subject }) => subject)).toEqual([subjectIn('de')]);
    const other = await stage.unchanged(() => caller.send({ email, locale: 'de' }, { 'Idempotency-Key': key }));
    expectProblem(other, 422, 'idempotency_mismatch');
  });
});

test("the operator's folder is what is mailed", async () => {
  const folder = folderWith({ 'business/de.json': { wording: { subject: 'Für Ihr Geschäft' } } });
  const api = await stage.another({ MAIL_TEMPLATES: folder });
  const caller = await stage.as(3, api);
  for (const purpose of ['business', 'driver']) {
    await caller.send({ email: `own-${purpose}@example.com`, purpose, locale: 'de' });
  }
  await stage.settled();
  expect((await stage.mails('own-business@example.com'))[0]?.subject).toBe('Für Ihr Geschäft');
  expect((await stage.mails('own-driver@example.com'))[0]?.subject).toBe(subjectIn('de'));
});
