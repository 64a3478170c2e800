/** The local SES as a service: start, stop, health. */
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { startLocalSes } from '../../services/ses-local/server.ts';
import { credentials, start, clientOf, stored, behave, outcome, run } from './support.ts';

describe('the service', () => {
  test('says that it is healthy, and what a path takes', async () => {
    const ses = await start();
    expect((await fetch(`${ses.url}/health`)).status).toBe(200);
    const refused = await fetch(`${ses.url}/messages`, { method: 'PUT' });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD, DELETE']);
    expect((await fetch(`${ses.url}/none`)).headers.get('content-type')).toBe('application/problem+json');
  });

  test('close ends at once, though an answer is withheld and a connection is idle', async () => {
    const ses = await startLocalSes({ port: 0, credentials });
    const idle = connect(ses.port, '127.0.0.1').on('error', () => {});
    await behave(ses, { mode: 'accept-then-hang' });
    const hanging = outcome(clientOf(ses, { requestHandler: { requestTimeout: 60_000 } }));
    await expect.poll(() => stored(ses)).toBe(1);
    const before = performance.now();
    await ses.close();
    expect(performance.now() - before).toBeLessThan(1000);
    expect(await hanging).toBe('TimeoutError');
    idle.destroy();
    await expect(fetch(`${ses.url}/health`)).rejects.toThrow();
  });

  test('a port in use rejects', async () => {
    const { port } = await start();
    await expect(startLocalSes({ port, credentials })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('runs alone, says where it listens and nothing of the mails, and stops on SIGTERM', async () => {
    const env = {
      MAILBOX_PORT: '0',
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    };
    const { child, output, exit } = run(env);
    await expect.poll(() => output.join('')).toMatch(/http:\S+/);
    const url = /http:\S+/.exec(output.join(''))?.[0] ?? '';
    expect(await outcome(clientOf({ url }))).toBe('ok');
    expect(await outcome(clientOf({ url }, { region: 'eu-west-1' }))).toBe('SignatureDoesNotMatch');
    child.kill('SIGTERM');
    expect(await exit()).toBe(0);
    expect(output.join('')).toBe(`Local SES and its inbox: ${url}\n`);
  });

  test('refuses to run alone without credentials, and says which are missing', async () => {
    const { output, exit } = run({ MAILBOX_PORT: '0' });
    expect(await exit()).toBe(78);
    expect(output.join('')).toContain('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  });
});
