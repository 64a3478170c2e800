/** Settings of the mail and of its message: the road, the sender, what is required for which, and what is made of them. */
import { describe, expect, test } from 'vitest';
import { checkMail, mailSettings, mailTransport, sesOptions, smtpOptions } from '../../services/config/mail.ts';
import { checkMessage, messageOptions, messageSettings } from '../../services/config/message.ts';
import { builtInTemplates } from '../../services/mail/templates.ts';
import { readSettings } from '../../services/runtime/settings.ts';
import { problemsIn } from '../support/settings.ts';
import { folderWith } from '../support/templates.ts';

const ses = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test', SES_FROM_EMAIL: 'noreply@example.com' };
const smtp = { MAIL_TRANSPORT: 'smtp', SMTP_HOST: 'mail.example.com', SES_FROM_EMAIL: 'noreply@example.com' };
const read = (environment: Record<string, string>) => readSettings(mailSettings, environment, checkMail);
const problems = (environment: Record<string, string>) => problemsIn(mailSettings, environment, checkMail);
const sentence = (name: keyof typeof mailSettings) => mailSettings[name].sentence;

describe('the mail', () => {
  test('goes to SES unless told, in us-east-1, from Sealpost, over starttls where it is SMTP', () => {
    expect(read(ses)).toEqual({
      MAIL_TRANSPORT: 'ses',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIATEST',
      AWS_SECRET_ACCESS_KEY: 'test',
      SES_ENDPOINT: undefined,
      SES_FROM_EMAIL: 'noreply@example.com',
      SES_FROM_NAME: 'Sealpost',
      SMTP_HOST: undefined,
      SMTP_PORT: 587,
      SMTP_TLS: 'starttls',
      SMTP_USER: undefined,
      SMTP_PASSWORD: undefined,
      SMTP_RATE_PER_SECOND: 10,
    });
  });

  test.each([
    ['AWS_REGION', 'us east', 'must be a region such as us-east-1'],
    ['AWS_REGION', 'EU', 'must be a region such as us-east-1'],
    ['AWS_REGION', 'eu-west-1!', 'must be a region such as us-east-1'],
    ['MAIL_TRANSPORT', 'pigeon', 'must be ses or smtp'],
    ['SES_ENDPOINT', 'local', 'must be an http or https URL'],
    ['SES_FROM_EMAIL', 'nobody', 'must be an email address'],
    ['SES_FROM_NAME', 'x'.repeat(101), 'must have at most 100 characters'],
    ['SES_FROM_NAME', 'Shop\r\nBcc: all@example.com', 'must not contain control characters or line breaks'],
    ['SES_FROM_NAME', '\u0007Shop', 'must not contain control characters or line breaks'],
    ['SMTP_PORT', '65536', 'must be a whole number from 0 to 65535'],
    ['SMTP_TLS', 'none', 'must be starttls, tls or off'],
    ['SMTP_RATE_PER_SECOND', '0', 'must be a whole number from 1 to 10000'],
    ['SMTP_RATE_PER_SECOND', '10001', 'must be a whole number from 1 to 10000'],
  ] as const)('%s=%j is refused with what is needed', (name, value, needed) => {
    expect(problems({ ...ses, [name]: value })).toEqual([`${name}: ${needed}. ${sentence(name)}`]);
  });

  test('takes the longest name and the largest rate that are possible, and letters of all scripts', () => {
    for (const more of [{ SES_FROM_NAME: 'x'.repeat(100) }, { SES_FROM_NAME: 'Bücher 本' }]) {
      expect(read({ ...ses, ...more }).SES_FROM_NAME).toBe(more.SES_FROM_NAME);
    }
    for (const rate of ['1', '10000']) expect(problems({ ...ses, SMTP_RATE_PER_SECOND: rate })).toEqual([]);
    for (const tls of ['starttls', 'tls', 'off']) expect(read({ ...ses, SMTP_TLS: tls }).SMTP_TLS).toBe(tls);
  });

  test('through SES needs both keys, through SMTP a host; neither needs what the other does', () => {
    expect(problems({ SES_FROM_EMAIL: 'a@example.com' })).toEqual([
      'AWS_ACCESS_KEY_ID: required.',
      'AWS_SECRET_ACCESS_KEY: required.',
    ]);
    expect(problems({ MAIL_TRANSPORT: 'smtp', SES_FROM_EMAIL: 'a@example.com' })).toEqual(['SMTP_HOST: required.']);
    expect([problems(ses), problems(smtp)]).toEqual([[], []]);
    expect(problems({ ...ses, SES_FROM_EMAIL: '' })).toEqual([
      expect.stringMatching(/^SES_FROM_EMAIL: must be an email address/),
    ]);
  });

  test('needs a login with its password, both or neither', () => {
    const half = ['SMTP_USER: set both SMTP_USER and SMTP_PASSWORD, or neither.'];
    expect(problems({ ...smtp, SMTP_USER: 'me' })).toEqual(half);
    expect(problems({ ...smtp, SMTP_PASSWORD: 'x' })).toEqual(half);
    expect(problems({ ...smtp, SMTP_USER: 'me', SMTP_PASSWORD: 'x' })).toEqual([]);
  });

  test('takes the road that is chosen, at the rate of that road', async () => {
    const bySmtp = mailTransport(read({ ...smtp, SMTP_RATE_PER_SECOND: '17' }));
    expect(await bySmtp.sendRate()).toBe(17);
    const nowhere = { ...ses, SES_ENDPOINT: 'http://127.0.0.1:9', SMTP_HOST: 'mail.example.com' };
    const bySes = mailTransport(read(nowhere));
    await expect(bySes.sendRate()).rejects.toThrow();
    for (const transport of [bySmtp, bySes]) transport.close();
  });

  test('knows each option of its road by its own setting', () => {
    const full = { SMTP_PORT: '465', SMTP_TLS: 'tls', SMTP_RATE_PER_SECOND: '3', SES_FROM_NAME: 'Shop' };
    const login = { SMTP_USER: 'me', SMTP_PASSWORD: 'hidden' };
    expect(smtpOptions(read({ ...smtp, ...full, ...login }))).toEqual({
      host: 'mail.example.com',
      port: 465,
      tls: 'tls',
      login: { user: 'me', pass: 'hidden' },
      ratePerSecond: 3,
      fromEmail: 'noreply@example.com',
      fromName: 'Shop',
    });
    expect(smtpOptions(read(smtp)).login).toBeUndefined();
    expect(smtpOptions({ ...read(smtp), SMTP_USER: 'me' }).login).toBeUndefined();
    expect(smtpOptions({ ...read(smtp), SMTP_PASSWORD: 'hidden' }).login).toBeUndefined();
    expect(smtpOptions({ ...read(smtp), SMTP_HOST: undefined }).host).toBe('');
    expect(sesOptions(read({ ...ses, AWS_REGION: 'eu-west-1', SES_ENDPOINT: 'http://127.0.0.1:9' }))).toEqual({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
      endpoint: 'http://127.0.0.1:9',
      fromEmail: 'noreply@example.com',
      fromName: 'Sealpost',
    });
    expect(sesOptions(read(smtp)).credentials).toEqual({ accessKeyId: '', secretAccessKey: '' });
  });
});

