/** Traces by W3C traceparent: a request, its command in the store and its mail are one trace; none of it is waited for. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openTraces } from '../../services/runtime/open-traces.ts';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { startSes, tokenOf, user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { serve, type Served } from '../support/served.ts';

type OpenSpan = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  status: { code: number };
  attributes: { key: string; value: { stringValue?: string; intValue?: number } }[];
};
type Posted = { resourceSpans: { scopeSpans: { spans: OpenSpan[] }[] }[] };

let db: TestDatabase;
let ses: LocalSes;
beforeAll(async () => {
  [db, ses] = await Promise.all([createTestDatabase(), startSes()]);
});
afterAll(() => Promise.all([ses.close(), db.drop()]));

/** Takes what is posted, and answers with this. */
async function startCollector(first = 200) {
  let status = first;
  const posts: { path: string | undefined; headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      posts.push({ path: request.url, headers: request.headers, body });
      response.writeHead(status).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const spans = () =>
    posts.flatMap(({ body }) =>
      (JSON.parse(body) as Posted).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((one) => one.spans)),
    );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, posts, spans, answers: (other: number) => void (status = other) };
}

async function traced(url: string, more: Record<string, string> = {}): Promise<Served> {
  return serve(db, { OTEL_EXPORTER_OTLP_ENDPOINT: url, ...more }, ses.url);
}

let asked = 0;
async function askFor(served: Served, traceparent?: string) {
  const token = await tokenOf(user(1 + asked));
  const headers = traceparent === undefined ? {} : { traceparent };
  const body = { email: `traced${++asked}@example.com` };
  return served.call('POST', '/api/email-verification/send-otp', { token, body, headers });
}

async function lostSpansOf(served: Served): Promise<number> {
  const exported = await (await fetch(`http://127.0.0.1:${served.api.metricsPort}/metrics`)).text();
  return Number(/^sealpost_trace_spans_lost_total (\d+)$/m.exec(exported)?.[1]);
}

const attributesOf = ({ attributes }: OpenSpan) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const SEND_OTP = 'POST /api/email-verification/send-otp';

