/** Refusals of requests that never reach the app: counted, logged and worded like all the others. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { RequestError } from '@hono/node-server';
import type { Log } from '../../runtime/log.ts';
import type { Metrics } from '../../runtime/metrics.ts';
import { problemBody } from './problem.ts';
import { type RefusalCode, refusals } from './refusals.ts';

export type Observed = Readonly<{ log: Log; metrics: Metrics }>;

export function refuseOutside({ log, metrics }: Observed, code: RefusalCode) {
  const { status, title } = refusals[code];
  const requestId = crypto.randomUUID();
  metrics.refusals.inc({ code });
  log.info('request', { requestId, status, refusal: code });
  const headers = {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    'X-Request-Id': requestId,
  };
  return { status, title, headers, body: JSON.stringify(problemBody(code, requestId)) };
}

/** What the adaptor cannot make a request of: no host, or one that is none, a path with a backslash, another scheme. */
export function refuseUnmade(observed: Observed, error: unknown): Response {
  const fault = !(error instanceof RequestError);
  if (fault) observed.log.error('request_failed', {}, error);
  const { status, headers, body } = refuseOutside(observed, fault ? 'internal_error' : 'unreadable_request');
  return new Response(body, { status, headers });
}

/** HTTP/1.1 without a Host (RFC 9112 3.2), and an Expect that nobody knows (RFC 9110 10.1.1). */
export function refuseHead(observed: Observed, request: IncomingMessage, response: ServerResponse, expects: boolean) {
  if (!expects && (request.httpVersion !== '1.1' || request.headers.host !== undefined)) return false;
  const { status, headers, body } = refuseOutside(observed, expects ? 'expectation_failed' : 'unreadable_request');
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
  return true;
}
