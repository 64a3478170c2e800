/** The permits to send: one bucket for all processes, by the database's clock. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { takePermits } from '../../services/store/outbox.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { atOnce } from '../support/load.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const RATE = 50;
const SECONDS = 3;

test('three processes that ask all the time get the rate between them, and never more than a tenth of it at once', async () => {
  const started = performance.now();
  const takenAt: number[] = [];
  await atOnce(3, async () => {
    while (performance.now() - started < SECONDS * 1000) {
      const { granted, waitMilliseconds } = await takePermits(db.sql, 20, RATE);
      expect(granted).toBeLessThanOrEqual(RATE / 10);
      for (let n = 0; n < granted; n++) takenAt.push(performance.now());
      await sleep(granted > 0 ? 1 : waitMilliseconds);
    }
  });
  const seconds = (performance.now() - started) / 1000;
  expect(takenAt.length).toBeLessThanOrEqual(RATE * seconds + RATE / 10);
  expect(takenAt.length).toBeGreaterThan(RATE * SECONDS * 0.7);
});

test('who is granted nothing hears how long to wait, exactly', async () => {
  await db.owner`delete from rate_windows`;
  expect(await takePermits(db.sql, 1, 0.5)).toMatchObject({ granted: 1 });
  const { granted, waitMilliseconds } = await takePermits(db.sql, 1, 0.5);
  expect(granted).toBe(0);
  expect(waitMilliseconds).toBeGreaterThan(1000);
  expect(waitMilliseconds).toBeLessThanOrEqual(2000);
});
