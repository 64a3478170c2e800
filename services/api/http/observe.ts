/** Counts, times and logs each request, by route pattern and never by path; health leaves no line. The time is the server's own. */
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import type { Log } from '../../runtime/log.ts';
import type { Metrics } from '../../runtime/metrics.ts';
import type { AppEnv } from '../env.ts';
import { refusals } from './refusals.ts';

const SLOW_MILLISECONDS = 1000;

export function observe({ log, metrics }: Readonly<{ log: Log; metrics: Metrics }>) {
  for (const code of Object.keys(refusals)) metrics.refusals.inc({ code }, 0);
  return createMiddleware<AppEnv>(async (c, next) => {
    const started = performance.now();
    const requestId = crypto.randomUUID();
    c.set('requestId', requestId);
    // Before the answer is made: afterwards each header would cost a copy of it through a stream.
    c.header('X-Request-Id', requestId);
    c.header('Cache-Control', 'no-store');
    await next();
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

/** The pattern of the route that this request has; undefined where there is none. */
export function routeOf(c: Context<AppEnv>): string | undefined {
  return matchedRoutes(c).findLast(({ path }) => !path.includes('*'))?.path;
}
