/** Two versions of the api beside each other, the next one with another state: each decides rightly on what the other wrote. */
import { STATE_VERSION } from '../../services/core/state.ts';
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { rebuild } from '../../services/store/rebuild.ts';
import { compareSample } from '../../services/store/sample.ts';
import { type ApiProcess, apiEnvironment, startApiProcess, startSes, tokenOf, user } from '../support/api.ts';
import { BASE, UUID } from '../support/contract.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { mailedCode } from '../support/history.ts';
import { wrongCode } from '../support/mailbox.ts';
import { createNextVersion, nextState } from '../support/next-version.ts';

/** The next version counts what was ever asked for, and refuses the fourth. */
const next = createNextVersion([
  ...nextState,
  [
    'services/core/request-code.ts',
    '  if (suppressionOf(state, context)) return',
    '  if (suppressionOf(state, context) || !(state.asked < 3)) return',
  ],
]);

let db: TestDatabase;
let ses: LocalSes;
let oldApi: ApiProcess;
let nextApi: ApiProcess;
let ahead = 0;

beforeAll(async () => {
  [db, ses] = await Promise.all([createTestDatabase(), startSes()]);
  const options = { databaseUrl: db.url, sesUrl: ses.url };
  [oldApi, nextApi] = await Promise.all([startApiProcess(options), startApiProcess({ ...options, cwd: next.folder })]);
});
afterAll(async () => {
  await Promise.all([oldApi?.kill('SIGKILL'), nextApi?.kill('SIGKILL')]);
  await Promise.all([ses?.close(), db?.drop()]);
  next.remove();
});

const later = () => db.setClockAhead((ahead += 1801));

/** Resolves once the mail's outcome is recorded too, by whichever api it was. */
async function ask(api: ApiProcess, email: string): Promise<string> {
  const { status, body } = await api.call('POST', `${BASE}/send-otp`, {
    token: await tokenOf(user(1)),
    body: { email },
  });
  await expect.poll(() => db.owner`select 1 from outbox`).toHaveLength(0);
  return status === 200 ? String(body.otpId) : String(body.error);
}

async function guess(api: ApiProcess, email: string, otpId: string, right: boolean): Promise<string> {
  const code = await mailedCode(ses.url, email, otpId, 5000);
  const body = { email, otp: right ? code : wrongCode(code) };
  const answer = await api.call('POST', `${BASE}/verify-otp`, { token: await tokenOf(user(1)), body });
  return answer.status === 200 ? 'verified' : String(answer.body.error);
}

/** Of each address: whose snapshot it is, and what the next version has counted in it. */
const versions = async (...names: string[]) => {
  const rows = await db.owner`select id, state_version, state -> 'asked' as asked from streams`;
  return names.map((name) => {
    const row = rows.find(({ id }) => id === `${name}@example.com`);
    return [row?.state_version, row?.asked];
  });
};

/** Two addresses, one that the old version wrote last and one that the next did. */
async function writeOneEach(name: string): Promise<[old: string, next: string]> {
  const names = [`old-${name}`, `next-${name}`] as [string, string];
  await ask(oldApi, `${names[0]}@example.com`);
  await ask(nextApi, `${names[1]}@example.com`);
  expect(await versions(...names)).toEqual([
    [STATE_VERSION, null],
    [STATE_VERSION + 1, 1],
  ]);
  return names;
}

describe('while two versions write', () => {
  test('a count that only the next one keeps is right on addresses that the old one began, and holds', async () => {
    const email = 'counted@example.com';
    expect(await ask(oldApi, email)).toMatch(UUID);
    await later();
    expect(await ask(nextApi, email)).toMatch(UUID);
    expect(await versions('counted')).toEqual([[STATE_VERSION + 1, 2]]);
    await later();
    expect(await ask(oldApi, email)).toMatch(UUID);
    expect(await versions('counted')).toEqual([[STATE_VERSION, null]]);
    await later();
    expect(await ask(nextApi, email)).toBe('address_suppressed');
    expect(await ask(oldApi, email)).toMatch(UUID);
  });

  test.each([
    ['the old one issued', () => ({ issuing: oldApi, judging: nextApi })],
    ['the next one issued', () => ({ issuing: nextApi, judging: oldApi })],
  ] as const)('a code that %s is judged by the other, guess by guess', async (name, apis) => {
    const { issuing, judging } = apis();
    const email = `${name.split(' ')[1]}@example.com`;
    const otpId = await ask(issuing, email);
    const told = [];
    for (const [api, right] of [
      [judging, false],
      [issuing, false],
      [judging, true],
    ] as const)
      told.push(await guess(api, email, otpId, right));
    expect(told).toEqual(['otp_incorrect', 'otp_incorrect', 'verified']);
    const status = async (api: ApiProcess) =>
      (await api.call('GET', `${BASE}/status/${email}`, { token: await tokenOf(user(1)) })).body.verified;
    expect([await status(judging), await status(issuing)]).toEqual([true, true]);
  });

  test('neither calls the rows of the other different, and each can make all of them its own', async () => {
    const names = await writeOneEach('rebuilt');
    const same = { streams: 0, user_email_addresses: 0, email_otp_verifications: 0 };
    expect(await compareSample(db.sql, 50)).toMatchObject({ rowsDiffering: 0 });
    expect(await rebuild(db.ownerUrl, { check: true })).toEqual(same);
    const env = { ...apiEnvironment({ databaseUrl: db.url, sesUrl: ses.url }), DATABASE_ADMIN_URL: db.ownerUrl };
    const nextRebuild = (...more: string[]) =>
      execFileSync(process.execPath, ['services/cli/main.ts', 'rebuild', ...more], {
        cwd: next.folder,
        env,
        stdio: 'pipe',
      });
    nextRebuild('--check');
    nextRebuild();
    expect(await versions(...names)).toEqual([
      [STATE_VERSION + 1, 1],
      [STATE_VERSION + 1, 1],
    ]);
    expect(await rebuild(db.ownerUrl, { check: true })).toEqual(same);
  });

  test('a snapshot that is wrong in what both know is different all the same', async () => {
    const [old, newer] = await writeOneEach('wrong');
    await db.owner`update streams set expires_at = '2020-01-01Z' where id = ${`${newer}@example.com`}`;
    expect(await rebuild(db.ownerUrl, { check: true })).toMatchObject({ streams: 1 });
    await db.owner`update streams set state = '{}' where id = ${`${old}@example.com`}`;
    expect(await rebuild(db.ownerUrl, { check: true })).toMatchObject({ streams: 2 });
  });
});
