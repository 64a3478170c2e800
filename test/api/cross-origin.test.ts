/** CORS: a listed origin and no other, credentials only where they were set, and every header by name. */
import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { crossOrigin } from '../../services/api/http/cross-origin.ts';

const shop = 'https://shop.example.com';
const listed = { origins: [shop, 'https://admin.example.com'], credentials: false };

/** The headers of CORS that an app answers with. */
async function headersOf(options: typeof listed, method: string, origin?: string, more: Record<string, string> = {}) {
  const app = new Hono();
  app.use(crossOrigin(options));
  app.get('/', (c) => c.text('OK'));
  const response = await app.request('/', { method, headers: { ...(origin ? { Origin: origin } : {}), ...more } });
  const headers = [...response.headers].filter(([name]) => name.startsWith('access-control') || name === 'vary');
  return { status: response.status, ...Object.fromEntries(headers) };
}

const exposed = 'Retry-After,RateLimit,RateLimit-Policy,X-Request-Id';
const asks = { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'X-Evil' };

describe('a request of a page', () => {
  test('of a listed origin is allowed to it alone', async () => {
    expect(await headersOf(listed, 'GET', shop)).toEqual({
      status: 200,
      'access-control-allow-origin': shop,
      'access-control-expose-headers': exposed,
      vary: 'Origin',
    });
  });

  test.each([
    'https://evil.example.com',
    'https://shop.example.com.evil.example',
    'http://shop.example.com',
    'https://shop.example.com:8443',
    'null',
    undefined,
  ])('of %s is allowed to nobody', async (origin) => {
    expect(await headersOf(listed, 'GET', origin)).not.toHaveProperty('access-control-allow-origin');
  });

  test('may bring credentials only where that was set', async () => {
    const told = await headersOf({ ...listed, credentials: true }, 'GET', shop);
    expect(told).toMatchObject({ 'access-control-allow-origin': shop, 'access-control-allow-credentials': 'true' });
    expect(await headersOf(listed, 'GET', shop)).not.toHaveProperty('access-control-allow-credentials');
  });

  test('of any origin, where any is allowed, is told *, and no credentials', async () => {
    for (const origins of [['*'], [shop, '*']]) {
      const told = await headersOf({ origins, credentials: false }, 'GET', 'https://evil.example.com');
      expect(told).toMatchObject({ 'access-control-allow-origin': '*' });
      expect(told).not.toHaveProperty('access-control-allow-credentials');
    }
  });
});

describe('an origin that is set', () => {
  test.each<[string, string, boolean]>([
    ['capacitor://localhost', 'capacitor://localhost', true],
    ['ionic://localhost', 'ionic://localhost', true],
    ['app://obsidian.md', 'app://obsidian.md', true],
    ['capacitor://localhost', 'capacitor://localhost.evil.example', false],
    ['https://*.example.com', 'https://a.example.com', true],
    ['https://*.example.com', 'https://a.b-c.example.com', true],
    ['https://*.example.com:8443', 'https://a.example.com:8443', true],
    ['https://*.example.com', 'https://example.com', false],
    ['https://*.example.com', 'http://a.example.com', false],
    ['https://*.example.com', 'https://a.example.com:8443', false],
    ['https://*.example.com', 'https://evilexample.com', false],
    ['https://*.example.com', 'https://evil.example/.example.com', false],
    ['https://*.example.com', 'https://evil.example:1@a.example.com', false],
    ['https://*.example.com', 'https://.example.com', false],
    ['https://*.example.com', 'https://a..example.com.evil.example', false],
    ['https://*.example.com', 'null', false],
  ])('%s and a page of %s: %s', async (origin, page, isAllowed) => {
    const told = await headersOf({ origins: [origin], credentials: true }, 'GET', page);
    expect(told).toHaveProperty('vary', 'Origin');
    if (isAllowed) expect(told).toHaveProperty('access-control-allow-origin', page);
    else expect(told).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('a preflight', () => {
  test('names methods and headers, ten minutes long, and none that was asked for', async () => {
    expect(await headersOf(listed, 'OPTIONS', shop, asks)).toMatchObject({
      status: 204,
      'access-control-allow-origin': shop,
      'access-control-allow-methods': 'GET,HEAD,POST',
      'access-control-allow-headers': expect.stringMatching(
        /^Authorization,Content-Type,Idempotency-Key,Accept-Language,(?!.*X-Evil)/,
      ),
      'access-control-max-age': '600',
    });
  });

  test.each([
    'traceparent',
    'tracestate',
    'sentry-trace',
    'baggage',
    'b3',
    'x-b3-traceid',
    'x-datadog-trace-id',
    'newrelic',
    'x-requested-with',
  ])('lets a page bring %s, as tracing in browsers does', async (name) => {
    const told: Record<string, unknown> = await headersOf(listed, 'OPTIONS', shop, {
      ...asks,
      'Access-Control-Request-Headers': name,
    });
    expect(String(told['access-control-allow-headers']).toLowerCase().split(',')).toContain(name);
  });

  test('of another origin is allowed to nobody', async () => {
    expect(await headersOf(listed, 'OPTIONS', 'https://evil.example.com', asks)).not.toHaveProperty(
      'access-control-allow-origin',
    );
  });
});
