/** A refusal as a problem document (RFC 9457). */
import type { Context } from 'hono';
import type { AppEnv } from '../env.ts';
import type { Rejection } from '../../core/rejections.ts';
import { keyOf } from '../messages/messages.ts';
import { say, sayTo } from '../messages/speak.ts';
import { type RefusalCode, refusals } from './refusals.ts';

export type RefusalFacts = Readonly<{
  detail?: string;
  /** Where it is not the one of the table: what is unknown is a 404 where it is what was asked for. */
  status?: 404;
  retryAfterSeconds?: number;
  attemptsRemaining?: number;
  errors?: readonly Readonly<{ pointer: string; detail: string }>[];
  headers?: Readonly<Record<string, string>>;
}>;

/** A refusal on its way to the one place that answers it (app.onError). */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: RefusalCode;
  readonly facts: RefusalFacts;

  /** `cause` is logged and not told to the caller. */
  constructor(code: RefusalCode, facts: RefusalFacts = {}, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
    this.facts = facts;
  }
}

/** Where in a body it is, by the names down to it (RFC 6901). */
export const pointerTo = (...names: readonly PropertyKey[]): string =>
  names.map((name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** A rejection of the rules as a refusal. */
export function refusedBy(rejection: Rejection): Refused {
  if (rejection.code === 'invalid_request') {
    const { field, detail } = rejection;
    return new Refused('invalid_request', {
      detail: `${field}: ${detail}`,
      errors: [{ pointer: pointerTo(field), detail }],
    });
  }
  const { code, ...facts } = rejection;
  return new Refused(code, facts);
}

/**
 * RFC 9457 members, and beside them success, message and error, which existing clients read: `detail` is for developers, `message`
 * for whoever looks at the screen.
 */
export function problemBody(
  code: RefusalCode,
  requestId: string,
  facts: RefusalFacts = {},
  message = say('en', keyOf(code, facts), facts),
) {
  const { title, ...known } = refusals[code];
  const { retryAfterSeconds, status = known.status, detail: said = known.detail, headers: _told, ...extra } = facts;
  return {
    type: `/docs#${code}`,
    title,
    status,
    detail: said,
    instance: `urn:uuid:${requestId}`,
    success: false,
    message,
    error: code,
    requestId,
    ...extra,
    ...(retryAfterSeconds === undefined ? {} : { retryAfter: retryAfterSeconds }),
  };
}

export function problem(c: Context<AppEnv>, code: RefusalCode, facts: RefusalFacts = {}): Response {
  const { status } = { ...refusals[code], ...facts };
  c.set('refusal', code);
  if (facts.retryAfterSeconds !== undefined) c.header('Retry-After', String(facts.retryAfterSeconds));
  if (status === 401) c.header('WWW-Authenticate', challenge(code, facts.detail));
  for (const [name, value] of Object.entries(facts.headers ?? {})) c.header(name, value);
  c.header('Content-Type', 'application/problem+json');
  const message = sayTo(c, keyOf(code, facts), facts);
  return c.body(JSON.stringify(problemBody(code, c.get('requestId'), facts, message)), status);
}

/** RFC 6750 3: what is wrong with a token, where one was given. */
function challenge(code: RefusalCode, detail: string | undefined): string {
  if (code !== 'unauthorized' || detail === undefined) return 'Bearer';
  const description = detail.replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?');
  return `Bearer error="invalid_token", error_description="${description}"`;
}
