/** What is told of each batch: how long the store took to load and to append, where it did, and the state that events led to. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultPolicy } from '../../services/core/policy.ts';
import { createCodeBook } from '../../services/mail/otp-code.ts';
import { closedHashes } from '../../services/runtime/keys.ts';
import { createHandler } from '../../services/store/handle.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { requestOf } from '../support/handlers.ts';
import { addressOf, testKeys } from '../support/rules.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test('a batch that records tells both steps, one that has nothing to record only that it was loaded, a failed one neither', async () => {
  const steps: string[] = [];
  const recorded: string[] = [];
  const handler = createHandler({
    sql: db.sql,
    policy: { ...defaultPolicy, requestsPerUserHourMax: 0, requestsPerMinuteMax: 0 },
    codeBook: (epoch) => createCodeBook(testKeys, epoch),
    closedHashes: (address) => closedHashes(testKeys, address),
    timeoutMilliseconds: 5000,
    lanes: 1,
    onStep: (step, milliseconds) =>
      steps.push(milliseconds > 0 && milliseconds < 5000 ? step : `${step} ${milliseconds}`),
    onRecorded: (events, state) => recorded.push(...events.map(({ type }) => `${type} ${state.codes.length}`)),
  });
  const address = addressOf('a@example.com');
  await handler.handle(requestOf(address, user(1)));
  expect([steps, recorded]).toEqual([['load', 'append'], ['requested 1']]);
  expect(await handler.handle({ type: 'expire-codes', address })).toMatchObject({ kind: 'unchanged' });
  expect([steps, recorded]).toEqual([['load', 'append', 'load'], ['requested 1']]);
  await db.owner`alter table streams rename to gone`;
  await expect(handler.handle(requestOf(addressOf('b@example.com'), user(1)))).rejects.toThrow();
  await db.owner`alter table gone rename to streams`;
  expect([steps, recorded]).toEqual([['load', 'append', 'load'], ['requested 1']]);
});
