/** The edge as a client finds it: the certificate, the answer, the redirect, and what is said where there is none of them. */
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { addSmoke } from '../../services/cli/smoke.ts';
import { checkEdge, judgeEdge } from '../../services/cli/doctor/edge.ts';
import { askEdge, whereHttpLeads } from '../../services/runtime/ask-edge.ts';
import { JWT_SECRET } from '../support/api.ts';
import { runCommand } from '../support/command.ts';
import { cert, key } from '../support/tls-database.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const WHERE = 'https://api.example.com';
const shown = (days: number) => ({
  validFrom: new Date(NOW - 86_400_000),
  validTo: new Date(NOW + days * 86_400_000),
  refused: null,
  status: 200,
});
const leads = `${WHERE}/health`;
const apiUrl = 'http://127.0.0.1:3001';

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('what is found', () => {
  test.each([
    [shown(14), leads, 'ok', 'https://api.example.com answers, and its certificate is good for 14 days.'],
    [shown(13.9), leads, 'warning', 'good for 13 days'],
    [shown(3), leads, 'warning', 'good for 3 days'],
    [shown(2.9), leads, 'wrong', 'good for 2 days'],
    [{ ...shown(80), refused: 'CERT_HAS_EXPIRED' }, leads, 'wrong', 'Clients refuse the certificate'],
    // Whoever is refused at the door has no answer to look at.
    [{ ...shown(80), refused: 'CERT_HAS_EXPIRED', status: 502 }, leads, 'wrong', 'Clients refuse the certificate'],
    [{ ...shown(80), status: 503 }, leads, 'wrong', 'https://api.example.com/health answers 503.'],
    [{ ...shown(80), status: 404 }, leads, 'wrong', 'answers 404'],
    [shown(80), '', 'warning', 'But http leads to nothing else.'],
    [shown(80), 'https://other.example.com/health', 'warning', 'But http leads to https://other.example.com/health.'],
    [shown(80), 'ECONNREFUSED', 'warning', 'But http leads to ECONNREFUSED.'],
    ['ENOTFOUND', 'ENOTFOUND', 'wrong', 'api.example.com is not in the DNS (ENOTFOUND).'],
    ['ECONNREFUSED', '', 'wrong', 'is not reached from here (ECONNREFUSED).'],
    ['no answer in time', '', 'wrong', 'is not reached from here (no answer in time).'],
    ['a TLS alert', leads, 'wrong', 'shows no certificate (a TLS alert).'],
  ])('%j, where http leads to %j, is %s', (found, http, status, told) => {
    const finding = judgeEdge(WHERE, { shown: found, inside: 'ENOTFOUND', leads: http }, NOW);
    expect([finding.status, finding.what]).toEqual([status, expect.stringContaining(told)]);
    expect(finding.todo === undefined).toBe(status === 'ok');
  });
});

test.each([
  [shown(80), 'warning', 'is not reached from here (ECONNREFUSED); Caddy itself is well.'],
  [{ ...shown(80), status: 502 }, 'wrong', 'is not reached from here (ECONNREFUSED).'],
  [{ ...shown(80), refused: 'CERT_HAS_EXPIRED' }, 'wrong', 'is not reached from here (ECONNREFUSED).'],
  ['ECONNREFUSED', 'wrong', 'is not reached from here (ECONNREFUSED).'],
])(
  'where no machine reaches its own public address, Caddy is asked within the stack: %j is %s',
  (inside, status, told) => {
    const found = judgeEdge(WHERE, { shown: 'ECONNREFUSED', inside, leads: '' }, NOW);
    expect([found.status, found.what]).toEqual([status, expect.stringContaining(told)]);
  },
);

describe('what is asked', () => {
  test('is /health, by the name that clients use; a certificate that nobody vouches for is seen and not trusted', async () => {
    const asked: string[] = [];
    const port = await portOf(
      createHttpsServer({ key, cert }, ({ method, url }, response) => {
        asked.push(`${method} ${url}`);
        response.writeHead(503).end();
      }),
    );
    const validTo = new Date('2126-11-03T11:04:29Z');
    expect(await askEdge({ host: 'localhost', port, ca: cert })).toEqual({
      validFrom: expect.any(Date),
      validTo,
      refused: null,
      status: 503,
    });
    expect(await askEdge({ host: '127.0.0.1', name: 'localhost', port, ca: cert })).toMatchObject({ refused: null });
    expect(await askEdge({ host: 'localhost', port })).toMatchObject({ refused: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(await askEdge({ host: '127.0.0.1', port, ca: cert })).toMatchObject({
      refused: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect(new Set(asked)).toEqual(new Set(['GET /health']));
  });

  test('of an edge without a certificate is its alert, of what is silent that it is', async () => {
    const alerting = await portOf(createTlsServer({ minVersion: 'TLSv1.3' }));
    expect(await askEdge({ host: 'localhost', port: alerting })).toBe('a TLS alert');
    const silent = await portOf(createTcpServer(() => {}));
    expect(await askEdge({ host: '127.0.0.1', port: silent }, 100)).toBe('no answer in time');
    expect(await askEdge({ host: '127.0.0.1', port: 9 })).toBe('ECONNREFUSED');
  });

  test('of http is where it leads', async () => {
    const location = 'https://localhost/health';
    const [redirects, answers] = await Promise.all(
      [{ location }, {}].map((headers) =>
        portOf(createHttpServer((_, response) => void response.writeHead(301, headers).end())),
      ),
    );
    expect(await whereHttpLeads({ host: 'localhost', port: redirects ?? 0 })).toBe(location);
    expect(await whereHttpLeads({ host: 'localhost', port: answers ?? 0 })).toBe('');
    expect(await whereHttpLeads({ host: '127.0.0.1', port: 9 })).toBe('ECONNREFUSED');
  });

  test('is nothing where API_DOMAIN is localhost, or is not set', async () => {
    for (const API_DOMAIN of ['', ' ', 'localhost', 'api.localhost']) {
      const environment = { API_DOMAIN, HTTPS_PORT: '9' };
      expect(await checkEdge({ environment, apiUrl })).toMatchObject({
        status: 'skipped',
        what: 'API_DOMAIN is not set, or is localhost.',
      });
    }
    const away = { API_DOMAIN: '127.0.0.1', HTTPS_PORT: '9', HTTP_PORT: '9' };
    expect(await checkEdge({ environment: away, apiUrl: undefined })).toMatchObject({ status: 'skipped' });
    expect(await checkEdge({ environment: away, apiUrl })).toMatchObject({
      status: 'wrong',
      what: 'https://127.0.0.1:9 is not reached from here (ECONNREFUSED).',
    });
  });
});

test('smoke asks it first where the stack has a name, and fails as clients would; another api it asks as it is', async () => {
  const environment = { JWT_SECRET, API_DOMAIN: '127.0.0.1', HTTPS_PORT: '9', HTTP_PORT: '9' };
  const own = await runCommand(addSmoke, ['smoke'], environment);
  expect([own.code, own.stdout]).toEqual([1, '']);
  expect(own.stderr).toMatch(/^FAILED {2}edge: https:\/\/127\.0\.0\.1:9 is not reached from here/);
  const other = await runCommand(addSmoke, ['smoke', '--api-url', 'http://127.0.0.1:9'], environment);
  expect(other.stderr).toMatch(/^FAILED {2}\/health: no answer/);
});
