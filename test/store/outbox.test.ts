/** The outbox: who may claim which mail and for how long, what its holder may do with it and a loser not, and its size. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { claimMails, countUnsure, deferMail, outboxSize, takePermits } from '../../services/store/outbox.ts';
import { requestedData } from '../support/additions.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { address, numbers, type Times, waitingMail } from '../support/outbox-rows.ts';
import { stopClockAt } from '../support/still-clock.ts';

const NOW = '2026-05-04T10:00:00.000Z';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await stopClockAt(db, NOW);
  await db.empty();
});
afterAll(() => db.drop());

const wait = (n: number, times?: Times) => waitingMail(db, n, times);

const rows = async () =>
  (await db.owner`select otp_id, mailing, claimed_until, tries, unsure from outbox order by 1, 2`).map(
    ({ otp_id, mailing, claimed_until, tries, unsure }) =>
      `${Number(String(otp_id).slice(-3))}.${mailing} ${(claimed_until as Date).toISOString().slice(11, -1)} ${tries} ${unsure}`,
  );

describe('a claim', () => {
  test('takes the oldest first, as many as were asked for, for 15 seconds, and counts the try', async () => {
    await wait(1, { created: '09:59:03' });
    await wait(2, { created: '09:59:01', tries: 4 });
    await wait(3, { created: '09:59:02' });
    expect(numbers(await claimMails(db.sql, 2))).toEqual([2, 3]);
    expect(await rows()).toEqual(['1.1 09:59:00.000 0 0', '2.1 10:00:15.000 5 0', '3.1 10:00:15.000 1 0']);
    expect(numbers(await claimMails(db.sql, 2))).toEqual([1]);
    expect(await claimMails(db.sql, 2)).toEqual([]);
  });

  test('passes over what another holds, to the millisecond, and what nobody can use any more', async () => {
    await wait(1, { claimed: '10:00:00.001' });
    await wait(2, { claimed: '10:00:00.000' });
    await wait(3, { expires: '10:00:00.000' });
    await wait(4, { expires: '10:00:00.001' });
    await wait(5, { expires: '09:00:00', claimed: '10:00:10' });
    const before = await rows();
    expect(numbers(await claimMails(db.sql, 10)).toSorted()).toEqual([2, 4]);
    expect((await rows()).filter((_, index) => [0, 2, 4].includes(index))).toEqual(
      before.filter((_, index) => [0, 2, 4].includes(index)),
    );
  });

  test('takes, when asked for that, only whose claim has been over for so long, and at once what nobody ever held', async () => {
    await wait(1, { claimed: '09:59:50.000' });
    await wait(2, { claimed: '09:59:50.001' });
    await wait(3, { created: '09:59:59.999', claimed: '09:59:59.999' });
    await wait(4, { created: '10:00:00.001', claimed: '10:00:00.001' });
    expect(numbers(await claimMails(db.sql, 10, 10_000)).toSorted()).toEqual([1, 3]);
    expect(numbers(await claimMails(db.sql, 10, 9999))).toEqual([2]);
    expect(await claimMails(db.sql, 10)).toEqual([]);
  });

  test('brings what a mail needs: its event to the letter, the claim by its number, and the rest of its life', async () => {
    await wait(7, { created: '09:59:00.125', tries: 1, mailing: 1 });
    await wait(7, { created: '09:58:00', claimed: '10:00:01', mailing: 2 });
    expect(await claimMails(db.sql, 10)).toEqual([
      {
        address,
        event: { type: 'requested', version: 71, at: Date.parse('2026-05-04T09:59:00.125Z'), data: requestedData(7) },
        claim: 2,
        deferrals: 0,
        livesMilliseconds: 300_000,
      },
    ]);
  });

  test('takes what was never refused first, however young, then what was refused least often', async () => {
    await wait(1, { created: '09:59:01', deferrals: 2 });
    await wait(2, { created: '09:59:02', deferrals: 1 });
    await wait(3, { created: '09:59:03', tries: 9 });
    await wait(4, { created: '09:59:04' });
    await wait(5, { created: '09:59:05', deferrals: 1 });
    const mails = await claimMails(db.sql, 4);
    expect(numbers(mails)).toEqual([3, 4, 2, 5]);
    expect(mails.map(({ deferrals }) => deferrals)).toEqual([0, 0, 1, 1]);
    expect(numbers(await claimMails(db.sql, 4))).toEqual([1]);
  });

  test('does not wait for a row that another process is just claiming, and takes the next', async () => {
    await wait(1);
    await wait(2, { created: '09:59:30' });
    await db.owner.begin(async (other) => {
      await other`select from outbox where otp_id = ${user(1)} for update`;
      expect(numbers(await claimMails(db.sql, 1))).toEqual([2]);
    });
    expect(numbers(await claimMails(db.sql, 1))).toEqual([1]);
  });
});

test('a mail given back after a refusal counts it; one that was not tried, or whose claim was lost, does not', async () => {
  await wait(1);
  const refusals = async () => (await db.owner`select deferrals from outbox`)[0]?.deferrals;
  const [first] = await claimMails(db.sql, 1);
  if (!first) throw new Error('Nothing was claimed.');
  await deferMail(db.sql, first, 0);
  expect(await refusals()).toBe(0);
  const [second] = await claimMails(db.sql, 1);
  await deferMail(db.sql, first, 1000);
  expect(await refusals()).toBe(0);
  if (second) await deferMail(db.sql, second, 1000);
  expect(await refusals()).toBe(1);
});

describe('a claim given back', () => {
  test('is free for anyone after exactly so long; other mails, also of the same code, stay as they are', async () => {
    await wait(1);
    await wait(1, { mailing: 2 });
    await wait(2);
    const mail = (await claimMails(db.sql, 10)).find(({ event }) => event.version === 11);
    if (mail) await deferMail(db.sql, mail, 2500);
    expect(await rows()).toEqual(['1.1 10:00:02.500 1 0', '1.2 10:00:15.000 1 0', '2.1 10:00:15.000 1 0']);
    await stopClockAt(db, '2026-05-04T10:00:02.499Z');
    expect(await claimMails(db.sql, 10)).toEqual([]);
    await stopClockAt(db, '2026-05-04T10:00:02.500Z');
    expect(numbers(await claimMails(db.sql, 10))).toEqual([1]);
  });

  test('by who lost it meanwhile changes nothing of who has it now', async () => {
    await wait(1);
    const [lost] = await claimMails(db.sql, 1);
    await stopClockAt(db, '2026-05-04T10:00:15.000Z');
    const [held] = await claimMails(db.sql, 1);
    expect([lost?.claim, held?.claim]).toEqual([1, 2]);
    if (lost) await deferMail(db.sql, lost, 0);
    expect(await rows()).toEqual(['1.1 10:00:30.000 2 0']);
    // Given back unsent, it is as if nobody had ever held it.
    if (held) await deferMail(db.sql, held, 0);
    expect(await rows()).toEqual(['1.1 09:59:00.000 2 0']);
  });
});

test('requests without a clear answer are counted for their mail alone; of a settled one there is none', async () => {
  await wait(1);
  await wait(1, { mailing: 2 });
  await wait(2);
  const mails = await claimMails(db.sql, 10);
  const mail = mails.find(({ event }) => event.version === 11);
  if (!mail) throw new Error('Nothing was claimed.');
  expect([await countUnsure(db.sql, mail), await countUnsure(db.sql, mail)]).toEqual([1, 2]);
  expect(await rows()).toEqual(['1.1 10:00:15.000 1 2', '1.2 10:00:15.000 1 0', '2.1 10:00:15.000 1 0']);
  await db.owner`delete from outbox where mailing = 1`;
  expect(await countUnsure(db.sql, mail)).toBe(0);
});

test('its size is of mails that can still be used, claimed or not, and the age of the oldest of them', async () => {
  expect(await outboxSize(db.sql)).toEqual({ mails: 0, oldestSeconds: 0 });
  await wait(1, { created: '09:58:00', expires: '10:00:00.000' });
  expect(await outboxSize(db.sql)).toEqual({ mails: 0, oldestSeconds: 0 });
  await wait(2, { created: '09:59:30', expires: '10:00:00.001' });
  await wait(3, { created: '09:58:30', claimed: '10:00:10' });
  expect(await outboxSize(db.sql)).toEqual({ mails: 2, oldestSeconds: 90 });
});

test.each([
  [50, 5, 20],
  [25, 2, 40],
  [5, 1, 200],
  [0.5, 1, 2000],
])('at %d mails a second there are %d permits at once and the next after %d ms', async (perSecond, burst, gap) => {
  const after = (milliseconds: number) => stopClockAt(db, new Date(Date.parse(NOW) + milliseconds).toISOString());
  const granted = async () => (await takePermits(db.sql, 1000, perSecond)).granted;
  expect(await granted()).toBe(burst);
  expect(await takePermits(db.sql, 1, perSecond)).toMatchObject({ granted: 0, waitMilliseconds: gap });
  await after(gap - 1);
  expect(await granted()).toBe(0);
  await after(gap);
  expect(await granted()).toBe(1);
  // Idle for long, it is full and no fuller.
  await after(60_000);
  expect(await granted()).toBe(burst);
  expect(await db.owner`select key from rate_windows`).toHaveLength(1);
});
