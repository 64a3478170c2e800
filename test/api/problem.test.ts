/** Every refusal, one by one: its status, its words, and the document and headers that tell it. */
import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import type { Rejection } from '../../services/core/rejections.ts';
import { problem, problemBody, type RefusalFacts, Refused, refusedBy } from '../../services/api/http/problem.ts';
import { type RefusalCode, refusals } from '../../services/api/http/refusals.ts';

const table: readonly (readonly [RefusalCode, number, string, string])[] = [
  ['invalid_request', 400, 'Invalid request', 'A field is missing or malformed.'],
  ['invalid_json', 400, 'Invalid JSON', 'The body is not valid JSON: send one JSON object.'],
  ['unauthorized', 401, 'Unauthorized', 'A valid token is required: Authorization: Bearer <JWT>.'],
  ['invalid_credentials', 401, 'Invalid credentials', 'The address or the password is incorrect.'],
  [
    'invalid_refresh_token',
    401,
    'Invalid refresh token',
    'This refresh token is invalid, expired or already used: log in again.',
  ],
  ['login_limited', 429, 'Too many login attempts', 'Too many wrong passwords were entered for this address.'],
  ['login_busy', 503, 'Too many logins at once', 'Too many passwords are being checked at the moment: try again.'],
  [
    'rate_limited',
    429,
    'Too many requests',
    'This client is sending too many requests: wait the number of seconds in Retry-After.',
  ],
  ['forbidden', 403, 'Forbidden', 'This requires an admin role.'],
  ['notification_refused', 403, 'Notification refused', 'This is not a message from an allowed topic.'],
  ['email_unknown', 404, 'Unknown email', 'No email has this id.'],
  ['not_found', 404, 'Not found', 'There is nothing at this path.'],
  ['method_not_allowed', 405, 'Method not allowed', 'This path does not support this method.'],
  ['headers_too_large', 431, 'Headers too large', 'The path and the headers must not exceed 16 KiB.'],
  ['request_timeout', 408, 'Request timeout', 'The request did not arrive in time.'],
  ['unreadable_request', 400, 'Malformed request', 'This is not a well-formed HTTP/1.1 request.'],
  ['body_too_large', 413, 'Body too large', 'The body must not exceed 4096 bytes.'],
  ['unsupported_media_type', 415, 'Unsupported media type', 'Send the body as application/json.'],
  ['resend_cooldown', 429, 'Too soon', 'A code was sent to this address a moment ago.'],
  ['hourly_limit', 429, 'Hourly limit', 'This address has reached its limit of codes per hour.'],
  ['daily_limit', 429, 'Daily limit', 'This address has reached its limit of codes per day.'],
  ['user_limit', 429, 'Too many codes', 'This user has reached the limit of codes per hour.'],
  ['installation_limit', 429, 'Too many mails', 'The installation has reached its limit of codes per minute.'],
  ['address_locked', 429, 'Too many wrong codes', 'Too many wrong codes were entered for this address.'],
  ['erasure_under_way', 503, 'Erasure in progress', 'The data of this address is being erased: try again.'],
  [
    'address_suppressed',
    422,
    'Address suppressed',
    'No mail is sent to this address: an admin can say why and lift the suppression.',
  ],
  ['otp_incorrect', 400, 'Wrong code', 'The code is incorrect.'],
  ['otp_unknown', 400, 'Unknown code', 'There is no such code for this address: request one.'],
  ['otp_expired', 400, 'Code expired', 'The code has expired: request a new one.'],
  ['otp_superseded', 400, 'Code replaced', 'A newer code was mailed: use that one.'],
  ['otp_used', 400, 'Code used', 'The code has already been used.'],
  [
    'too_many_attempts',
    400,
    'Too many attempts',
    'There were too many wrong attempts at this code: request a new one.',
  ],
  [
    'idempotency_mismatch',
    422,
    'Idempotency-Key reused',
    'This Idempotency-Key was used for another request: use a new key.',
  ],
  [
    'idempotency_in_progress',
    409,
    'Request in progress',
    'The first request with this Idempotency-Key is still in progress.',
  ],
  ['internal_error', 500, 'Internal error', 'Something went wrong; the request id identifies it in the log.'],
  ['store_unavailable', 503, 'Database unavailable', 'The database is not responding at the moment: try again.'],
  [
    'keys_unavailable',
    503,
    'Keys unavailable',
    'The keys of the token issuer cannot be fetched at the moment: try again.',
  ],
  ['mail_unavailable', 503, 'Mail unavailable', 'No mail can be sent at the moment: try again later.'],
];

const id = '6f1b8a52-0a3e-4d6c-9f57-2b8f3c1d7e90';

/** The answer of an app that refuses so, and what it remembers of it. */
async function answer(code: RefusalCode, facts?: RefusalFacts) {
  const noted: unknown[] = [];
  const app = new Hono<{ Variables: { requestId: string; refusal: string } }>();
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
      message: detail,
      error: code,
      requestId: id,
    });
    const challenge = status === 401 ? { 'www-authenticate': 'Bearer' } : {};
    expect(headers).toEqual({ 'content-type': 'application/problem+json', ...challenge });
    expect(noted).toEqual([code]);
  });

  test('is none that the table does not have', () => {
    expect(Object.keys(refusals).toSorted()).toEqual(table.map(([code]) => code as string).toSorted());
  });

  test('says what is known of it: the detail in both members, when to come back in both places, and the rest', async () => {
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
      message: 'email: …',
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
