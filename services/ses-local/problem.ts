/** Problem documents (RFC 9457) for the mailbox and the behaviour switch; SES's own answers are XML. */
import { STATUS_CODES } from 'node:http';
import type { Fault } from './behaviour-body.ts';

/** `pointer` of each fault is a JSON pointer into the body, or the name of a query parameter. */
export function problem(status: number, detail: string, errors: readonly Fault[] = []): Response {
  const document = {
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    detail,
    ...(errors.length > 0 && { errors }),
  };
  return new Response(JSON.stringify(document), { status, headers: { 'content-type': 'application/problem+json' } });
}
