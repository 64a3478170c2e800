/** What is erased is gone, also from what stands beside the log; and what was closed to mails stays closed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenOf, user } from '../support/api.ts';
import { startStage, type Stage } from '../support/contract.ts';

const ADMIN = '/api/admin/email-management';

let stage: Stage;
let admin: string;
beforeAll(async () => {
  stage = await startStage({ EMAIL_RESEND_COOLDOWN: '1', EMAIL_RATE_LIMIT_USER_SHARE_PER_HOUR: '5' });
  admin = await tokenOf(user(900), 'admin');
});
afterAll(() => stage.stop());

const say = (act: string, email: string, token = admin) =>
  stage.api.call('POST', `${ADMIN}/${act}`, { token, body: { email } });

/** Every value in every table, and what the planner keeps of them. */
async function everywhere(): Promise<string> {
  const { owner } = stage.db;
  const tables = await owner<{ name: string }[]>`select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r'`;
  const rows = await Promise.all(
    tables.map(({ name }) => owner`select ${owner(name)}::text as row from ${owner(name)}`),
  );
  const kept = await owner`select tablename || attname || coalesce(most_common_vals::text, '') ||
    coalesce(histogram_bounds::text, '') as row from pg_stats where schemaname = 'public'`;
  return [...rows.flat(), ...kept].map(({ row }) => String(row)).join('\n');
}

describe('the planner', () => {
  test('keeps no samples of addresses and users’ ids, however often it looks', async () => {
    for (let n = 0; n < 30; n++) await (await stage.as(100 + n)).send({ email: `sampled-${n}@example.com` });
    await stage.settled();
    await stage.db.owner.unsafe('analyze');
    const samples = await stage.db
      .sql`select coalesce(most_common_vals::text, '') || coalesce(histogram_bounds::text, '') as
      of from pg_stats where schemaname = 'public'`;
    const text = samples.map((row) => String(row.of)).join('\n');
    expect(text.length).toBeGreaterThan(0);
    expect(text).not.toMatch(/sampled-\d|@example\.com/);
    for (let n = 0; n < 30; n++) expect(text).not.toContain(user(100 + n));
  });
});

describe('an erasure', () => {
  test('25 times beside requests under keys of a verified user: nothing is left of the address that was not asked for anew', async () => {
    for (let round = 0; round < 25; round++) {
      const email = `beside-${round}@example.com`;
      const caller = await stage.as(300 + round);
      await caller.send({ email });
      await caller.verify({ email, otp: await stage.code(email) });
      const asking = Array.from({ length: 6 }, (_, n) =>
        caller.send({ email }, { 'Idempotency-Key': `key-of-round-${round}-${n}` }),
      );
      await Promise.all([...asking, say('erase', email)]);
      await stage.settled();
      const [row] = await stage.db.owner`select
        (select count(*) from idempotency_keys where stream_id = ${email} and not exists (
          select from streams where id = ${email}))::integer as keys`;
      expect(row, `round ${round}`).toEqual({ keys: 0 });
    }
  }, 60_000);

  test('leaves no word of the mail service, whatever it named', async () => {
    const email = 'named.by.a.relay@example.com';
    await (await stage.as(1)).send({ email });
    await stage.settled();
    const { owner } = stage.db;
    await owner`update events set data = data || '{"messageId": "250 2.1.5 <named.by.a.relay@example.com> ok"}'
      where stream_id = ${email} and type = 'sent'`;
    await owner`insert into events (stream_id, version, type, at, data)
      values (${email}, 90, 'send_failed', now(), '{"words": "550 <named.by.a.relay@example.com>: unknown", "otpId": "x"}')`;
    expect((await say('erase', email)).status).toBe(200);
    expect(await everywhere()).not.toContain('named.by.a.relay');
  });

  test.each([
    ['bounce', async (email: string) => void (await closeAs(email, 'bounce'))],
    ['admin', async (email: string) => void (await say('suppressions', email))],
  ])('of an address that was closed by %s keeps it closed, and names it nowhere', async (why, close) => {
    const email = `closed-${why}@example.com`;
    const caller = await stage.as(7);
    await caller.send({ email });
    await stage.settled();
    await close(email);
    expect((await say('erase', email)).status).toBe(200);
    expect(await everywhere()).not.toContain(email);
    expect((await stage.unchanged(() => caller.send({ email }))).body.error).toBe('address_suppressed');
    // Erased again and again it stays so; an admin's word opens it, and that outlives the next erasure.
    await say('erase', email);
    expect((await caller.send({ email })).body.error).toBe('address_suppressed');
    expect((await say('suppressions/lift', email)).status).toBe(200);
    await say('erase', email);
    await stage.later(3600);
    expect((await caller.send({ email })).status).toBe(200);
  });

  test('of an address that was open leaves it open, and no hash of it', async () => {
    const email = 'open@example.com';
    const caller = await stage.as(8);
    await caller.send({ email });
    await stage.settled();
    const hashes = () => stage.db.owner`select from events where type = 'erased' and data ? 'addressHash'`;
    const before = (await hashes()).length;
    await say('erase', email);
    expect(await hashes()).toHaveLength(before);
    await stage.later(61);
    expect((await caller.send({ email })).status).toBe(200);
  });
});

async function closeAs(email: string, reason: string): Promise<void> {
  await stage.db.owner`
    with recorded as (
      insert into events (stream_id, version, type, at, data)
      select id, version + 1, 'suppressed', now(), jsonb_build_object('reason', ${reason}::text, 'by', null)
      from streams where id = ${email}
    )
    update streams
    set version = version + 1,
      state = state || jsonb_build_object('suppression', jsonb_build_object('reason', ${reason}::text, 'at', 1))
    where id = ${email}
  `;
}

test('1,500 requests of one verified user under keys leave a hundred rows', async () => {
  const email = 'many-keys@example.com';
  const caller = await stage.as(9);
  await caller.send({ email });
  await caller.verify({ email, otp: await stage.code(email) });
  for (let n = 0; n < 15; n++)
    await Promise.all(
      Array.from({ length: 100 }, (_, k) =>
        caller.send({ email }, { 'Idempotency-Key': `many-keys-${n}-${k}-0123456` }),
      ),
    );
  const [row] = await stage.db.owner`select count(*)::integer as n from idempotency_keys where caller = ${user(9)}`;
  // Those of one moment don't see each other.
  expect(Number(row?.n)).toBeLessThanOrEqual(200);
}, 60_000);
