/** The api is killed at every point between a request and `sent`; another takes over, and no promise is lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { mailsOf, readLog } from '../support/history.ts';
import { inTurns, type Reply } from '../support/load.ts';
import { behave } from '../support/mailbox.ts';
import { endBackend, locked, waiting } from './locks.ts';
import { ask, kept, people, startWarm, type Told } from './promises.ts';
import { inWorld, LEASE_OVER_SECONDS, type World } from './world.ts';

const ROUNDS = 40;
/** SES answers within this time or the sender gives the request up. */
const SES_MILLISECONDS_MAX = 3500;
const WARM = 12;

const mailsTo = async (world: World, told: readonly Told[]) =>
  (await Promise.all(told.map(({ address }) => mailsOf(world.ses.url, address)))).flat();

describe.concurrent('killed with -9, and another takes over', { timeout: 150_000 }, () => {
  test(
    'before the append commits: nobody was told 200, and there is all of a request or nothing of it',
    inWorld(async (world) => {
      const [doomed, alsoDoomed] = [await startWarm(world), await startWarm(world)];
      const [first, second] = await people(world, 'uncommitted', 2);
      const asks: Promise<{ replies: readonly Reply[] }>[] = [];
      await locked(world, 'lock table events in share mode', async () => {
        asks.push(ask(doomed, first ? [first] : []));
        await waiting(world, 1);
        asks.push(ask(alsoDoomed, second ? [second] : []));
        const [, orphan] = await waiting(world, 2);
        await Promise.all([doomed.kill('SIGKILL'), alsoDoomed.kill('SIGKILL')]);
        // The first's statement is left to commit without its client; the second's dies with it.
        await endBackend(world, orphan);
      });
      const replies = (await Promise.all(asks)).flatMap((one) => one.replies);
      expect(replies.map(({ status }) => status)).toEqual([0, 0]);
      await world.startApi();
      await world.skip(LEASE_OVER_SECONDS);
      const verdict = await kept(world, [], 'before the commit');
      const rows = await world.db.owner<{ address: string; parts: number }[]>`
        select id as address,
          (select count(*) from events where stream_id = streams.id and type = 'requested')::integer
          + (select count(*) from user_email_addresses where email_address = streams.id)::integer
          + (select count(*) from email_otp_verifications where email = streams.id)::integer as parts
        from streams
        where id like 'uncommitted-%'
      `;
      expect(rows).toEqual([{ address: first?.address, parts: 3 }]);
      expect(verdict).toMatchObject({ requested: 2 * WARM + 1, mails: 2 * WARM + 1 });
      expect(await mailsOf(world.ses.url, second?.address ?? '')).toEqual([]);
    }),
  );

  test(
    `within 20 ms of the answer, ${ROUNDS} times: every 200 is mailed, with one code`,
    inWorld(async (world) => {
      await world.startApi();
      const told: Told[] = [];
      const rounds = Array.from({ length: ROUNDS }, (_, n) => n);
      await inTurns(rounds, 2, async (round) => {
        const doomed = await world.startApi();
        const answered = Promise.withResolvers<void>();
        const asked = ask(doomed, await people(world, `round-${round}`, 4), answered.resolve);
        await answered.promise;
        await sleep(Math.random() * 20);
        await doomed.kill('SIGKILL');
        told.push(...(await asked).told);
      });
      expect(told.length).toBeGreaterThanOrEqual(ROUNDS);
      await world.skip(LEASE_OVER_SECONDS);
      const verdict = await kept(world, told, `${ROUNDS} kills at the answer, ${told.length} told`);
      expect(verdict.repeats).toBeLessThan(verdict.requested);
    }),
  );

  test(
    'after the commit, its mails still waiting for their turn: those that had not gone out are mailed once, by the other',
    inWorld(async (world) => {
      await behave(world.ses.url, { mode: 'normal', maxSendRate: 10 });
      const doomed = await world.startSender();
      await behave(world.ses.url, { mode: 'normal', maxSendRate: 1000 });
      await world.startApi();
      const { told } = await ask(doomed, await people(world, 'queued', 20));
      await doomed.kill('SIGKILL');
      expect(told).toHaveLength(20);
      // Its own turns were few: it may send 8 a second.
      const early = new Set((await mailsTo(world, told)).map(({ otpId }) => otpId));
      expect(early.size).toBeLessThan(10);
      await world.skip(LEASE_OVER_SECONDS);
      await kept(world, told, `${early.size} of 20 mailed before the kill`);
      const late = (await mailsTo(world, told)).map(({ otpId }) => otpId).filter((otpId) => !early.has(otpId));
      expect(late).toHaveLength(20 - early.size);
    }),
  );

  test(
    'SES took the mails and its answer was never read: mailed once more, with the same code',
    inWorld(async (world) => {
      await behave(world.ses.url, { mode: 'accept-then-hang', times: 10 });
      const doomed = await world.startSender();
      const { told } = await ask(doomed, await people(world, 'hanging', 10));
      const asked = performance.now();
      const all = async () => (await mailsTo(world, told)).length === 10;
      while (!(await all()) && performance.now() - asked < SES_MILLISECONDS_MAX) await sleep(50);
      await doomed.kill('SIGKILL');
      expect(await mailsTo(world, told)).toHaveLength(10);
      expect((await readLog(world.db.owner)).filter(({ type }) => type === 'sent')).toEqual([]);
      await world.startApi();
      await world.skip(LEASE_OVER_SECONDS);
      const verdict = await kept(world, told, 'SES answered nobody');
      expect(verdict).toMatchObject({ requested: 10, mails: 20, repeats: 10 });
    }),
  );

  test(
    'SES answered and `sent` was not recorded yet: recorded by the orphaned statement, or mailed again with the same code',
    inWorld(async (world) => {
      const doomed = await startWarm(world);
      await behave(world.ses.url, { mode: 'latency', milliseconds: 600, times: 8 });
      const { told } = await ask(doomed, await people(world, 'unrecorded', 8));
      expect(told).toHaveLength(8);
      await locked(world, 'lock table streams in exclusive mode', async () => {
        // One statement for each of the api's two lanes; one of the two dies with its client.
        const [orphan] = await waiting(world, 2);
        await doomed.kill('SIGKILL');
        await endBackend(world, orphan);
      });
      await world.startApi();
      const early = (await readLog(world.db.owner)).filter(({ type }) => type === 'sent').length - WARM;
      await world.skip(LEASE_OVER_SECONDS);
      const verdict = await kept(world, told, `${early} of 8 recorded by an orphan`);
      expect(early).toBeGreaterThan(0);
      expect(early).toBeLessThan(8);
      expect(verdict.mails).toBe(WARM + 8 + (8 - early));
    }),
  );
});
