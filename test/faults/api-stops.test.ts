/** The api is told to stop (SIGTERM) while mails wait: it gives them back, and another mails each at once and once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { readLog } from '../support/history.ts';
import { createClient, sendOtp } from '../support/load.ts';
import { behave } from '../support/mailbox.ts';
import { locked, waiting } from './locks.ts';
import { ask, kept, people } from './promises.ts';
import { inWorld, type World } from './world.ts';

/** A second or two, and on a busy machine a few: the lease that nobody waits for is 15. */
const MAILED_MILLISECONDS_MAX = 5000;

/** An api that learnt that SES takes so many mails a second; SES itself then takes as many as anyone likes. */
async function startPaced(world: World, maxSendRate: number) {
  await behave(world.ses.url, { mode: 'normal', maxSendRate });
  const api = await world.startSender();
  await behave(world.ses.url, { mode: 'normal', maxSendRate: 1000 });
  return api;
}

const sentCount = async (world: World): Promise<number> =>
  (await readLog(world.db.owner)).filter(({ type }) => type === 'sent').length;

describe.concurrent('told to stop', { timeout: 60_000 }, () => {
  test(
    'with 30 mails waiting for their turn: the other mails them at once, each exactly once',
    inWorld(async (world) => {
      const stopped = await startPaced(world, 10);
      await world.startSender();
      const { told } = await ask(stopped, await people(world, 'waiting', 30));
      expect(told).toHaveLength(30);
      const started = performance.now();
      expect(await stopped.kill('SIGTERM')).toBe(0);
      process.stdout.write(`stopped in ${Math.round(performance.now() - started)} ms\n`);
      expect(await sentCount(world)).toBeLessThan(30);
      const verdict = await kept(world, told, 'given back', MAILED_MILLISECONDS_MAX);
      expect(verdict).toMatchObject({ requested: 30, mails: 30, repeats: 0, sendFailed: 0 });
    }),
  );

  test(
    'while it claims mails that others left: what the claim brings is given back too, and mailed at once',
    inWorld(async (world) => {
      // With three mails waiting it has no more room: the next ones lie in the outbox for anyone.
      const first = await startPaced(world, 1);
      const { told: own } = await ask(first, await people(world, 'own', 4));
      const { told: free } = await ask(first, await people(world, 'free', 10));
      expect(await first.kill('SIGTERM')).toBe(0);
      const left = 14 - (await sentCount(world));
      expect(left).toBeGreaterThan(9);
      const exits: Promise<number | null>[] = [];
      await locked(world, 'lock table events in access exclusive mode', async () => {
        const second = await world.startApi();
        await waiting(world, 1, 'set claimed_until');
        exits.push(second.kill('SIGTERM'));
        await sleep(300);
      });
      expect(await Promise.all(exits)).toEqual([0]);
      await world.startSender();
      const verdict = await kept(world, [...own, ...free], `${left} left`, MAILED_MILLISECONDS_MAX);
      expect(verdict).toMatchObject({ requested: 14, mails: 14, repeats: 0 });
    }),
  );

  test(
    'in the middle of requests: each is either done and mailed, or was never begun',
    inWorld(async (world) => {
      const stopped = await world.startApi();
      const client = createClient(stopped.url, 50);
      const crowd = await people(world, 'crowd', 200);
      const asked = Promise.all(
        crowd.map(async ({ address, token }) => ({ address, reply: await client.ask(sendOtp(token, address)) })),
      );
      await sleep(60);
      expect(await stopped.kill('SIGTERM')).toBe(0);
      const steps = await asked;
      client.close();
      await world.startApi();
      const done = steps.filter(({ reply }) => reply.status === 200);
      const told = done.map(({ address, reply }) => ({ address, otpId: String(reply.body.otpId) }));
      const verdict = await kept(world, told, `${told.length} of 200 answered before the end`, MAILED_MILLISECONDS_MAX);
      expect(told.length).toBeGreaterThan(0);
      expect(told.length).toBeLessThan(200);
      // Whoever was not answered finds nothing recorded, and is free to ask the other process.
      expect(verdict).toMatchObject({ requested: told.length, mails: told.length, repeats: 0 });
      const refused = steps.filter(({ reply }) => reply.status !== 200 && reply.status !== 0);
      expect(refused.map(({ reply }) => reply.error)).toEqual([]);
    }),
  );
});