describe('a trace', () => {
  test('goes from the caller through the request and the store to the mail, and names nobody', async () => {
    const collector = await startCollector();
    const served = await traced(`${collector.url}/`, { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20abc' });
    const { status, headers } = await askFor(served, `00-${TRACE}-${CALLER}-01`);
    expect(status).toBe(200);
    await expect.poll(() => served.lines().filter(({ event }) => event === 'mail').length).toBe(1);
    await served.api.stop();
    const spans = collector.spans();
    const named = (name: string) => spans.filter((span) => span.name === name);
    const [request, store, mail] = [SEND_OTP, 'store request-code', 'send mail'].flatMap(named) as OpenSpan[];
    expect([request?.parentSpanId, store?.parentSpanId, mail?.parentSpanId]).toEqual([
      CALLER,
      request?.spanId,
      store?.spanId,
    ]);
    expect(new Set([request, store, mail].map((span) => span?.traceId))).toEqual(new Set([TRACE]));
    const requestId = headers.get('x-request-id');
    expect(attributesOf(request as OpenSpan)).toEqual({
      'http.request.method': 'POST',
      'http.route': '/api/email-verification/send-otp',
      'http.response.status_code': 200,
      'sealpost.request_id': requestId,
    });
    expect(attributesOf(mail as OpenSpan)).toEqual({
      'sealpost.mail.result': 'accepted',
      'sealpost.request_id': requestId,
    });
    expect(new Set(collector.posts.map(({ path }) => path))).toEqual(new Set(['/v1/traces']));
    expect(collector.posts[0]?.headers.authorization).toBe('Basic abc');
    expect(collector.posts.map(({ body }) => body).join()).not.toMatch(/traced\d|example\.com|Bearer/);
  });

  test.each([
    ['letters', '00-zz-1-01'],
    ['zeros', `00-${'0'.repeat(32)}-${CALLER}-01`],
    ['far too much', 'x'.repeat(5000)],
  ])('begins anew where the caller sends %s', async (_what, traceparent) => {
    const collector = await startCollector();
    const served = await traced(collector.url);
    expect((await askFor(served, traceparent)).status).toBe(200);
    await served.api.stop();
    const request = collector.spans().find(({ name }) => name === SEND_OTP);
    expect([request?.traceId === TRACE, request?.parentSpanId ?? '']).toEqual([false, '']);
  });

  test('is left out where its caller says so, and of a share of the others', async () => {
    const collector = await startCollector();
    const served = await traced(collector.url, { OTEL_TRACES_SAMPLER_ARG: '0' });
    await askFor(served);
    await askFor(served, `00-${TRACE}-${CALLER}-00`);
    const yes = await askFor(served, `00-${TRACE}-${CALLER}-01`);
    await served.api.stop();
    const requests = collector.spans().filter(({ name }) => name === SEND_OTP);
    expect(requests.map((span) => attributesOf(span)['sealpost.request_id'])).toEqual([
      yes.headers.get('x-request-id'),
    ]);
  });

  test('of a refusal has its code; only what answers 5xx has failed', async () => {
    const collector = await startCollector();
    const served = await traced(collector.url);
    await served.call('POST', '/api/email-verification/send-otp', { body: {} });
    expect((await served.call('GET', '/health')).status).toBe(200);
    await served.api.stop();
    const request = collector.spans().find(({ name }) => name === SEND_OTP);
    expect(attributesOf(request as OpenSpan)).toMatchObject({
      'http.response.status_code': 401,
      'sealpost.refusal': 'unauthorized',
    });
    expect(request?.status.code).toBe(0);
    expect(collector.spans().map(({ name }) => name)).not.toContainEqual(expect.stringContaining('health'));
  });
});

test('a collector that is away holds nobody up, and is told once, without a header', async () => {
  const served = await traced('http://127.0.0.1:9', { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=a-token' });
  expect((await askFor(served)).status).toBe(200);
  await expect
    .poll(() => served.lines().filter(({ event }) => event === 'loop_failing'), { timeout: 20_000 })
    .toEqual([expect.objectContaining({ loop: 'send-traces' })]);
  expect(await lostSpansOf(served)).toBeGreaterThan(0);
  const began = performance.now();
  await served.api.stop();
  expect(performance.now() - began).toBeLessThan(5000);
  expect(JSON.stringify(served.lines())).not.toContain('a-token');
});

test('a collector that takes spans again is told as well, once', async () => {
  const collector = await startCollector(500);
  const served = await traced(collector.url);
  const told = () => served.lines().flatMap(({ event, loop }) => (loop === 'send-traces' ? [event] : []));
  await askFor(served);
  await expect.poll(told, { timeout: 20_000 }).toEqual(['loop_failing']);
  collector.answers(200);
  const lost = await lostSpansOf(served);
  await askFor(served);
  await expect.poll(told, { timeout: 20_000 }).toEqual(['loop_failing', 'loop_recovered']);
  expect(await lostSpansOf(served)).toBe(lost);
  await served.api.stop();
  expect(told()).toHaveLength(2);
});

test('no more than 2,048 spans wait for a collector that does not answer, and those beyond are counted', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  onTestFinished(() => void silent.close().closeAllConnections());
  const lost = vi.fn<(spans: number) => void>();
  const report = { failed: vi.fn<() => void>(), succeeded: vi.fn<() => void>() };
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const traces = openTraces({ service: 'api', url, headers: {}, share: 1, report, lost });
  for (let round = 0; round < 3000; round++) traces.happened({ name: 'send mail', kind: 'client' }, 1, false);
  await traces.within({ name: 'request', kind: 'server', parent: `00-${TRACE}-${CALLER}-00` }, async () => {});
  expect(lost.mock.calls.flat().reduce((sum, spans) => sum + spans, 0)).toBe(3000 - 2048);
  await traces.close();
});

test('without a collector nothing is traced, and no event has a place in a trace', async () => {
  const served = await serve(db, {}, ses.url);
  await db.owner`truncate events cascade`;
  expect((await askFor(served, `00-${TRACE}-${CALLER}-01`)).status).toBe(200);
  await served.api.stop();
  const rows = await db.owner`select data from events where type = 'requested'`;
  expect(rows.map(({ data }) => 'traceparent' in data)).toEqual([false]);
});
