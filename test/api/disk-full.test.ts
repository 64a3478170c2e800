/** A database whose disk is full answers and records nothing: health says so, and is well again with the first that is recorded. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tokenOf, user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { serve, type Served } from '../support/served.ts';

let db: TestDatabase;
let served: Served;
beforeAll(async () => {
  db = await createTestDatabase();
  served = await serve(db);
});
afterAll(async () => {
  await served.api.stop();
  await db.drop();
});

/** From here on whatever writes an event fails as on a full disk; until the function that is returned is called. */
async function fillDisk(): Promise<() => Promise<void>> {
  await db.owner.unsafe(`
    create function full_disk() returns trigger language plpgsql as $$
    begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
    create trigger full_disk before insert on events execute function full_disk();
  `);
  return async () => void (await db.owner.unsafe('drop function full_disk() cascade'));
}

const send = async (name: string) =>
  (
    await served.call('POST', '/api/email-verification/send-otp', {
      token: await tokenOf(user(1)),
      body: { email: `${name}@example.com` },
    })
  ).status;
const health = async () => {
  const { status, body } = await served.call('GET', '/health');
  return [status, body.detail ?? body.status];
};

test('health is 503 while requests find it full, with the reason, and 200 with the first that is recorded', async () => {
  expect([await send('before'), await health()]).toEqual([200, [200, 'OK']]);
  const clear = await fillDisk();
  expect(await send('during')).toBe(503);
  expect(await health()).toEqual([503, 'The database answers, but does not record: its disk may be full.']);
  await clear();
  expect([await send('after'), await health()]).toEqual([200, [200, 'OK']]);
});
