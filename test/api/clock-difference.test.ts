/** How far the database's clock is ahead, as the api tells it: it goes by that clock, and its own judges tokens. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { serve } from '../support/served.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test.each([0, 100, -100])('a clock that is %i seconds ahead', async (seconds) => {
  await db.setClockAhead(seconds);
  const { api, metrics } = await serve(db);
  const told = (await metrics()).get('sealpost_clock_difference_seconds');
  await api.stop();
  expect(Math.abs(Number(told) - seconds)).toBeLessThan(5);
});