const readMessage = (environment: Record<string, string>) => readSettings(messageSettings, environment, checkMessage);
const wrong = (environment: Record<string, string>) => problemsIn(messageSettings, environment, checkMessage);

describe('the message', () => {
  test('is in English and as it is built in, and fills in for no domain, unless told', () => {
    expect(messageOptions(readMessage({}), 'Shop')).toEqual({
      sender: 'Shop',
      defaultLocale: 'en',
      autofillDomain: undefined,
      templates: builtInTemplates,
    });
    const german = messageOptions(readMessage({ MAIL_LOCALE: 'de', MAIL_AUTOFILL_DOMAIN: 'a.example.com' }), 'Shop');
    expect([german.defaultLocale, german.autofillDomain]).toEqual(['de', 'a.example.com']);
  });

  test('has a language that is there, or the problem lists those that are', () => {
    expect(wrong({ MAIL_LOCALE: 'tlh' })).toEqual([
      'MAIL_LOCALE: must be one of ar, de, en, es, fa, fr, he, hi, id, it, ja, ko, nl, pl, pt, ru, sv, tr, uk, vi, zh-Hans, zh-Hant.',
    ]);
    expect(checkMessage({})).toEqual([]);
  });

  test('takes the words of a folder, and a language that only the folder has', () => {
    const folder = folderWith({ 'pt-PT.json': {} });
    const found = readMessage({ MAIL_TEMPLATES: folder, MAIL_LOCALE: 'pt-PT' });
    expect(messageOptions(found, 'Shop').templates.locales.has('pt-PT')).toBe(true);
    expect(wrong({ MAIL_LOCALE: 'pt-PT' })).toHaveLength(1);
  });

  test('of a folder with faults tells each by its file', () => {
    const folder = folderWith({ 'notes.txt': 'x', 'Klingon!.json': {} });
    expect(wrong({ MAIL_TEMPLATES: folder }).toSorted()).toEqual([
      'MAIL_TEMPLATES: Klingon!.json: must be named after a language tag, such as pt-BR.json.',
      'MAIL_TEMPLATES: notes.txt: only .json files and pictures are allowed here.',
    ]);
  });

  test.each([
    ['example.com', true],
    ['a.b-c.example', true],
    ['x1.co', true],
    [`${'a'.repeat(63)}.example`, true],
    [`${`${'a'.repeat(49)}.`.repeat(4)}${'b'.repeat(53)}`, true],
    [`${`${'a'.repeat(49)}.`.repeat(4)}${'b'.repeat(54)}`, false],
    [`${'a'.repeat(64)}.example`, false],
    ['example', false],
    ['a.b', false],
    ['Example.com', false],
    ['-a.example.com', false],
    ['a-.example.com', false],
    ['example.com-', false],
    ['example.-com', false],
    ['https://example.com', false],
    ['example.com/', false],
    ['example..com', false],
    ['example.com #123456', false],
  ])('fills a code in for %s: %s', (domain, possible) => {
    const needed = `MAIL_AUTOFILL_DOMAIN: must be a domain such as example.com, in lower case. ${messageSettings.MAIL_AUTOFILL_DOMAIN.sentence}`;
    expect(wrong({ MAIL_AUTOFILL_DOMAIN: domain })).toEqual(possible ? [] : [needed]);
  });
});
