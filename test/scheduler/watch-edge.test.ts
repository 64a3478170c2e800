/** The edge is asked as a client asks it; what it shows is measured, and what is wrong with it said in its own words. */
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type EdgeOptions, edgeOptions } from '../../services/config/edge.ts';
import { createMetrics, type Metrics } from '../../services/runtime/metrics.ts';
import { readSchedulerConfig } from '../../services/scheduler/config.ts';
import { createEdgeWatch, EdgeUnavailable } from '../../services/scheduler/jobs/watch-edge.ts';
import { JWT_SECRET } from '../support/api.ts';
import { cert, key } from '../support/tls-database.ts';

/** Shows a certificate that nobody vouches for, and answers with this. Resolves to its port, and what it was asked. */
async function edgeThatAnswers(status: number) {
  const asked: string[] = [];
  const server = createServer({ key, cert }, ({ method, url, headers }, response) => {
    asked.push(`${method} ${url} of ${headers.host}`);
    response.writeHead(status).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, asked };
}

const edgeAt = (port: number, more: Partial<EdgeOptions> = {}): EdgeOptions => ({
  name: 'localhost',
  host: '127.0.0.1',
  port,
  trusted: false,
  ...more,
});

/** By a scheduler that has run for so long. */
async function watched(edge: EdgeOptions, metrics: Metrics, ageSeconds = 3600) {
  const notes: string[] = [];
  const count = await createEdgeWatch(edge, () => ageSeconds)({ metrics, say: (note) => void notes.push(note) });
  return { count, notes };
}

const nobody = () => {};

async function valueOf(metrics: Metrics, name: string): Promise<number | undefined> {
  const line = (await metrics.registry.metrics()).split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.split(' ')[1]);
}

describe('the edge', () => {
  test('that answers is available, and says until when its certificate is good and how long it was', async () => {
    const metrics = createMetrics('scheduler');
    const { port, asked } = await edgeThatAnswers(200);
    expect(await watched(edgeAt(port), metrics)).toEqual({ count: 0, notes: [] });
    expect(asked).toEqual(['GET /health of localhost']);
    expect(await valueOf(metrics, 'sealpost_edge_available')).toBe(1);
    expect(await valueOf(metrics, 'sealpost_certificate_expiry_timestamp_seconds')).toBe(
      Date.parse('2126-11-03T11:04:29Z') / 1000,
    );
    expect(await valueOf(metrics, 'sealpost_certificate_lifetime_seconds')).toBe(36_500 * 86_400);
    expect(await valueOf(metrics, 'sealpost_edge_probe_duration_seconds')).toBeLessThan(10);
  });

  test.each([
    ['that cannot reach an api', 502, {}, 'https://localhost/health answers 502.'],
    [
      'whose certificate clients do not believe',
      200,
      { trusted: true },
      'Clients refuse the certificate of https://localhost (DEPTH_ZERO_SELF_SIGNED_CERT).',
    ],
  ])('%s is not available, and its certificate is known', async (_what, status, more, told) => {
    const metrics = createMetrics('scheduler');
    const { port } = await edgeThatAnswers(status);
    await expect(watched(edgeAt(port, more), metrics)).rejects.toThrow(new EdgeUnavailable(told));
    expect(await valueOf(metrics, 'sealpost_edge_available')).toBe(0);
    expect(await valueOf(metrics, 'sealpost_certificate_lifetime_seconds')).toBe(36_500 * 86_400);
  });

  test('that is away is not available, and what was known of its certificate stays', async () => {
    const metrics = createMetrics('scheduler');
    const { port } = await edgeThatAnswers(200);
    await watched(edgeAt(port), metrics);
    await expect(watched(edgeAt(9), metrics)).rejects.toThrow('https://localhost does not answer (ECONNREFUSED).');
    expect(await valueOf(metrics, 'sealpost_edge_available')).toBe(0);
    expect(await valueOf(metrics, 'sealpost_certificate_lifetime_seconds')).toBe(36_500 * 86_400);
  });

  test('that was never seen has no certificate yet', async () => {
    const metrics = createMetrics('scheduler');
    await expect(watched(edgeAt(9), metrics)).rejects.toThrow(EdgeUnavailable);
    expect(await valueOf(metrics, 'sealpost_certificate_expiry_timestamp_seconds')).toBeUndefined();
  });
});

const read = (environment: Record<string, string>) => readSchedulerConfig({ JWT_SECRET, ...environment }).edge;

describe('an edge that comes up after the scheduler', () => {
  test('is not told as away for two minutes, and nothing is said of it', async () => {
    const metrics = createMetrics('scheduler');
    expect(await watched(edgeAt(9), metrics, 119)).toEqual({ count: 0, notes: ['not up yet'] });
    expect(await valueOf(metrics, 'sealpost_edge_available')).toBeUndefined();
    await expect(watched(edgeAt(9), metrics, 120)).rejects.toThrow(EdgeUnavailable);
    expect(await valueOf(metrics, 'sealpost_edge_available')).toBe(0);
  });

  test('is away at once when it was seen before', async () => {
    const metrics = createMetrics('scheduler');
    const server = createServer({ key, cert }, (_, response) => void response.end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const watch = createEdgeWatch(edgeAt((server.address() as AddressInfo).port), () => 10);
    await watch({ metrics, say: nobody });
    server.close();
    server.closeAllConnections();
    await expect(watch({ metrics, say: nobody })).rejects.toThrow(EdgeUnavailable);
    expect(await valueOf(metrics, 'sealpost_edge_available')).toBe(0);
  });
});

describe('the settings', () => {
  test('of none watch nothing', () => {
    expect(edgeOptions({ API_DOMAIN: 'api.example.com', EDGE_ADDRESS: undefined })).toBeUndefined();
    expect(read({ API_DOMAIN: 'api.example.com' })).toBeUndefined();
  });

  test.each([
    ['caddy.metrics:443', 'api.example.com', { host: 'caddy.metrics', port: 443, trusted: true }],
    ['[fd00::1]:8443', 'api.example.com', { host: 'fd00::1', port: 8443, trusted: true }],
    ['caddy:443', 'localhost', { host: 'caddy', port: 443, trusted: false }],
  ])('%s of %s', (EDGE_ADDRESS, API_DOMAIN, expected) => {
    expect(read({ EDGE_ADDRESS, API_DOMAIN })).toEqual({ name: API_DOMAIN, ...expected });
  });

  test.each(['caddy', 'caddy:0', 'caddy:65536', 'https://caddy:443', 'caddy:443/x', 'fd00::1:443'])(
    'of an edge at %s stop the start',
    (EDGE_ADDRESS) => {
      expect(() => read({ EDGE_ADDRESS })).toThrow('EDGE_ADDRESS: must be host:port, such as caddy:443');
    },
  );
});
