/** Whether the database answers, as the alert on it sees it: from one look to the next. */
import { expect, onTestFinished, test } from 'vitest';
import { watchBacklog } from '../../services/api/watch-backlog.ts';
import { createMetrics } from '../../services/runtime/metrics.ts';
import { type Sql, StoreUnavailable } from '../../services/store/database.ts';

test('is told as soon as a look fails, and as soon as one succeeds again', async () => {
  let isThere = true;
  const ask = () =>
    isThere ? Promise.resolve([{ mails: 0, oldest_seconds: 0 }]) : Promise.reject(new StoreUnavailable('away'));
  const metrics = createMetrics('api');
  const told = async () => (await metrics.databaseAvailable.get()).values.map(({ value }) => value);
  expect(await told()).toEqual([]);
  const report = { succeeded: () => {}, failed: () => {} };
  const watching = watchBacklog(
    ask as unknown as Sql,
    600,
    { ratePerSecond: () => 1, metrics, reportOn: () => report },
    5,
  );
  onTestFinished(() => watching.stop());
  for (const there of [true, false, true, false]) {
    isThere = there;
    await expect.poll(told).toEqual([there ? 1 : 0]);
  }
});
