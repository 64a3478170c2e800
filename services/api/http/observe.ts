/** Counts, times and logs each request, by route pattern and never by path; health leaves no line. The time is the server's own. */
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import type { Log } from '../../runtime/log.ts';
import type { Metrics } from '../../runtime/metrics.ts';
import { NO_TRACES, type Span, type Traces } from '../../runtime/traces.ts';
import type { AppEnv } from '../env.ts';
import { refusals } from './refusals.ts';

const SLOW_MILLISECONDS = 1000;

export function observe({ log, metrics, traces }: Readonly<{ log: Log; metrics: Metrics; traces: Traces }>) {
  for (const code of Object.keys(refusals)) metrics.refusals.inc({ code }, 0);
  return createMiddleware<AppEnv>(async (c, next) => {
    const started = performance.now();
    const requestId = crypto.randomUUID();
    c.set('requestId', requestId);
    // Before the answer is made: afterwards each header would cost a copy of it through a stream.
    c.header('X-Request-Id', requestId);
    c.header('Cache-Control', 'no-store');
    const parent = c.req.header('traceparent');
    // Whoever asks for health asks all the time.
    const kept = c.req.path.startsWith('/health') ? NO_TRACES : traces;
    await kept.within({ name: c.req.method, kind: 'server', parent }, async (span) => {
      await next();
      describe(span, c);
    });
    const waited = c.get('waitedMilliseconds') ?? 0;
    const milliseconds = Math.round((performance.now() - started - waited) * 10) / 10;
    const { status } = c.res;
    const method = c.req.method;
    const route = routeOf(c) ?? 'none';
    const refusal = c.get('refusal');
    if (route.startsWith('/health')) return;
    metrics.httpRequestSeconds.observe({ method, route, status }, milliseconds / 1000);
    if (refusal) metrics.refusals.inc({ code: refusal });
    const fields = { requestId, method, route, status, refusal, milliseconds };
    if (milliseconds > SLOW_MILLISECONDS) log.warn('slow_request', fields);
    else log.info('request', fields);
  });
}

/** By OpenTelemetry's conventions for HTTP: only what the server answers with 5xx has failed. */
function describe(span: Span, c: Context<AppEnv>): void {
  const { status } = c.res;
  const route = routeOf(c);
  span.rename(route === undefined ? c.req.method : `${c.req.method} ${route}`);
  span.set({
    'http.request.method': c.req.method,
    'http.route': route,
    'http.response.status_code': status,
    'sealpost.request_id': c.get('requestId'),
    'sealpost.refusal': c.get('refusal'),
  });
  if (status >= 500) span.failed();
}

/** The pattern of the route that this request has; undefined where there is none. */
export function routeOf(c: Context<AppEnv>): string | undefined {
  return matchedRoutes(c).findLast(({ path }) => !path.includes('*'))?.path;
}
