/** T1, H1 to H6: the deployment guide's own curls and its test_deployment.sh, as they stand but for the host. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseEmailAddress } from '../../services/core/email-address.ts';
import { hashPassword } from '../../services/runtime/password.ts';
import { createAccount } from '../../services/store/accounts.ts';
import { tokenOf, user } from '../support/api.ts';
import { type Stage, startStage } from '../support/contract.ts';

const run = promisify(execFile);
const GUIDE_HOST = 'https://api.example.com';

let stage: Stage;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  stage = await startStage();
  const [ADMIN_TOKEN, TEST_TOKEN] = await Promise.all([tokenOf(user(900), 'admin'), tokenOf(user(1))]);
  env = { PATH: process.env.PATH, ADMIN_TOKEN, TEST_TOKEN };
});
afterAll(() => stage?.stop());

const bash = (script: string, more: NodeJS.ProcessEnv = {}) =>
  run(
    'bash',
    ['-c', script.replaceAll(GUIDE_HOST, stage.api.url).replaceAll('YOUR_JWT_TOKEN', String(env.TEST_TOKEN))],
    {
      env: { ...env, ...more },
    },
  );

test('test_deployment.sh: all tests passed, and one mail went out', async () => {
  const script = readFileSync(join(import.meta.dirname, 'test_deployment.sh'), 'utf8');
  const { stdout } = await bash(script);
  expect(stdout).toMatch(
    /Health check passed[\s\S]*Database connection working[\s\S]*integration working[\s\S]*All tests passed!/,
  );
  expect(await stage.code('test@example.com')).toMatch(/^\d{6}$/);
});

test('and it fails where it must: without an admin’s token', async () => {
  const script = readFileSync(join(import.meta.dirname, 'test_deployment.sh'), 'utf8');
  await expect(bash(script, { ADMIN_TOKEN: '' })).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining('Database connection failed'),
  });
});

test('sealpost smoke asks the same and reads the answers: it fails where the guide’s grep would pass', async () => {
  const smoke = (more: NodeJS.ProcessEnv = {}) =>
    run(
      process.execPath,
      ['services/cli/main.ts', 'smoke', '--api-url', stage.api.url, '--email', 'smoke@example.com'],
      {
        env: { ...env, ...more },
      },
    );
  expect((await smoke()).stdout).toContain('All tests passed');
  // Within the cooldown the answer holds "success" too: false.
  await expect(smoke()).rejects.toThrow(/FAILED {2}mail: send-otp answers success: 429 resend_cooldown/);
  await expect(smoke({ ADMIN_TOKEN: String(env.TEST_TOKEN) })).rejects.toThrow(/FAILED {2}database.*403 forbidden/);
});

test('the curls of its chapter 7.1: health, login for a token, send-otp with that token', async () => {
  const parsed = parseEmailAddress('test@example.com');
  if (!parsed.ok) throw new Error(parsed.reason);
  await createAccount(stage.db.sql, {
    id: randomUUID(),
    email: parsed.address,
    role: 'user',
    password_hash: await hashPassword('testpass', 10),
  });
  expect((await bash(`curl ${GUIDE_HOST}/health`)).stdout).toContain('OK');
  expect((await bash(`curl -I ${GUIDE_HOST}/health`)).stdout).toMatch(/^HTTP\/1\.1 200/);
  const login = await bash(`curl -X POST ${GUIDE_HOST}/api/auth/login \\
  -H "Content-Type: application/json" \\
  -d '{"email":"test@example.com","password":"testpass"}'`);
  const { token } = JSON.parse(login.stdout) as { token: string };
  expect(token).toMatch(/^eyJ/);
  const asked = await bash(`curl -X POST ${GUIDE_HOST}/api/email-verification/send-otp \\
  -H "Content-Type: application/json" \\
  -H "Authorization: Bearer ${token}" \\
  -d '{"email":"person@example.com","purpose":"business"}'`);
  expect(JSON.parse(asked.stdout)).toMatchObject({ success: true, otpId: expect.any(String), expiresIn: 600 });
});
