/** A database that only stands by, as after a failover that went wrong: whatever is asked of it is a 503 and no 500; once promoted, all is well. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { startSes, tokenOf, user } from '../support/api.ts';
import { examineOne } from '../support/doctor.ts';
import { serve, type Served } from '../support/served.ts';
import { type OwnServer, startOwnServer } from './own-server.ts';

const email = 'a@example.com';
const admin = '/api/admin/email-management';
const address = { email };
const otp = { ...address, otp: '123456', otpId: '2f1c1c9e-8f43-4c55-9a2b-0f7d1e2a3b4c' };
const [refreshToken, password] = ['r'.repeat(43), 'a password of these tests'];

/** A right body for each endpoint that has one. */
const bodies: Readonly<Record<string, object>> = {
  '/api/email-verification/send-otp': address,
  '/api/email-verification/resend-otp': address,
  '/api/email-verification/verify-otp': otp,
  '/api/auth/login': { ...address, password },
  '/api/auth/refresh': { refreshToken },
  '/api/auth/logout': { refreshToken },
  [`${admin}/toggle-verification`]: { emailId: '1', verified: true },
  [`${admin}/manual-verify`]: { ...address, userId: user(1) },
  [`${admin}/unlock`]: address,
  [`${admin}/suppressions`]: address,
  [`${admin}/suppressions/lift`]: address,
  [`${admin}/erase`]: address,
};

const { paths } = JSON.parse(readFileSync('test/api/openapi.json', 'utf8')) as { paths: Record<string, object> };
const endpoints = Object.entries(paths).flatMap(([path, item]) =>
  Object.keys(item).map((method) => ({ method, path })),
);

let server: OwnServer;
let ses: LocalSes;
let served: readonly Served[];
beforeAll(async () => {
  server = await startOwnServer();
  ses = await startSes();
  // The limits count in a table that a standby has nothing of: the one of an IP before anything else, the others with the rest.
  const ofUsers = { EMAIL_RATE_LIMIT_PER_USER_HOUR: '1000', EMAIL_RATE_LIMIT_ALL_PER_MINUTE: '1000' };
  const ofIps = { RATE_LIMIT_MAX_REQUESTS: '10000', RATE_LIMIT_PER_SECOND: '1000', RATE_LIMIT_BURST: '1000' };
  served = await Promise.all([{ ...ofUsers, ...ofIps }, ofUsers, {}].map((env) => serve(server, env, ses.url)));
}, 60_000);
afterAll(async () => {
  await Promise.all((served ?? []).map(({ api }) => api.stop()));
  await ses?.close();
  await server?.end();
});

async function askAll(): Promise<ReadonlyMap<string, readonly number[]>> {
  const token = await tokenOf(user(1), 'admin');
  const answers = new Map<string, number[]>();
  // Each of one more than once, since the first may still find the connection that was lost.
  for (const { call } of [...served, ...served]) {
    for (const { method, path } of endpoints) {
      const at = path.replace('{email}', email).replace(/(timeline|otp-history)$/, `$1?email=${email}`);
      const { status } = await call(method.toUpperCase(), at, {
        token,
        ...(method === 'post' && { body: bodies[path] }),
      });
      answers.set(`${method} ${path}`, [...(answers.get(`${method} ${path}`) ?? []), status]);
    }
  }
  return answers;
}

test('no endpoint answers 500 while it stands by, no code is promised, and all of it works again once promoted', async () => {
  const before = await askAll();
  expect([...before].filter(([, statuses]) => statuses.some((status) => status >= 500))).toEqual([]);
  await server.standBy();
  // What /health has asked of the database stands for so long.
  await sleep(1000);
  const during = await askAll();
  const statuses = new Set([...during.values()].flat());
  expect(
    [...statuses].filter((status) => status === 500),
    JSON.stringify([...during]),
  ).toEqual([]);
  expect([during.get('get /health'), during.get('get /health/live')]).toEqual([
    served.flatMap(() => [503, 503]),
    served.flatMap(() => [200, 200]),
  ]);
  // The doctor says what it is, and not that it is away.
  expect(await examineOne({ databaseUrl: server.url }, 'database')).toMatchObject({
    status: 'wrong',
    what: expect.stringContaining('is read-only.'),
  });
  // What can be answered by reading is, and nothing is said to be done that was not.
  for (const path of ['send-otp', 'resend-otp']) {
    expect(during.get(`post /api/email-verification/${path}`), path).toEqual(served.flatMap(() => [503, 503]));
  }
  await server.promote();
  for (const { call } of served) await expect.poll(async () => (await call('GET', '/health')).status).toBe(200);
  await sleep(1000);
  const after = await askAll();
  expect([...after].filter(([, found]) => found.some((status) => status >= 500))).toEqual([]);
});
