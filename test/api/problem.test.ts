/** Every refusal, one by one: its status, its words, and the document and headers that tell it. */
import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import type { Rejection } from '../../services/core/rejections.ts';
import { refusalTable as table } from '../support/refusals.ts';
import { problem, problemBody, type RefusalFacts, Refused, refusedBy } from '../../services/api/http/problem.ts';
import { type RefusalCode, refusals } from '../../services/api/http/refusals.ts';
import type { AppEnv } from '../../services/api/env.ts';
import { keyOf } from '../../services/api/messages/messages.ts';
import { say } from '../../services/api/messages/speak.ts';

const id = '6f1b8a52-0a3e-4d6c-9f57-2b8f3c1d7e90';

/** The answer of an app that refuses so, and what it remembers of it. */
async function answer(code: RefusalCode, facts?: RefusalFacts) {
  const noted: unknown[] = [];
  const app = new Hono<AppEnv>();
  app.get('/', (c) => {
    c.set('requestId', id);
    const response = problem(c, code, facts);
    noted.push(c.get('refusal'));
    return response;
  });
  const response = await app.request('/');
  return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text(), noted };
}

test('a field that the rules refuse is named in words and by its pointer', () => {
  const refused = refusedBy({
    code: 'invalid_request',
    field: 'email',
    detail: 'this address was erased',
  } as Rejection);
  expect(refused).toMatchObject({
    code: 'invalid_request',
    facts: {
      detail: 'email: this address was erased',
      errors: [{ pointer: '/email', detail: 'this address was erased' }],
    },
  });
});

describe('a refusal', () => {
  test.each(table)('%s is a %i', async (code, status, title, detail) => {
    const { text, headers, noted, ...told } = await answer(code);
    expect(told.status).toBe(status);
    expect(JSON.parse(text)).toStrictEqual({
      type: `/docs#${code}`,
      title,
      status,
      detail,
      instance: `urn:uuid:${id}`,
      success: false,
      message: say('en', keyOf(code, {})),
      error: code,
      requestId: id,
    });
    const challenge = status === 401 ? { 'www-authenticate': 'Bearer' } : {};
    expect(headers).toEqual({ 'content-type': 'application/problem+json', 'content-language': 'en', ...challenge });
    expect(noted).toEqual([code]);
  });

  test('is none that the table does not have', () => {
    expect(Object.keys(refusals).toSorted()).toEqual(table.map(([code]) => code as string).toSorted());
  });

  test('says what is known of it: the detail for developers, a message for people, when to come back in both places, and the rest', async () => {
    const errors = [{ pointer: '/email', detail: 'must be an email address' }];
    const facts = { detail: 'email: …', retryAfterSeconds: 61, attemptsRemaining: 0, errors };
    const { text, headers } = await answer('resend_cooldown', facts);
    expect(JSON.parse(text)).toStrictEqual({
      type: '/docs#resend_cooldown',
      title: 'Too soon',
      status: 429,
      detail: 'email: …',
      instance: `urn:uuid:${id}`,
      success: false,
      message: 'A code was just sent. You can request another in 61 seconds.',
      error: 'resend_cooldown',
      requestId: id,
      attemptsRemaining: 0,
      errors,
      retryAfter: 61,
    });
    expect(headers['retry-after']).toBe('61');
  });

  test('that may be tried at once says 0, which is not the same as nothing', async () => {
    expect(problemBody('otp_used', id, { retryAfterSeconds: 0 })).toHaveProperty('retryAfter', 0);
    expect((await answer('otp_used', { retryAfterSeconds: 0 })).headers['retry-after']).toBe('0');
    expect(problemBody('otp_used', id)).not.toHaveProperty('retryAfter');
  });
});

describe('an error on its way to an answer', () => {
  test('has its code as message and nothing beside its facts', () => {
    const plain = new Refused('forbidden');
    expect(plain).toBeInstanceOf(Error);
    expect({ name: plain.name, message: plain.message, code: plain.code, facts: plain.facts }).toEqual({
      name: 'Refused',
      message: 'forbidden',
      code: 'forbidden',
      facts: {},
    });
  });

  test('of the rules has the facts of the rejection, without its code', () => {
    const rejection: Rejection = { code: 'hourly_limit', retryAfterSeconds: 7 };
    expect(refusedBy(rejection)).toMatchObject({ code: 'hourly_limit', facts: { retryAfterSeconds: 7 } });
    expect(refusedBy(rejection).facts).not.toHaveProperty('code');
  });
});
