/** So many mails wait that one asked for now could not go out while its code lives: callers hear 503 instead of a promise. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { tally } from '../support/load.ts';
import { ask, people } from './promises.ts';
import { inWorld } from './world.ts';

const [RATE, TTL_SECONDS] = [5, 30];

test(
  'with 300 mails waiting for 4 a second the next caller hears 503 and when to come back, and nothing is recorded',
  { timeout: 90_000 },
  inWorld(
    async (world) => {
      const api = await world.startSender();
      await ask(api, await people(world, 'crowd', 300));
      await sleep(2500);
      const { replies } = await ask(api, await people(world, 'next', 5));
      expect(tally(replies)).toEqual({ '503 mail_unavailable': 5 });
      expect(replies.filter(({ retryAfter }) => !(Number(retryAfter) > 0))).toEqual([]);
      const rows = await world.db.owner`select 1 from events where stream_id like 'next%'`;
      expect(rows).toHaveLength(0);
    },
    { maxSendRate: RATE, env: { EMAIL_OTP_EXPIRES_IN: String(TTL_SECONDS) } },
  ),
);
