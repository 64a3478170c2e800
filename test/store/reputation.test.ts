/** What came back of the last day's mails: by person and hour, since sending was resumed, and the users with most. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { countSent, readReputation, resumeSending } from '../../services/store/reputation.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { stopClockAt } from '../support/still-clock.ts';

const NOW = '2026-05-10T10:30:00.000Z';
const [INSIDE, OUTSIDE] = ['2026-05-09T10:30:00.001Z', '2026-05-09T10:30:00.000Z'];

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await stopClockAt(db, NOW);
  await db.owner`truncate events, email_otp_verifications, sending_resumptions, mails_sent`;
});
afterAll(() => db.drop());

async function happened(type: string, at: string, data: object = {}, stream = 'a@example.com'): Promise<void> {
  await db.owner`insert into events (stream_id, version, type, at, data)
    values (${stream}, (select count(*) + 1 from events), ${type}, ${at}, ${db.owner.json(data as never)})`;
}

/** A code that the user asked for, for an address of its own, and that a report came for. */
async function cameBack(n: number, by: number, report: object, at = NOW): Promise<void> {
  const [otpId, stream] = [user(5000 + n), `a${n}@example.com`];
  const { type = 'bounced', ...data } = report as { type?: string };
  await happened('requested', OUTSIDE, { otpId, userId: user(by) }, stream);
  await happened(type, at, { otpId, ...data }, stream);
}
const hard = { permanent: true, subType: 'General' };
const complaint = { type: 'complained', complaint: 'abuse' };
const read = (people: 'users' | 'addresses' = 'users') => readReputation(db.sql, people);

describe('what counts', () => {
  test('is of 24 hours to the millisecond: permanent bounces and complaints, and nothing else', async () => {
    for (const type of ['requested', 'send_failed', 'delivered', 'suppressed']) await happened(type, INSIDE);
    await cameBack(1, 1, hard, OUTSIDE);
    await cameBack(2, 2, hard, INSIDE);
    await cameBack(3, 3, { permanent: false, subType: 'General' });
    await cameBack(4, 4, { permanent: true, subType: 'OnAccountSuppressionList' });
    await cameBack(5, 5, complaint, OUTSIDE);
    await cameBack(6, 6, complaint);
    const { kinds, users } = await read();
    expect([kinds.bounced.reports, kinds.complained.reports, users]).toEqual([1, 1, []]);
  });

  test('one user is one person however many came back, in the hour of the last; by addresses each is one', async () => {
    for (let n = 0; n < 4; n++) await cameBack(n, 1, hard, '2026-05-10T08:15:00Z');
    await cameBack(4, 1, hard, '2026-05-10T09:59:59Z');
    await cameBack(5, 2, hard, '2026-05-10T09:00:00Z');
    const hour = Date.parse('2026-05-10T09:00:00Z');
    const by = (await read('addresses')).kinds.bounced;
    expect((await read()).kinds.bounced).toMatchObject({ reports: 6, people: [{ people: 2, hour }] });
    expect([by.reports, by.people.map((one) => one.people).toSorted()]).toEqual([6, [2, 4]]);
  });

  test('users with three and more, each address once, beside the codes of the time', async () => {
    for (let n = 0; n < 3; n++) await cameBack(n, 1, n === 0 ? complaint : hard, `2026-05-10T08:1${n}:00Z`);
    await happened('bounced', NOW, { otpId: user(5001), ...hard }, 'a1@example.com');
    await cameBack(8, 2, hard);
    await cameBack(9, 2, hard);
    for (const [n, at] of [INSIDE, INSIDE, OUTSIDE].entries())
      await db.owner`insert into email_otp_verifications (id, user_id, email, otp, purpose, expires_at, created_at)
        values (${user(n)}, ${user(1)}, 'a@example.com', 'x', 'verification', ${NOW}, ${at})`;
    expect((await read()).users).toEqual([
      {
        userId: user(1),
        codes: 2,
        bounced: { addresses: 2, thirdLastAt: Date.parse('2026-05-10T08:11:00Z') },
        complained: { addresses: 1, thirdLastAt: null },
      },
    ]);
    expect((await read('addresses')).users).toEqual([]);
  });

  test('what came back before sending was resumed does not, nor do the mails of the hours before', async () => {
    for (let n = 0; n < 3; n++) await cameBack(n, 1, hard, '2026-05-10T09:00:00Z');
    await stopClockAt(db, '2026-05-10T09:05:00Z');
    await countSent(db.sql, 100);
    await stopClockAt(db, '2026-05-10T10:10:00Z');
    await countSent(db.sql, 10);
    await resumeSending(db.sql, user(9));
    await stopClockAt(db, NOW);
    await countSent(db.sql, 1);
    await cameBack(4, 2, hard);
    const { kinds, users, sent } = await read();
    expect([kinds.bounced.reports, users, sent]).toEqual([
      1,
      [],
      [{ hour: Date.parse('2026-05-10T10:00:00Z'), sent: 11 }],
    ]);
    expect(await db.owner`select by from sending_resumptions`).toEqual([{ by: user(9) }]);
  });

  test('what a person who was erased had reported counts, and as nobody', async () => {
    for (let n = 0; n < 3; n++) await cameBack(n, 40 + n, complaint);
    await db.owner`update events set stream_id = 'erased-' || stream_id || '@erased.invalid'`;
    expect((await read()).kinds.complained).toMatchObject({ reports: 3, people: [{ people: 0 }] });
  });

  test('a moment of resuming that a wrong clock dated ahead hides nothing', async () => {
    await db.owner`insert into sending_resumptions (at, by) values ('2026-06-10', 'x')`;
    await cameBack(1, 1, hard);
    expect((await read()).kinds.bounced.reports).toBe(1);
  });
});

const sent = async () => (await read()).sent.map((one) => one.sent);

test('mails are counted hour by hour, of a day; what is over, or of a wrong clock, is forgotten', async () => {
  for (const [at, mails] of [
    ['2026-05-07T10:00:00Z', 1],
    ['2026-05-09T09:59:00Z', 2],
    ['2026-05-09T10:01:00Z', 4],
    ['2026-05-10T10:29:00Z', 8],
    [NOW, 16],
  ] as const) {
    await stopClockAt(db, at);
    await countSent(db.sql, mails);
  }
  expect((await sent()).toSorted()).toEqual([24, 4]);
  expect(await db.owner`select sum(sent)::integer as all from mails_sent`).toEqual([{ all: 30 }]);
  await db.owner`insert into mails_sent values ('2026-06-10T10:00:00Z', 99)`;
  await countSent(db.sql, 1);
  expect((await sent()).toSorted()).toEqual([25, 4]);
  expect(await db.owner`select from mails_sent where sent = 99`).toHaveLength(0);
});
