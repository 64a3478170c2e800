/**
 * Every refusal as a problem document (RFC 9457), and the one place where HTTP statuses stand: a table over all
 * refusals that does not compile when one is missing.
 */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Rejection, RejectionCode } from '../core/rejections.ts';

/** What only HTTP can refuse, and the wrong guess, which is an event and yet a refusal to the caller. */
type HttpRefusalCode =
  | 'invalid_json'
  | 'unauthorized'
  | 'invalid_credentials'
  | 'invalid_refresh_token'
  | 'login_limited'
  | 'rate_limited'
  | 'forbidden'
  | 'email_unknown'
  | 'notification_refused'
  | 'not_found'
  | 'method_not_allowed'
  | 'headers_too_large'
  | 'request_timeout'
  | 'unreadable_request'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'otp_incorrect'
  | 'internal_error'
  | 'keys_unavailable'
  | 'store_unavailable';

export type RefusalCode = RejectionCode | HttpRefusalCode;

type Refusal = Readonly<{ status: ContentfulStatusCode; title: string; detail: string }>;

/** Their texts, also for the reference page. */
export const refusals: Readonly<Record<RefusalCode, Refusal>> = {
  invalid_request: { status: 400, title: 'Invalid request', detail: 'A field is missing or not of its form.' },
  invalid_json: { status: 400, title: 'Invalid JSON', detail: 'The body is not valid JSON: send one JSON object.' },
  unauthorized: { status: 401, title: 'Unauthorized', detail: 'A valid token is needed: Authorization: Bearer <JWT>.' },
  invalid_credentials: { status: 401, title: 'Not logged in', detail: 'The address or the password is not right.' },
  invalid_refresh_token: {
    status: 401,
    title: 'Not refreshed',
    detail: 'This refresh token cannot be used (any more): log in again.',
  },
  login_limited: { status: 429, title: 'Too many logins', detail: 'Too many wrong passwords for this address.' },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    detail: 'This client asks too often: come back after the seconds of Retry-After.',
  },
  forbidden: { status: 403, title: 'Forbidden', detail: 'This needs the role of an admin.' },
  notification_refused: {
    status: 403,
    title: 'Notification refused',
    detail: 'This is no message of an allowed topic.',
  },
  email_unknown: { status: 404, title: 'Unknown email', detail: 'There is no email with this id.' },
  not_found: { status: 404, title: 'Not found', detail: 'There is nothing at this path.' },
  method_not_allowed: { status: 405, title: 'Method not allowed', detail: 'This path does not take this method.' },
  headers_too_large: { status: 431, title: 'Headers too large', detail: 'The path and headers have at most 16 KiB.' },
  request_timeout: { status: 408, title: 'Request timeout', detail: 'The request did not come in time.' },
  unreadable_request: { status: 400, title: 'Unreadable request', detail: 'This is not HTTP/1.1 as it should be.' },
  body_too_large: { status: 413, title: 'Body too large', detail: 'A body has at most 4096 bytes.' },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    detail: 'Send the body as application/json.',
  },
  resend_cooldown: { status: 429, title: 'Too soon', detail: 'A code was mailed to this address a moment ago.' },
  hourly_limit: { status: 429, title: 'Hourly limit', detail: 'This address was mailed as often as one hour allows.' },
  daily_limit: { status: 429, title: 'Daily limit', detail: 'This address was mailed as often as one day allows.' },
  user_limit: {
    status: 429,
    title: 'Too many codes',
    detail: 'This user asked for as many codes as an hour allows.',
  },
  installation_limit: {
    status: 429,
    title: 'Too many mails',
    detail: 'As many mails were asked for here as a minute allows.',
  },
  address_locked: {
    status: 429,
    title: 'Too many wrong codes',
    detail: 'Too many wrong codes were typed for this address.',
  },
  erasure_under_way: {
    status: 503,
    title: 'Erasure under way',
    detail: 'What is known of this address is being erased: try again.',
  },
  address_suppressed: {
    status: 422,
    title: 'Address suppressed',
    detail: 'No mail goes to this address: an admin can say why and lift it.',
  },
  otp_incorrect: { status: 400, title: 'Wrong code', detail: 'The code is not right.' },
  otp_unknown: { status: 400, title: 'Unknown code', detail: 'There is no such code for this address: request one.' },
  otp_expired: { status: 400, title: 'Code expired', detail: 'The code is no longer valid: request a new one.' },
  otp_superseded: { status: 400, title: 'Code replaced', detail: 'A newer code was mailed: use that one.' },
  otp_used: { status: 400, title: 'Code used', detail: 'The code was used already.' },
  too_many_attempts: {
    status: 400,
    title: 'Too many attempts',
    detail: 'The code was guessed wrong too often: request a new one.',
  },
  idempotency_mismatch: {
    status: 422,
    title: 'Idempotency-Key reused',
    detail: 'This Idempotency-Key belongs to another request: use a new key.',
  },
  idempotency_in_progress: {
    status: 409,
    title: 'Request under way',
    detail: 'The first request with this Idempotency-Key has no answer yet.',
  },
  internal_error: {
    status: 500,
    title: 'Internal error',
    detail: 'Something went wrong here; the request id helps to find it.',
  },
  store_unavailable: {
    status: 503,
    title: 'Store unavailable',
    detail: 'The store does not answer at present: try again.',
  },
  keys_unavailable: {
    status: 503,
    title: 'Keys unavailable',
    detail: 'The keys of the token issuer cannot be read at present: try again.',
  },
  mail_unavailable: {
    status: 503,
    title: 'Mail unavailable',
    detail: 'No mail can be sent at present: try again later.',
  },
};

export type RefusalFacts = Readonly<{
  detail?: string;
  retryAfterSeconds?: number;
  attemptsRemaining?: number;
  errors?: readonly Readonly<{ pointer: string; detail: string }>[];
}>;

/** A refusal on its way to the one place that answers it (app.onError). */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: RefusalCode;
  readonly facts: RefusalFacts;

  constructor(code: RefusalCode, facts: RefusalFacts = {}) {
    super(code);
    this.code = code;
    this.facts = facts;
  }
}

/** A rejection of the rules as a refusal. */
export function refusedBy(rejection: Rejection): Refused {
  if (rejection.code === 'invalid_request') {
    const { field, detail } = rejection;
    return new Refused('invalid_request', {
      detail: `${field}: ${detail}`,
      errors: [{ pointer: `/${field}`, detail }],
    });
  }
  const { code, ...facts } = rejection;
  return new Refused(code, facts);
}

/** RFC 9457 members, and beside them success, message and error, which existing clients read. */
export function problemBody(code: RefusalCode, requestId: string, facts: RefusalFacts = {}) {
  const { status, title, detail } = refusals[code];
  const { retryAfterSeconds, detail: said = detail, ...extra } = facts;
  return {
    type: `/docs#${code}`,
    title,
    status,
    detail: said,
    instance: `urn:uuid:${requestId}`,
    success: false,
    message: said,
    error: code,
    requestId,
    ...extra,
    ...(retryAfterSeconds === undefined ? {} : { retryAfter: retryAfterSeconds }),
  };
}

export function problem(c: Context, code: RefusalCode, facts: RefusalFacts = {}): Response {
  const { status } = refusals[code];
  c.set('refusal', code);
  if (facts.retryAfterSeconds !== undefined) c.header('Retry-After', String(facts.retryAfterSeconds));
  if (status === 401) c.header('WWW-Authenticate', 'Bearer');
  c.header('Content-Type', 'application/problem+json');
  return c.body(JSON.stringify(problemBody(code, c.get('requestId'), facts)), status);
}
