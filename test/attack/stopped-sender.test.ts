/** An api that stood still with mails in its hands, beyond its claims: when it goes on, nothing of them goes out any more. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ask, people } from '../faults/promises.ts';
import { inWorld, type World } from '../faults/world.ts';
import type { ApiProcess } from '../support/api.ts';
import { until } from '../support/contract.ts';
import { judgeDelivery } from '../support/history.ts';

const MAILS = 300;
/** Longer than a claim, 15 s. */
const STOPPED_MILLISECONDS = 16_000;

/** How many mails SES took. */
async function taken({ ses }: World): Promise<number> {
  const answer = await fetch(`${ses.url}/messages?limit=1`);
  return ((await answer.json()) as { total: number }).total;
}

const asking = async ({ db }: World): Promise<number> =>
  (await db.owner`select 1 from events where type = 'requested'`).length;

const waiting = async ({ db }: World): Promise<number> => (await db.owner`select 1 from outbox`).length;

const signal = ({ pid }: ApiProcess, name: NodeJS.Signals): void => void process.kill(pid, name);

test(
  'a sender that is stopped in the middle of its work leaves what it held to another, and sends nothing of it when it goes on',
  { timeout: 120_000 },
  async () => {
    await inWorld(
      async (world) => {
        const [stopped, other] = [await world.startSender(), await world.startSender()];
        const asked = ask(stopped, await people(world, 'held', MAILS));
        // Slower than they are asked for, so that it stops with mails in its hands.
        await until('all are asked for', async () => (await asking(world)) === MAILS);
        await until('it is in the middle', async () => (await taken(world)) >= 20);
        signal(stopped, 'SIGSTOP');
        const held = await waiting(world);
        await sleep(STOPPED_MILLISECONDS);
        await until('the other has sent them', async () => (await waiting(world)) === 0);
        const before = await taken(world);
        signal(stopped, 'SIGCONT');
        await until('it goes on', async () => (await stopped.call('GET', '/health')).status === 200);
        const { told } = await asked;
        await stopped.kill('SIGTERM');
        await other.kill('SIGTERM');
        process.stdout.write(`held ${held}, taken before ${before}, after ${await taken(world)}\n`);
        expect(held).toBeGreaterThan(0);
        expect(await taken(world)).toBe(before);
        expect(await judgeDelivery(world.db.owner, world.ses.url, told)).toMatchObject({ broken: [], sendFailed: 0 });
      },
      { maxSendRate: 50 },
    )();
  },
);
