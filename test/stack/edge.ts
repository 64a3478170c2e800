/** The edge (checklist N1 to N10, H1, H8): TLS, redirects and refusals, headers, compression, limits, what is never public. */
import { execFile } from 'node:child_process';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { user } from '../support/api.ts';
import { type Answered, ask } from './support/ask.ts';
import { stack } from './support/one-stack.ts';
import { startStandIn } from './support/stand-in.ts';

const run = promisify(execFile);

const securityHeaders = {
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'x-xss-protection': '1; mode=block',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
};

type Handshake = { protocol: string | null; alpn: string | false | null };

function handshake(options: { maxVersion?: 'TLSv1.1' | 'TLSv1.2'; minVersion?: 'TLSv1' }): Promise<Handshake> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: 443, servername: 'localhost', ca: stack.ca, ALPNProtocols: ['h2'], ...options });
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      resolve({ protocol: socket.getProtocol(), alpn: socket.alpnProtocol });
      socket.end();
    });
  });
}

describe('TLS', () => {
  test('N3, N4: 1.3 and 1.2 with HTTP/2 are spoken, nothing older is', async () => {
    expect(await handshake({})).toEqual({ protocol: 'TLSv1.3', alpn: 'h2' });
    expect(await handshake({ maxVersion: 'TLSv1.2' })).toEqual({ protocol: 'TLSv1.2', alpn: 'h2' });
    await expect(handshake({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })).rejects.toThrow();
  });

  test('a request for another name is not answered by us', async () => {
    const other = await stack.answer({ path: '/health', headers: { Host: 'other.example.com' } });
    expect([other.status, other.body.error]).toEqual([421, 'unknown_host']);
    const plain = await ask({ host: 'other.example.com', path: '/health' });
    expect([plain.status, plain.body.error]).toEqual([421, 'unknown_host']);
  });
});

describe('plain HTTP', () => {
  test('N2: reads are sent to https, with their path and query', async () => {
    for (const method of ['GET', 'HEAD']) {
      const { status, headers } = await ask({ method, path: '/health?a=b' });
      expect([status, headers.location]).toEqual([301, 'https://localhost/health?a=b']);
    }
  });

  test('a POST is refused, not redirected, and nothing reaches the api', async () => {
    const token = await stack.token(user(1));
    const body = { email: 'plain@example.com' };
    const refused = await ask({ method: 'POST', path: '/api/email-verification/send-otp', token, body });
    expect([refused.status, refused.body.error, refused.headers.location]).toEqual([403, 'https_required', undefined]);
    expect(refused.headers['content-type']).toBe('application/problem+json');
    expect(await stack.sealpost('events', '--email', 'plain@example.com')).not.toContain('requested');
  });
});

describe('answers', () => {
  test('N5: the four headers and a policy are on every answer, also on refusals, and no server is named', async () => {
    for (const path of ['/health', '/docs', '/nowhere', '/metrics', '/api/email-verification/list']) {
      const { headers } = await stack.answer({ path });
      expect(headers, path).toMatchObject(securityHeaders);
      expect(headers['content-security-policy'], path).toMatch(/^default-src 'none'/);
      expect([headers.server, headers.via], path).toEqual([undefined, undefined]);
    }
  });

  test("the api's own policy for its page is kept", async () => {
    const { headers } = await stack.answer({ path: '/docs' });
    expect(headers['content-security-policy']).toContain("script-src 'sha256-");
  });

  test('N6: what is long enough is compressed, the rest is not', async () => {
    const headers = { 'Accept-Encoding': 'gzip' };
    const long = await stack.answer({ path: '/openapi.json', headers });
    expect([long.headers['content-encoding'], long.headers.vary]).toEqual(['gzip', 'Accept-Encoding']);
    expect((await stack.answer({ path: '/health', headers })).headers['content-encoding']).toBeUndefined();
  });

  test('H1: GET and HEAD /health answer, and stand in no access log', async () => {
    const before = await accessLines();
    const get = await stack.answer({ path: '/health' });
    expect([get.status, get.text]).toEqual([200, '{"status":"OK"}']);
    expect((await stack.answer({ path: '/health', method: 'HEAD' })).status).toBe(200);
    expect((await stack.answer({ path: '/health/live' })).status).toBe(200);
    await stack.answer({ path: '/nowhere' });
    await expect.poll(accessLines).toBe(before + 1);
  });

  test('H8: a file that is not there is not cached for a year', async () => {
    const { status, headers } = await stack.answer({ path: '/static/none.js' });
    expect([status, headers['cache-control']]).toEqual([404, 'no-store']);
  });
});

