/** The mailbox has no password: it answers this machine's own names and no page of another site. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalSes, startLocalSes } from '../../services/ses-local/server.ts';
import { credentials } from '../support/api.ts';

let ses: LocalSes;
let named: LocalSes;
beforeAll(async () => {
  ses = await startLocalSes({ port: 0, credentials });
  named = await startLocalSes({ port: 0, credentials, certificateUrl: 'http://mailbox:8005/sns.pem' });
});
afterAll(() => Promise.all([ses.close(), named.close()]));

type Asked = Readonly<{
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  of?: LocalSes;
  body?: string;
}>;

/** As any program sends it; fetch sends no Host of one's own. */
function status(
  host: string,
  { path = '/messages', method = 'GET', headers = {}, of = ses, body = '' }: Asked = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: of.port, path, method, headers: { Host: host, ...headers } },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('a name', () => {
  test.each([
    '127.0.0.1',
    '127.0.0.1:8005',
    'localhost',
    'localhost:1',
    'LocalHost:8005',
    '[::1]',
    '[::1]:8005',
    '192.0.2.7:8005',
  ])('%s is answered', async (host) => expect(await status(host)).toBe(200));

  test.each([
    'evil.example.com',
    'evil.example.com:8005',
    'localhost.evil.example.com',
    '127.0.0.1.evil.example.com',
    'evil.example.com#localhost',
    'localhost@evil.example.com',
    'mailbox:8005',
    'localhost:8005:80',
    '127.1.evil',
    '[::1].evil.example.com',
  ])('%j is not, at no path and by no method', async (host) => {
    for (const path of [
      '/',
      '/messages',
      '/messages/1/html',
      '/behaviour',
      '/calls',
      '/health',
      '/sns.pem',
      '/nowhere',
    ]) {
      for (const method of ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS']) {
        expect(await status(host, { path, method }), `${method} ${path}`).toBeOneOf([400, 421]);
      }
    }
  });

  test('under which the stack reaches it is answered there', async () => {
    expect(await status('mailbox:8005', { of: named })).toBe(200);
    expect(await status('MAILBOX', { of: named })).toBe(200);
    expect(await status('evil.example.com', { of: named })).toBe(421);
  });
});

describe('a page of another origin', () => {
  const json = { 'Content-Type': 'application/json' };

  test.each(['http://evil.example.com', 'null', 'http://localhost:9999', 'http://127.0.0.1'])(
    '%s changes nothing',
    async (Origin) => {
      const host = `127.0.0.1:${ses.port}`;
      expect(
        await status(host, {
          path: '/behaviour',
          method: 'POST',
          headers: { Origin, ...json },
          body: '{"silent":true}',
        }),
      ).toBe(403);
      expect(await status(host, { method: 'DELETE', headers: { Origin } })).toBe(403);
      expect(await status(host, { path: '/', method: 'POST', headers: { Origin }, body: 'Action=GetSendQuota' })).toBe(
        403,
      );
      expect(await status(host)).toBe(200);
    },
  );

  test('is told from its own page and from a program, which has none', async () => {
    const host = `localhost:${ses.port}`;
    for (const headers of [{ Origin: `http://${host}` }, {}])
      expect(await status(host, { method: 'DELETE', headers })).toBe(204);
  });
});
