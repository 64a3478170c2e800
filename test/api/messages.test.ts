/** What people are told: in every language of the mails, with the number and the time that belong there, and in the request's language. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusals, type RefusalCode } from '../../services/api/http/refusals.ts';
import { languages } from '../../services/api/messages/languages/all.ts';
import { keyOf, type MessageKey, PLACEHOLDERS } from '../../services/api/messages/messages.ts';
import { say } from '../../services/api/messages/speak.ts';
import { catalogues } from '../../services/mail/locales/all.ts';
import { type Stage, startStage } from '../support/contract.ts';
import { wrongCode } from '../support/mailbox.ts';

const keys = Object.keys(PLACEHOLDERS) as MessageKey[];
const codes = Object.keys(refusals) as RefusalCode[];

const at = (...pointers: string[]) => keyOf('invalid_request', { errors: pointers.map((pointer) => ({ pointer })) });

describe('the messages', () => {
  test('are there in every language of the mails', () => {
    expect([...languages.keys()].toSorted()).toEqual([...catalogues.keys()].toSorted());
  });

  test.each([...languages])(
    '%s: one line each, with what belongs in it and nothing else, none twice and none left in English',
    (tag, texts) => {
      expect(Object.keys(texts).toSorted()).toEqual(keys.toSorted());
      for (const key of keys) {
        const text = texts[key];
        expect([...text.matchAll(/\{(\w*)\}/g)].map(([, name]) => name)).toEqual([...PLACEHOLDERS[key]]);
        expect(text).toMatch(/^\S.*[^\s,;:{]$/u);
        expect(text).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}<>]| {2}/u);
        if (tag !== 'en') expect(text).not.toBe(languages.get('en')?.[key]);
      }
      expect(new Set(Object.values(texts)).size).toBe(keys.length);
    },
  );

  test.each<[string, number, string]>([
    ['en', 1, 'A code was just sent. You can request another in 1 second.'],
    ['en', 41.2, 'A code was just sent. You can request another in 42 seconds.'],
    ['en', 120, 'A code was just sent. You can request another in 120 seconds.'],
    ['en', 121, 'A code was just sent. You can request another in 3 minutes.'],
    ['en', 7200, 'A code was just sent. You can request another in 120 minutes.'],
    ['en', 7201, 'A code was just sent. You can request another in 3 hours.'],
    ['de', 42, 'Ein Code wurde gerade gesendet. Einen weiteren können Sie in 42 Sekunden anfordern.'],
    ['ru', 1, 'Код только что отправлен. Запросить ещё один можно через 1 секунду.'],
    ['ja', 42, 'コードを送信したばかりです。42 秒後に次のコードを請求できます。'],
    ['xx', 42, 'A code was just sent. You can request another in 42 seconds.'],
  ])('in %s, %d seconds: %s', (tag, retryAfterSeconds, wanted) => {
    expect(say(tag, 'cooldown', { retryAfterSeconds })).toBe(wanted);
  });

  test('an attempt that is left is written in the digits of its language', () => {
    expect(say('en', 'incorrect', { attemptsRemaining: 2 })).toBe('That is not the right code. Attempts left: 2.');
    expect(say('fa', 'incorrect', { attemptsRemaining: 2 })).toContain('۲');
  });

  test.each(codes)('%s is told without a brace, whether somebody knows when it is over or not', (code) => {
    for (const said of [{}, { retryAfterSeconds: 30 }, { attemptsRemaining: 1 }, { errors: [] }])
      for (const tag of languages.keys()) expect(say(tag, keyOf(code, said), said)).not.toMatch(/[{}]|undefined/);
    expect(say('en', keyOf(code, {}))).not.toMatch(/\b0 seconds\b/);
  });

  test('what a person typed wrong is told by its field, what an app did wrong is not blamed on them', () => {
    expect([at('/email'), at('/otp'), at('/purpose'), at('/email', '/otp'), at()]).toEqual([
      'email',
      'otp',
      'fault',
      'fault',
      'fault',
    ]);
  });
});

describe('an answer', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await startStage()));
  afterAll(() => stage.stop());

  test('speaks the language that is asked for; its detail is for developers', async () => {
    const caller = await stage.as(1);
    const email = 'sprache@example.com';
    const asked = await caller.send({ email, locale: 'de_DE' });
    expect([asked.body.message, asked.headers.get('content-language')]).toEqual([languages.get('de')?.sent, 'de']);
    const again = await caller.send({ email }, { 'Accept-Language': 'pt-BR, en;q=0.5' });
    expect(again.body).toMatchObject({
      error: 'resend_cooldown',
      detail: 'A code was sent to this address a moment ago.',
      message: expect.stringMatching(/^Um código acabou de ser enviado\. Pode pedir outro em \d+ segundos\.$/),
    });
    expect(again.headers.get('content-language')).toBe('pt');
  });

  test('to a code that was typed speaks it, and without a wish the default', async () => {
    const [caller, email] = [await stage.as(3), 'typed@example.com'];
    await caller.send({ email });
    const otp = await stage.code(email);
    const wrong = await caller.verify({ email, otp: wrongCode(otp) });
    expect([wrong.body.message, wrong.headers.get('content-language')]).toEqual([
      'That is not the right code. Attempts left: 2.',
      'en',
    ]);
    const { body } = await caller.verify({ email, otp });
    expect(body.message).toBe('The email address is verified.');
    expect((await caller.send({ email, locale: 'ja' })).body.message).toBe(languages.get('ja')?.alreadyVerified);
  });

  test('under an Idempotency-Key is the same bytes, in whichever language it is asked for again', async () => {
    const caller = await stage.as(2);
    const key = { 'Idempotency-Key': 'the-same-request-0001' };
    const body = { email: 'bytes@example.com' };
    const first = await caller.send(body, { ...key, 'Accept-Language': 'fr' });
    const second = await caller.send(body, { ...key, 'Accept-Language': 'ko' });
    expect(first.body.message).toBe(languages.get('fr')?.sent);
    expect(second.text).toBe(first.text);
    expect(second.headers.get('content-language')).toBe('fr');
  });

  test.each([
    ['a token that is none', 'unauthorized', { token: 'x' }],
    ['a path that is none', 'not_found', { path: '/api/nothing' }],
  ])(
    'of %s speaks it, too',
    async (_what, error, { token, path = '/api/email-verification/list' }: { token?: string; path?: string }) => {
      const answer = await stage.api.call('GET', path, {
        ...(token ? { token } : {}),
        headers: { 'Accept-Language': 'zh-TW' },
      });
      expect(answer.body.error).toBe(error);
      expect(answer.body.message).toMatch(/\p{Script=Han}/u);
      expect(answer.headers.get('content-language')).toBe('zh-Hant');
    },
  );
});
