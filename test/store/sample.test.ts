/** The sample of addresses whose rows are compared with their events: true beside writers, and it writes nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareSample } from '../../services/store/sample.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { handlerOn, requestOf } from '../support/handlers.ts';
import { addressOf } from '../support/rules.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const addresses = Array.from({ length: 20 }, (_, n) => addressOf(`sample${n}@example.com`));
const unlimited = { cooldownSeconds: 0, requestsPerHourMax: 1e6, requestsPerDayMax: 1e6 };

describe('the sample', () => {
  test('of an empty log is of no address', async () => {
    expect(await compareSample(db.sql, 50)).toEqual({ addresses: 0, rowsDiffering: 0 });
  });

  test('finds no difference while every drawn address is written to', async () => {
    const handler = handlerOn(db.sql, unlimited);
    await Promise.all(addresses.map((address) => handler.handle(requestOf(address, user(1)))));
    const stop = new AbortController();
    const writers = addresses.map(async (address) => {
      for (let n = 0; !stop.signal.aborted; n++) await handler.handle(requestOf(address, user(1), `purpose${n % 5}`));
    });
    const found = [];
    for (let run = 0; run < 15; run++) found.push(await compareSample(db.sql, 200));
    stop.abort();
    await Promise.all(writers);
    expect(Math.max(...found.map((one) => one.addresses))).toBe(addresses.length);
    expect(found.map(({ rowsDiffering }) => rowsDiffering)).toEqual(found.map(() => 0));
  });

  test('counts a row that was changed behind the log, and leaves it as it is', async () => {
    expect(await compareSample(db.sql, 200)).toEqual({ addresses: addresses.length, rowsDiffering: 0 });
    await db.owner`update email_otp_verifications set attempts = 9 where email = ${addresses[0] ?? ''} and purpose = 'purpose0'`;
    const { rowsDiffering } = await compareSample(db.sql, 200);
    const [kept] = await db.owner`select count(*)::int as n from email_otp_verifications where attempts = 9`;
    expect(rowsDiffering).toBe(kept?.n);
    expect(rowsDiffering).toBeGreaterThan(0);
  });
});
