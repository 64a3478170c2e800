/** SES takes no mail for a while, or takes it and loses the answer: callers are told at once, each mail is asked for once a lease. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { startSes } from '../support/api.ts';
import { judgeDelivery, outboxEmptied, readLog } from '../support/history.ts';
import { tally } from '../support/load.ts';
import { behave } from '../support/mailbox.ts';
import { freePort } from '../support/local.ts';
import { until } from '../support/contract.ts';
import { ask, kept, people } from './promises.ts';
import { inWorld, LEASE_OVER_SECONDS, type World } from './world.ts';

const MAILS = 48;
const REFUSED_MILLISECONDS_MAX = 1000;
/** A probe every 10 s, the lease of 15 s of what was given up meanwhile, and 48 mails at 8 a second. */
const BACK_MILLISECONDS_MAX = 25_000;
const THROTTLED_MILLISECONDS_MAX = 2000;
/** Two looks of the sender into the outbox, and half of one more. */
const LOOKS_MILLISECONDS = 1250;
/** Of a lease of 15 s; the rest is for a machine that does other things too. */
const WITHIN_LEASE_SECONDS = 5;

/** Waits until each mail that is not settled had its request, which ended without an answer; resolves to how many. */
async function unanswered({ db }: World): Promise<number> {
  const count = async (least: number): Promise<number> =>
    (await db.owner`select 1 from outbox where unsure >= ${least}`).length;
  await until('no answer came', async () => (await count(1)) === (await count(0)));
  return count(1);
}

describe.concurrent('SES out of order for three seconds', { timeout: 90_000 }, () => {
  test.each([
    ['its day quota spent', { mode: 'quota' }],
    ['the account paused by AWS', { mode: 'pause', by: 'aws' }],
  ])(
    'with %s: send-otp says 503 at once and records nothing, and every mail promised before goes out once',
    async (why, mode) => {
      await inWorld(
        async (world) => {
          const api = await world.startSender();
          // Throttled, so that all are promised and none is mailed before the fault; more than the sender takes in hand.
          await behave(world.ses.url, { mode: 'throttle' });
          const { told } = await ask(api, await people(world, 'before', MAILS));
          expect(told).toHaveLength(MAILS);
          await behave(world.ses.url, mode);
          // A throttled mail waits up to two seconds; the first that is tried again opens the breaker.
          await sleep(THROTTLED_MILLISECONDS_MAX + 1000);
          const { replies } = await ask(api, await people(world, 'during', 10));
          expect(tally(replies)).toEqual({ '503 mail_unavailable': 10 });
          expect(replies.filter(({ retryAfter }) => !(Number(retryAfter) > 0))).toEqual([]);
          expect(Math.max(...replies.map(({ milliseconds }) => milliseconds))).toBeLessThan(REFUSED_MILLISECONDS_MAX);
          expect((await readLog(world.db.owner)).filter(({ address }) => address.startsWith('during'))).toEqual([]);
          await sleep(1500);
          await behave(world.ses.url, { mode: 'normal' });
          const verdict = await kept(world, told, why, BACK_MILLISECONDS_MAX);
          expect(verdict).toMatchObject({ requested: MAILS, mails: MAILS, repeats: 0, sendFailed: 0 });
          const { told: after } = await ask(api, await people(world, 'after', 1));
          expect(after).toHaveLength(1);
          expect((await judgeDelivery(world.db.owner, world.ses.url, told)).mails).toBeGreaterThanOrEqual(MAILS);
        },
        { maxSendRate: 10 },
      )();
    },
  );
});

