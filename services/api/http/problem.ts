/** A refusal as a problem document (RFC 9457). */
import type { Context } from 'hono';
import type { Rejection } from '../../core/rejections.ts';
import { type RefusalCode, refusals } from './refusals.ts';

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

  /** `cause` is logged and not told to the caller. */
  constructor(code: RefusalCode, facts: RefusalFacts = {}, options?: ErrorOptions) {
    super(code, options);
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
