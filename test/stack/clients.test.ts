/** Whose address the api is told: a client's own by IPv4 and IPv6, and by proxies in front of the edge that are named. */
import { networkInterfaces } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { ask } from './support/ask.ts';
import { type Edge, startEdge } from './support/edge-alone.ts';

const PORT = 8443;
/** From where the requests of this machine come to the edge by 127.0.0.1. */
const GATEWAY = '172.31.240.1';

let edge: Edge | undefined;
afterEach(stopEdge);

async function stopEdge(): Promise<void> {
  const stopped = edge;
  edge = undefined;
  await stopped?.stop();
}

const ipv6 = Object.values(networkInterfaces())
  .flatMap((addresses = []) => addresses)
  .find(({ family, internal, scopeid }) => family === 'IPv6' && !internal && scopeid === 0)?.address;

test.skipIf(!ipv6)('a client by IPv6 has its own address, and not the one of the network’s gateway', async () => {
  edge = await startEdge({ HTTPS_PORT: `[${ipv6}]:${PORT}` });
  const { ca } = edge;
  const claims = { 'X-Forwarded-For': '203.0.113.9' };
  const { body, headers } = await ask({ ca, address: String(ipv6), port: PORT, path: '/given', headers: claims });
  expect(body).toMatchObject({ 'x-forwarded-for': ipv6, 'x-real-ip': ipv6 });
  expect(headers['alt-svc']).toBe(`h3=":${PORT}"; ma=2592000`);
});

/** The proxies that are named, what came with the request, whose address the api is told. */
const chains: readonly (readonly [string, string | undefined, string])[] = [
  ['', '203.0.113.9', GATEWAY],
  ['198.51.100.0/24', '203.0.113.9', GATEWAY],
  [GATEWAY, undefined, GATEWAY],
  [GATEWAY, '203.0.113.9', '203.0.113.9'],
  [GATEWAY, '192.0.2.66, 203.0.113.9', '203.0.113.9'],
  [`${GATEWAY}/32 198.51.100.0/24`, '192.0.2.66, 203.0.113.9, 198.51.100.7', '203.0.113.9'],
  [GATEWAY, '2001:db8::5', '2001:db8::5'],
];

test('only a named proxy speaks for a client, and of what it says the last that is none counts', async () => {
  for (const [named, said, told] of chains) {
    edge = await startEdge({ OUTER_PROXIES: named });
    const { body } = await edge.answer({ path: '/given', headers: said ? { 'X-Forwarded-For': said } : {} });
    expect([body['x-forwarded-for'], body['x-real-ip']], `${named}: ${said}`).toEqual([told, told]);
    await stopEdge();
  }
});

test('a machine without IPv6 has an edge too', async () => {
  edge = await startEdge({ EDGE_IPV6: 'false' });
  expect((await edge.answer({ path: '/given' })).body['x-forwarded-for']).toBe(GATEWAY);
});
