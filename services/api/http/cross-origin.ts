/** CORS for the origins of the settings; every header is named, none is taken from the request. */
import { cors } from 'hono/cors';

export type CrossOrigin = Readonly<{ origins: readonly string[]; credentials: boolean }>;

const PREFLIGHT_SECONDS = 600;

export function crossOrigin({ origins, credentials }: CrossOrigin) {
  return cors({
    origin: origins.includes('*') ? '*' : [...origins],
    credentials,
    allowMethods: ['GET', 'HEAD', 'POST'],
    allowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'Accept-Language'],
    exposeHeaders: ['Retry-After', 'RateLimit', 'RateLimit-Policy', 'X-Request-Id'],
    maxAge: PREFLIGHT_SECONDS,
  });
}
