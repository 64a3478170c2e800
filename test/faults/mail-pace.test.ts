/** More mails than SES takes: two processes share its rate, so that it refuses hardly one, and each goes out once and in time. */
import { expect, test } from 'vitest';
import type { ApiProcess } from '../support/api.ts';
import { judgeDelivery, outboxEmptied } from '../support/history.ts';
import { inTurns } from '../support/load.ts';
import { ask, people } from './promises.ts';
import { inWorld } from './world.ts';

const RATE = 28;
/** As a hundred a second for four seconds. */
const MAILS = 400;
const PACED_PER_SECOND = 0.8 * RATE;

test(
  '400 mails offered to 28 a second: few are refused by SES, none lost, none twice, at 0.8 of the rate',
  { timeout: 120_000 },
  async () => {
    await inWorld(
      async (world) => {
        const apis = [await world.startSender(), await world.startSender()] as const;
        const all = await people(world, 'paced', MAILS);
        const half = [all.filter((_, n) => n % 2 === 0), all.filter((_, n) => n % 2 === 1)] as const;
        const started = performance.now();
        const asked = await inTurns([0, 1] as const, 2, async (n) => ask(apis[n], half[n]));
        const told = asked.flatMap((one) => one.told);
        expect(told).toHaveLength(MAILS);
        expect(await outboxEmptied(world.db.owner, 90_000)).toBeDefined();
        const seconds = (performance.now() - started) / 1000;
        const verdict = await judgeDelivery(world.db.owner, world.ses.url, told);
        process.stdout.write(
          `${MAILS} mails at ${RATE}/s: ${seconds.toFixed(1)} s, ${JSON.stringify({ ...verdict, broken: verdict.broken.length })}\n`,
        );
        expect(verdict).toMatchObject({ broken: [], mails: MAILS, repeats: 0, sendFailed: 0 });
        // On a busy machine a process may be held up with its permits; two that did not share the rate would be refused a third.
        const refused = await inTurns([...apis], 1, (api) => resultsOf(api, 'throttled'));
        expect(refused.reduce((a, b) => a + b, 0)).toBeLessThan(MAILS / 20);
        expect(seconds).toBeGreaterThan(MAILS / PACED_PER_SECOND - 3);
      },
      { maxSendRate: RATE },
    )();
  },
);

async function resultsOf(api: ApiProcess, result: string): Promise<number> {
  const text = await (await fetch(api.metricsUrl)).text();
  return Number(
    new RegExp(`^sealpost_mail_send_duration_seconds_count\\{result="${result}"\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0,
  );
}