describe.concurrent('SES that takes mails and loses its answers', { timeout: 90_000 }, () => {
  test.each(['accept-then-hang', 'accept-then-reset', 'accept-then-error'])(
    '%s: one request a lease and not a burst; after it one more, with the same code',
    async (mode) => {
      await inWorld(async (world) => {
        const api = await world.startSender();
        await behave(world.ses.url, { mode });
        const { told } = await ask(api, await people(world, 'lost', 5));
        expect(told).toHaveLength(5);
        expect(await unanswered(world)).toBe(5);
        await world.skip(WITHIN_LEASE_SECONDS);
        await sleep(LOOKS_MILLISECONDS);
        const early = await judgeDelivery(world.db.owner, world.ses.url, told);
        expect(early).toMatchObject({ requested: 5, mails: 5, repeats: 0 });
        // An answer that was lost is no answer: nothing is recorded as sent, nothing as failed.
        expect((await readLog(world.db.owner)).map(({ type }) => type)).toEqual(Array(5).fill('requested'));
        await behave(world.ses.url, { mode: 'normal' });
        await world.skip(LEASE_OVER_SECONDS);
        const verdict = await kept(world, told, mode);
        expect(verdict).toMatchObject({ mails: 10, repeats: 5, sendFailed: 0 });
      })();
    },
  );

  test('of every tenth mail: that one goes out once more, with the same code, and the others once', async () => {
    await inWorld(async (world) => {
      const api = await world.startSender();
      await behave(world.ses.url, { mode: 'accept-then-reset', every: 10 });
      const { told } = await ask(api, await people(world, 'tenth', 40));
      const lost = await unanswered(world);
      expect(lost).toBeGreaterThanOrEqual(4);
      await world.skip(LEASE_OVER_SECONDS);
      const verdict = await kept(world, told, 'every tenth answer lost');
      // The four that went out again make the tenth send once more, or not.
      expect(verdict).toMatchObject({ requested: 40, sendFailed: 0 });
      expect(verdict.repeats).toBeGreaterThanOrEqual(4);
      // On a busy machine an answer may also come too late, of a mail that was taken or was not.
      expect(verdict.repeats).toBeLessThanOrEqual(lost);
      expect(verdict.mails).toBe(40 + verdict.repeats);
    })();
  });

  test('and loses the second answer too: it is asked no third time, and the log says that nobody knows', async () => {
    await inWorld(async (world) => {
      const api = await world.startSender();
      await behave(world.ses.url, { mode: 'accept-then-reset' });
      const { told } = await ask(api, await people(world, 'lost', 5));
      expect(await unanswered(world)).toBe(5);
      await world.skip(LEASE_OVER_SECONDS);
      const verdict = await kept(world, told, 'every answer lost');
      expect(verdict).toMatchObject({ requested: 5, mails: 10, repeats: 5, sendFailed: 5 });
      const failed = (await readLog(world.db.owner)).filter(({ type }) => type === 'send_failed');
      expect(failed.map(({ data }) => data.reason)).toEqual(Array(5).fill('unanswered'));
      await world.skip(LEASE_OVER_SECONDS);
      await sleep(LOOKS_MILLISECONDS);
      expect((await judgeDelivery(world.db.owner, world.ses.url, told)).mails).toBe(10);
    })();
  });
});

describe.concurrent('SES that cannot be reached', { timeout: 90_000 }, () => {
  test('opens the circuit after a few; nothing is counted as tried, and all go out once it is there again', async () => {
    await inWorld(async (world) => {
      const away = await startSes(1000, await freePort());
      const api = await world.startSender({ SES_ENDPOINT: away.url });
      const { port } = new URL(away.url);
      await away.close();
      const { told } = await ask(api, await people(world, 'before', 10));
      expect(told).toHaveLength(10);
      const refused = { '503 mail_unavailable': 1 };
      await until('the circuit opens', async () => {
        const { replies } = await ask(api, await people(world, `n${Math.round(performance.now())}`, 1));
        return JSON.stringify(tally(replies)) === JSON.stringify(refused);
      });
      const back = await startSes(1000, Number(port));
      const [still] = await world.db.owner`select max(unsure)::int as n from outbox`;
      expect(still?.n).toBe(0);
      expect(await outboxEmptied(world.db.owner, BACK_MILLISECONDS_MAX)).toBeDefined();
      const verdict = await judgeDelivery(world.db.owner, back.url, told);
      expect(verdict).toMatchObject({ broken: [], repeats: 0, sendFailed: 0 });
      await back.close();
    })();
  });
});
