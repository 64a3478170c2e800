/** CORS for the origins of the settings; every header is named, none is taken from the request. */
import { cors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';

export type CrossOrigin = Readonly<{ origins: readonly string[]; credentials: boolean }>;

const PREFLIGHT_SECONDS = 600;

/** What clients send of their own, and what tracing in browsers adds to every call; whatever its name, none of it is believed. */
const ALLOWED_HEADERS = (
  'Authorization Content-Type Idempotency-Key Accept-Language X-Request-Id X-Requested-With ' +
  'traceparent tracestate baggage sentry-trace b3 X-B3-TraceId X-B3-SpanId X-B3-ParentSpanId X-B3-Sampled ' +
  'X-Datadog-Trace-Id X-Datadog-Parent-Id X-Datadog-Origin X-Datadog-Sampling-Priority newrelic ' +
  'elastic-apm-traceparent uber-trace-id X-Amzn-Trace-Id X-Cloud-Trace-Context Request-Id'
).split(' ');

export function crossOrigin({ origins, credentials }: CrossOrigin) {
  const answer = cors({
    origin: origins.includes('*') ? '*' : allowedOf(origins),
    credentials,
    allowMethods: ['GET', 'HEAD', 'POST'],
    allowHeaders: ALLOWED_HEADERS,
    exposeHeaders: ['Retry-After', 'RateLimit', 'RateLimit-Policy', 'X-Request-Id'],
    maxAge: PREFLIGHT_SECONDS,
  });
  // Who asks for no method to be allowed asks for the resource itself (Fetch, CORS-preflight request).
  return createMiddleware(async (c, next) =>
    c.req.method === 'OPTIONS' && !c.req.header('access-control-request-method') ? next() : answer(c, next),
  );
}

/** `https://*.example.com` stands for every name below example.com, by the same scheme and port, and not for it itself. */
function allowedOf(origins: readonly string[]) {
  const named = new Set(origins);
  const below = origins.flatMap((origin) => {
    const [scheme, domain] = origin.split('://*');
    return domain === undefined ? [] : [{ scheme: `${scheme}://`, domain }];
  });
  return (origin: string): string | null =>
    named.has(origin) || below.some((one) => origin.startsWith(one.scheme) && isBelow(origin, one)) ? origin : null;
}

const isBelow = (origin: string, { scheme, domain }: Readonly<{ scheme: string; domain: string }>): boolean =>
  origin.endsWith(domain) && /^[a-z\d](?:[a-z\d.-]*[a-z\d])?$/.test(origin.slice(scheme.length, -domain.length));
