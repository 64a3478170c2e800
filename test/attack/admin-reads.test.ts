/** Whatever admins look at, and however slowly it is found, nobody who wants a code waits for it; and nothing goes on for who has left. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LocalSes } from '../../services/ses-local/server.ts';
import { type Answer, startSes, tokenOf, user } from '../support/api.ts';
import { ISO } from '../support/contract.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { atOnce } from '../support/load.ts';
import { type Served, serve } from '../support/served.ts';

const base = '/api/admin/email-management';

/** What stands in the text of every statement that admins read with, and of none that is read for a code: a page's offset is a parameter. */
const ADMINS_READ = '(like|offset [$]|filter .where)';

let db: TestDatabase;
let ses: LocalSes;
let served: Served;
let admin: string;
let person: string;
beforeAll(async () => {
  [db, ses] = await Promise.all([createTestDatabase(), startSes()]);
  // Every statement that searches or counts takes for ever, as with more rows than the server can look through.
  await db.owner`create table slowness (seconds float8 not null)`;
  await db.owner`grant select on slowness to public`;
  await db.owner`insert into slowness values (0)`;
  await db.owner`insert into user_email_addresses (user_id, email_address) values (${user(5)}, 'five@example.com')`;
  await db.owner`insert into email_otp_verifications (user_id, email, otp, expires_at)
    values (${user(5)}, 'five@example.com', 'x', now())`;
  await db.owner`insert into streams (id, version, state)
    values ('five@example.com', 1, '{"suppression": {"reason": "admin", "at": 1}}')`;
  for (const table of ['user_email_addresses', 'email_otp_verifications', 'streams']) {
    const slow = `current_query() ~ '${ADMINS_READ}' and pg_sleep((select seconds from slowness)) is null`;
    await db.owner.unsafe(`alter table ${table} enable row level security`);
    await db.owner.unsafe(`create policy slow on ${table} using ((${slow}) is not null)`);
  }
  served = await serve(db, {}, ses.url);
  [admin, person] = await Promise.all([tokenOf(user(900), 'super_admin'), tokenOf(user(1))]);
}, 60_000);
beforeEach(() => slowness(0));
afterAll(async () => {
  await slowness(0);
  await served.api.stop();
  await Promise.all([ses.close(), db.drop()]);
});

const slowness = (seconds: number) => db.owner`update slowness set seconds = ${seconds}`;

/** How many statements of admins' reads the server is at. */
async function underWay(): Promise<number> {
  const rows = await db.owner`
    select from pg_stat_activity
    where datname = current_database() and state = 'active' and pid <> pg_backend_pid()
      and query ~ ${ADMINS_READ}
  `;
  return rows.length;
}

const look = (path: string): Promise<Answer> => served.call('GET', `${base}/${path}`, { token: admin });

let asked = 0;

/** For an address that nobody has asked for. */
const sendOtp = () =>
  served.call('POST', '/api/email-verification/send-otp', {
    token: person,
    body: { email: `p${++asked}@example.com` },
  });

test('fifty admins who want the figures at once all get them, with what was written before they asked', async () => {
  const [row] = await db.owner`select id from user_email_addresses`;
  await db.owner`update user_email_addresses set is_verified = true, verified_at = now() where id = ${Number(row?.id)}`;
  const answers = await atOnce(50, () => look('stats'));
  for (const { status, body } of answers)
    expect([status, body.stats]).toEqual([200, expect.objectContaining({ total_emails: 1, verified_emails: 1 })]);
});

describe('while everything that admins look at takes for ever', () => {
  test('an admin’s change goes through', async () => {
    await sendOtp();
    await slowness(60);
    const looked = atOnce(20, () => look('user-emails?search=nobody'));
    await expect.poll(underWay).toBeGreaterThan(0);
    const [row] = await db.owner`select id from user_email_addresses where email_address = 'p1@example.com'`;
    const body = { emailId: row?.id as number, verified: true };
    expect(await served.call('POST', `${base}/toggle-verification`, { token: admin, body })).toMatchObject({
      status: 200,
    });
    await looked;
  });

  test('the server ends what nobody waits for any more, and the next who ask are answered', async () => {
    await slowness(60);
    await atOnce(6, () => look('user-emails?search=nobody'));
    await expect.poll(underWay, { timeout: 15_000 }).toBe(0);
    await slowness(0);
    expect((await look('user-emails?search=five')).body.emails).toHaveLength(1);
  });

  test('who hangs up is forgotten: what waits for a turn is never sent, and is no failure', async () => {
    await slowness(60);
    const left = new AbortController();
    const before = served.lines().length;
    const looked = atOnce(12, () =>
      fetch(`${served.api.url}${base}/user-emails?search=nobody`, {
        headers: { Authorization: `Bearer ${admin}` },
        signal: left.signal,
      }).catch(() => 'left'),
    );
    await expect.poll(underWay).toBe(2);
    left.abort();
    expect(await looked).toEqual(Array(12).fill('left'));
    await expect.poll(underWay, { timeout: 15_000 }).toBe(0);
    const lines = served.lines().slice(before);
    expect(lines.filter(({ event, level }) => event === 'store_unavailable' || level === 'error')).toEqual([]);
    // Ten more turns of sixty seconds would stand before this one.
    await slowness(0);
    expect((await look('user-emails?search=five')).status).toBe(200);
  });

  test.each([
    ['searches', 'user-emails?search=nobody'],
    ['pages', 'user-emails?page=7'],
    ['codes', 'otp-history?email=nobody'],
    ['suppressed addresses', 'suppressions'],
    // Last: what counts goes on for thirty seconds.
    ['figures', 'stats'],
  ])(
    'forty %s at once: codes are sent, the api is well, and each admin is told in time to come again',
    async (_what, path) => {
      await slowness(60);
      const looked = atOnce(40, () => look(path));
      await expect.poll(underWay).toBeGreaterThan(0);
      const sent = await atOnce(20, sendOtp);
      expect(sent.map(({ status }) => status)).toEqual(Array(20).fill(200));
      expect((await served.call('GET', '/health')).status).toBe(200);
      expect(await underWay()).toBeLessThan(4);
      for (const { status, body, headers } of await looked) {
        // What was counted before is better than nothing, and says of when it is.
        if (path === 'stats') expect([status, body.asOf]).toEqual([200, expect.stringMatching(ISO)]);
        else expect([status, body.error]).toEqual([503, 'store_unavailable']);
        if (status === 503) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      }
      await slowness(0);
      expect(served.lines().filter(({ level }) => level === 'error')).toEqual([]);
    },
  );
});
