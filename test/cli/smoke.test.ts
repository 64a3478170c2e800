/** `sealpost smoke`: reads each answer of an api as JSON, fails at the first that is not right, and asks no further. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { decodeJwt } from 'jose';
import { describe, expect, onTestFinished, test } from 'vitest';
import { addSmoke } from '../../services/cli/smoke.ts';
import { JWT_SECRET } from '../support/api.ts';
import { runCommand } from '../support/command.ts';

type Reply = Readonly<{ status?: number; body: unknown }>;
type Asked = Readonly<{ request: string; token: string; type: string; body: string }>;

const good: Readonly<Record<string, Reply>> = {
  'GET /health': { body: { status: 'OK' } },
  'GET /api/admin/email-management/stats': { body: { stats: { total_emails: 0 } } },
  'POST /api/email-verification/send-otp': { body: { success: true } },
};

/** Something that answers in an api's place. */
async function stand(replies: Readonly<Record<string, Reply>>): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (incoming: IncomingMessage, response) => {
    const request = `${incoming.method} ${incoming.url}`;
    const { authorization = '', 'content-type': type = '' } = incoming.headers;
    asked.push({ request, token: authorization, type, body: await text(incoming) });
    const { status = 200, body } = replies[request] ?? { status: 404, body: {} };
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const smoke = (url: string, env: Record<string, string> = { JWT_SECRET }, ...args: readonly string[]) =>
  runCommand(addSmoke, ['smoke', '--api-url', url, ...args], env);

const steps = ['health', 'database: stats have total_emails', 'mail: send-otp answers success'];

describe('sealpost smoke', () => {
  test('asks its three questions in order and says that each is well', async () => {
    const { url, asked } = await stand(good);
    const { code, stdout } = await smoke(url);
    expect([code, stdout]).toEqual([0, `${steps.map((step) => `ok      ${step}\n`).join('')}All tests passed\n`]);
    expect(asked.map(({ request }) => request)).toEqual(Object.keys(good));
    const [health, stats, mail] = asked;
    expect(health?.token).toBe('');
    expect(mail).toMatchObject({
      type: 'application/json',
      body: '{"email":"success@simulator.amazonses.com"}',
    });
    const [admin, user] = [stats, mail].map((one) => decodeJwt(one?.token.replace('Bearer ', '') ?? ''));
    expect([admin?.role, user?.role]).toEqual(['admin', undefined]);
    const { iat = 0, exp } = admin ?? {};
    expect(exp).toBe(iat + 300);
    expect(admin?.iss).toBeUndefined();
  });

  test('mails whom it is told to, with the tokens it is given, or those that the api asks for', async () => {
    const { url, asked } = await stand(good);
    const given = { TEST_TOKEN: 'of-a-user', ADMIN_TOKEN: 'of-an-admin', JWT_JWKS_URL: 'https://id.example.com/keys' };
    expect((await smoke(url, given, '--email', 'a@example.com')).code).toBe(0);
    expect(asked.map(({ token }) => token)).toEqual(['', 'Bearer of-an-admin', 'Bearer of-a-user']);
    expect(asked[2]?.body).toBe('{"email":"a@example.com"}');
    await smoke(url, { JWT_SECRET, JWT_ISSUER: 'https://id.example.com', JWT_AUDIENCE: 'sealpost' });
    expect(decodeJwt(asked[4]?.token.replace('Bearer ', '') ?? '')).toMatchObject({
      iss: 'https://id.example.com',
      aud: 'sealpost',
    });
  });

  test.each([
    [0, 'GET /health', { status: 503, body: { status: 'OK' } }, '503 '],
    [0, 'GET /health', { body: { status: 'DOWN' } }, '200 '],
    [0, 'GET /health', { body: '<html>OK</html>' }, '200 '],
    [1, 'GET /api/admin/email-management/stats', { status: 403, body: { error: 'forbidden' } }, '403 forbidden'],
    [1, 'GET /api/admin/email-management/stats', { body: {} }, '200 '],
    [1, 'GET /api/admin/email-management/stats', { body: { stats: { total_emails: '7' } } }, '200 '],
    [
      2,
      'POST /api/email-verification/send-otp',
      { status: 429, body: { error: 'cooldown', success: true } },
      '429 cooldown',
    ],
    [2, 'POST /api/email-verification/send-otp', { body: { success: 'true' } }, '200 '],
  ])('at step %i, where %s answers %j, it fails and asks no more', async (step, request, reply, said) => {
    const { url, asked } = await stand({ ...good, [request]: reply });
    const { code, stdout, stderr } = await smoke(url);
    expect(code).toBe(1);
    expect(stdout).toBe(
      steps
        .slice(0, step)
        .map((one) => `ok      ${one}\n`)
        .join(''),
    );
    expect(stderr).toBe(`FAILED  ${steps[step]}: ${said}\n`);
    expect(asked).toHaveLength(step + 1);
  });

  test('where nobody answers it says where it asked', async () => {
    const { code, stderr } = await smoke('http://127.0.0.1:9');
    expect([code, stderr]).toEqual([1, 'FAILED  /health: no answer from 127.0.0.1:9.\n']);
  });

  test('without a secret to make tokens of it names those that it needs, before it asks anything', async () => {
    const { url, asked } = await stand(good);
    const { code, stderr } = await smoke(url, { JWT_JWKS_URL: 'https://id.example.com/keys' });
    expect([code, stderr]).toEqual([
      1,
      'Set TEST_TOKEN and ADMIN_TOKEN: without JWT_SECRET, your issuer signs them.\n',
    ]);
    expect(asked).toEqual([]);
  });
});
