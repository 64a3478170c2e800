/** `./sealpost apply` on a real engine: changed settings and secrets are taken up without a failed request, and wrong ones by nothing. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JWT_SECRET } from '../support/api.ts';
import { type Stack, startStack } from './support/stack.ts';
import { runTraffic, tokenOf, trafficEnv } from './support/traffic.ts';

const run = promisify(execFile);

const amazon = {
  AWS_ACCESS_KEY_ID: 'AKIAINTHISTEST',
  AWS_SECRET_ACCESS_KEY: 'a-secret-of-this-test',
  SES_ENDPOINT: 'http://amazon:8005',
  SES_FROM_EMAIL: 'noreply@example.com',
};

let stack: Stack;
let env: string;
beforeAll(async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  // It stands for Amazon, which is none of the stack's own.
  await run('docker', ['tag', `sealpost:${version}`, 'sealpost:amazon']);
  stack = await startStack({ env: { ...trafficEnv, ...amazon }, overrides: ['test/stack/amazon.yaml'] });
  env = await readFile(join(stack.folder, '.env'), 'utf8');
});
afterAll(() => stack?.stop());

const setEnv = (text: string): Promise<void> => writeFile(join(stack.folder, '.env'), text);
const idsOf = async (...services: readonly string[]): Promise<readonly string[]> =>
  (await stack.inspect(...services)).map(({ Id }) => Id).toSorted();
const ours = ['api', 'scheduler', 'receiver', 'postgres', 'caddy'];

async function send(email: string, token: string) {
  return stack.answer({ method: 'POST', path: '/api/email-verification/send-otp', token, body: { email } });
}

const status = async (secret: string): Promise<number> =>
  (await send('rotated@example.com', await tokenOf(1, secret))).status;

test('a wrong setting is told with its sentence, and nothing is made anew', async () => {
  const before = await idsOf(...ours);
  await setEnv(`${env}EMAIL_OTP_EXPIRES_IN=601\n`);
  await expect(stack.sealpost('apply', '--yes')).rejects.toThrow(/EMAIL_OTP_EXPIRES_IN: [^]*Nothing was changed/);
  await setEnv(env);
  expect(await idsOf(...ours)).toEqual(before);
});

test('a setting, a rotated JWT_SECRET and another DB_PASSWORD are taken up while requests go on, and none fails', async () => {
  const [apis, edge] = [await idsOf('api', 'scheduler', 'receiver'), await idsOf('postgres', 'caddy')];
  const next = 'the-next-secret-of-this-stack-and-long-enough';
  const lines = [
    `JWT_SECRET=${next}`,
    `JWT_SECRET_PREVIOUS='${JWT_SECRET}'`,
    'DB_PASSWORD=another-password-of-the-programs',
    'EMAIL_OTP_EXPIRES_IN=300',
  ];
  await setEnv(`${env}${lines.join('\n')}\n`);
  let said = '';
  const during = async () => (said = await stack.sealpost('apply', '--yes'));
  const { answers } = await runTraffic(stack, { prefix: 'apply', workers: 4, during });
  expect([...answers.keys()]).toEqual(['200']);
  expect(said).toContain('Changed: DB_PASSWORD, JWT_SECRET, JWT_SECRET_PREVIOUS.');
  expect(said).not.toContain('Also ');
  expect(said).not.toMatch(/another-password|the-next-secret/);
  expect(said).toContain('Applied: what runs has the settings and secrets of .env.');
  const after = await idsOf('api', 'scheduler', 'receiver');
  expect(after.filter((id) => apis.includes(id))).toEqual([]);
  expect(await idsOf('postgres', 'caddy')).toEqual(edge);
  // New connections are made with the new password.
  const ended = "select count(pg_terminate_backend(pid)) > 0 from pg_stat_activity where usename = 'request_app'";
  const psql = 'exec -T -u postgres postgres psql -At -d request_marketplace_prod -c'.split(' ');
  expect(await stack.compose(...psql, ended)).toBe('t\n');
  await expect
    .poll(async () => (await send('new@example.com', await tokenOf(1))).status, { timeout: 20_000 })
    .toBe(200);
  const { body } = await send('newer@example.com', await stack.token('7f1c1c9e-8f43-4c55-9a2b-0f7d1e2a3b4c'));
  expect(body.expiresIn).toBe(300);
});

test('a secret that the stack made is rotated while requests go on; the one before is accepted, and the one before that no more', async () => {
  // Whose secret it was until now has taken it out of .env.
  await setEnv(env.replace(/^JWT_SECRET=.*\n/m, ''));
  await stack.sealpost('apply', '--yes');
  const made = () => stack.compose('exec', '-T', 'api', 'cat', '/run/secrets/app/JWT_SECRET');
  const before = await made();
  let said = '';
  const during = async () => (said = await stack.sealpost('rotate', 'JWT_SECRET', '--yes'));
  const { answers } = await runTraffic(stack, { prefix: 'rotate', workers: 4, during, secret: before });
  expect([...answers.keys()]).toEqual(['200']);
  const after = await made();
  expect(said).toContain('Rotated: JWT_SECRET is another one, and what runs has it.');
  expect([after === before, said.includes(after), said.includes(before)]).toEqual([false, false, false]);
  expect([await status(before), await status(after), await status(JWT_SECRET)]).toEqual([200, 429, 401]);
  await stack.sealpost('rotate', 'JWT_SECRET', '--yes');
  expect([await status(before), await status(after), await status(await made())]).toEqual([401, 429, 429]);
});

test('a plain up with a wrong setting stops at its first service, whose log has the sentence', async () => {
  await setEnv(`${env}EMAIL_OTP_EXPIRES_IN=601\n`);
  await expect(stack.compose('up', '-d', '--wait')).rejects.toThrow(/"?secrets"? didn't complete successfully/);
  const asked = { cwd: stack.folder, env: stack.environment };
  const { stdout } = await run('sh', ['-c', 'docker compose logs --no-log-prefix secrets 2>&1'], asked);
  expect(stdout).toContain('EMAIL_OTP_EXPIRES_IN:');
});
