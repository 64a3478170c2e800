/** What an api does again and again, while the database refuses it: told once with the database's own words, counted, and told when it is over. */
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startSes, user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { handlerOn, requestOf } from '../support/handlers.ts';
import { addressOf } from '../support/rules.ts';
import { serve, TEST_KEYS } from '../support/served.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test('a right that is taken away is told by loop, with the table, and so is its return; what waited is mailed then', async () => {
  const ses = await startSes();
  const { api, lines, metrics } = await serve(db, { OTP_KEYS: TEST_KEYS }, ses.url);
  onTestFinished(async () => {
    await api.stop();
    await ses.close();
  });
  const told = (event: string) =>
    lines()
      .filter((line) => line.event === event)
      .map(({ loop, errorCode, errorText }) => [loop, errorCode, errorText]);
  const failures = async (loop: string) => (await metrics()).get(`sealpost_loop_failures_total{loop="${loop}"}`) ?? 0;
  const lastSuccess = async (loop: string) =>
    (await metrics()).get(`sealpost_loop_last_success_timestamp_seconds{loop="${loop}"}`) ?? 0;
  await expect.poll(() => lastSuccess('watch-backlog')).toBeGreaterThan(0);
  await db.owner`revoke all on outbox from sealpost_app`;
  await expect.poll(() => failures('claim-mails')).toBeGreaterThan(2);
  await expect.poll(() => failures('watch-backlog')).toBeGreaterThan(1);
  const refused = ['42501', 'permission denied for table outbox'];
  expect(told('loop_failing').toSorted()).toEqual([
    ['claim-mails', ...refused],
    ['watch-backlog', ...refused],
  ]);
  expect(told('loop_recovered')).toEqual([]);
  await db.owner`grant select, insert, update, delete on outbox to sealpost_app`;
  const before = await lastSuccess('watch-backlog');
  await expect.poll(() => lastSuccess('watch-backlog')).toBeGreaterThan(before);
  await expect
    .poll(() =>
      told('loop_recovered')
        .map(([loop]) => loop)
        .toSorted(),
    )
    .toEqual(['claim-mails', 'watch-backlog']);
  expect(told('loop_failing')).toHaveLength(2);
  await handlerOn(db.sql).handle(requestOf(addressOf('later@example.com'), user(1)));
  await expect.poll(async () => (await db.owner`select 1 from events where type = 'sent'`).length).toBe(1);
});
