/** SES is away until codes have died: a dead code is never mailed and the log says so; a living one is still mailed in time. */
import { closedHashes } from '../../services/runtime/keys.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createHandler } from '../../services/store/handle.ts';
import { defaultPolicy } from '../../services/core/policy.ts';
import { expireCodes } from '../../services/scheduler/jobs/expire-codes.ts';
import { createCodeBook } from '../../services/mail/otp-code.ts';
import { judgeDelivery, mailsOf, readLog } from '../support/history.ts';
import { until } from '../support/contract.ts';
import { behave } from '../support/mailbox.ts';
import { testKeys } from '../support/rules.ts';
import { ask, people } from './promises.ts';
import { inWorld, type World } from './world.ts';
import { unstopped } from '../support/handlers.ts';

const TTL_SECONDS = 600;
const YOUNGER_SECONDS = 400;
/** What the sender had in hand when the clock was moved is refused by SES and given back. */
const GIVEN_BACK_MILLISECONDS = 1500;

/** The scheduler's job, on the test's own pool. */
const expire = ({ db: { sql } }: World): Promise<number> =>
  expireCodes({
    signal: unstopped,
    sql,
    handler: createHandler({
      sql,
      policy: defaultPolicy,
      codeBook: (epoch) => createCodeBook(testKeys, epoch),
      closedHashes: (address) => closedHashes(testKeys, address),
      timeoutMilliseconds: 5000,
      lanes: 1,
    }),
  });

const modes = [
  ['throttled every mail', { mode: 'throttle' }],
  ['answered nothing but 503', { mode: 'error', status: 503 }],
] as const;

describe.concurrent('SES', { timeout: 90_000 }, () => {
  test.each(modes)('that %s until the codes died: none is mailed, each has send_failed', async (_, behaviour) => {
    await inWorld(
      async (world) => {
        await behave(world.ses.url, behaviour);
        const api = await world.startSender();
        const { told: dying } = await ask(api, await people(world, 'dying', 10));
        await world.skip(YOUNGER_SECONDS);
        const { told: living } = await ask(api, await people(world, 'living', 10));
        expect([dying.length, living.length]).toEqual([10, 10]);
        await world.skip(TTL_SECONDS - YOUNGER_SECONDS + 1);
        await sleep(GIVEN_BACK_MILLISECONDS);
        await behave(world.ses.url, { mode: 'normal' });
        await until('the living are mailed', async () => {
          const waiting = await world.db.owner`select 1 from outbox where expires_at > event_clock()`;
          return waiting.length === 0;
        });
        expect(await expire(world)).toBe(10);
        const verdict = await judgeDelivery(world.db.owner, world.ses.url, [...dying, ...living]);
        process.stdout.write(`${JSON.stringify(behaviour)}: ${JSON.stringify(verdict)}\n`);
        expect(verdict).toMatchObject({ broken: [], requested: 20, mails: 10, repeats: 0, sendFailed: 10 });
        const mailed = await Promise.all(dying.map(({ address }) => mailsOf(world.ses.url, address)));
        expect(mailed.flat()).toEqual([]);
        const log = await readLog(world.db.owner);
        for (const { otpId } of dying) {
          const story = log.filter(({ data }) => data.otpId === otpId);
          expect(story.map(({ type }) => type)).toEqual(['requested', 'expired', 'send_failed']);
          expect(story.at(-1)?.data.reason).toBe('expired');
        }
        // A second run finds nothing more to do, and the living keep their lives.
        expect(await expire(world)).toBe(0);
        expect(log.filter(({ type }) => type === 'expired')).toHaveLength(10);
      },
      { env: { EMAIL_OTP_EXPIRES_IN: String(TTL_SECONDS) } },
    )();
  });
});