describe('limits', () => {
  test.each([17, 30, 60])('headers of %i KiB are told as too large, each time', async (kibibytes) => {
    for (let n = 0; n < 10; n += 1) {
      const { status, body } = await stack.answer({ headers: { 'X-Long': 'x'.repeat(kibibytes * 1024) } });
      expect([status, body.error, body.success]).toEqual([431, 'headers_too_large', false]);
    }
  });

  test('N7: an IP that calls too often is refused whatever address it forges, and nobody else is', async () => {
    const statuses = await floodFrom(`${stack.project}_edge`, 60);
    expect(statuses.filter((status) => status === 401).length).toBeLessThan(45);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(15);
    expect((await stack.answer({ path: '/api/email-verification/list' })).status).toBe(401);
  });
});

describe('what the edge keeps in', () => {
  test("metrics and the edge's own configuration are not to be had", async () => {
    for (const path of ['/metrics', '/metrics/', '/config/', '/config/apps']) {
      expect((await stack.answer({ path })).status, path).toBe(404);
    }
    await expect(ask({ port: 2019, path: '/config/' })).rejects.toThrow();
    await expect(ask({ port: 9180, path: '/metrics' })).rejects.toThrow();
  });

  test('the mailbox answers its own name only, so that no page elsewhere can read it by a name of its own', async () => {
    expect((await ask({ port: 8005, host: '127.0.0.1:8005', path: '/messages' })).status).toBe(200);
    expect((await ask({ port: 8005, host: 'rebound.example.com:8005', path: '/messages' })).status).toBe(421);
    for (const port of [3000, 9090, 9093]) {
      expect((await ask({ port, host: `rebound.example.com:${port}` })).status).toBe(421);
    }
  });

  test.each([
    [3000, '/api/health'],
    [9090, '/-/ready'],
    [9093, '/-/ready'],
  ])('the operator reads the monitoring on 127.0.0.1:%i', async (port, path) => {
    expect((await ask({ port, host: `127.0.0.1:${port}`, path })).status).toBe(200);
  });

  test("no address, code or token reaches the edge's log", async () => {
    const token = await stack.token(user(2));
    const paths = ['/api/email-verification/status/canary%40example.com', '/x?email=canary@example.com&otp=918273'];
    for (const path of paths) await stack.answer({ path, token });
    const log = await stack.compose('logs', 'caddy');
    expect(log).not.toMatch(/canary|918273/);
    expect(log).not.toContain(token);
  });

  test("N8: whatever a client claims, the api is told the connection's own address", async () => {
    const spoofed = { 'X-Forwarded-For': '203.0.113.9', 'X-Real-IP': '203.0.113.9', 'X-Forwarded-Proto': 'http' };
    const standIn = await startStandIn(stack.project, 'response.end(JSON.stringify(request.headers))');
    // Both apis answer in turn, once the new one is known.
    let told: Answered['body'] = {};
    await expect
      .poll(async () => (told = (await stack.answer({ headers: spoofed })).body), { timeout: 10_000 })
      .toHaveProperty('x-forwarded-for')
      .finally(standIn.remove);
    const gateway = (await stack.inspect('caddy'))[0]?.NetworkSettings.Networks[`${stack.project}_edge`]?.Gateway;
    expect(told).toMatchObject({ 'x-forwarded-for': gateway, 'x-real-ip': gateway, 'x-forwarded-proto': 'https' });
  });
});

/** Statuses of so many calls without a token, from a container beside the edge, each with a forged address. */
async function floodFrom(network: string, calls: number): Promise<readonly number[]> {
  const program = `
    const { request } = require('node:https');
    const call = (n) => new Promise((resolve, reject) => {
      const headers = { host: 'localhost', 'x-forwarded-for': '203.0.113.' + n };
      const options = { host: 'caddy', servername: 'localhost', ca: process.argv[1], path: '/api/email-verification/list', headers };
      request(options, (answer) => answer.resume().on('end', () => resolve(answer.statusCode))).on('error', reject).end();
    });
    Promise.all(Array.from({ length: ${calls} }, (_, n) => call(n))).then((all) => console.log(JSON.stringify(all)));
  `;
  const { stdout } = await run('docker', [
    'run',
    '--rm',
    '--network',
    network,
    'sealpost',
    'node',
    '-e',
    program,
    '--',
    stack.ca,
  ]);
  return JSON.parse(stdout) as number[];
}

async function accessLines(): Promise<number> {
  return (await stack.compose('logs', 'caddy')).split('http.log.access').length - 1;
}
