/** A relay that does not take some recipients for now: their mails wait by themselves, and nobody else's waits with them. */
import { describe, expect, test } from 'vitest';
import { until } from '../support/contract.ts';
import { atOnce } from '../support/load.ts';
import { relayed } from '../support/relayed.ts';
import type { Script } from '../support/scripted-smtp.ts';

/** Of the recipients called so, in so many words. */
const greylists = (reply: string): Script => ({ RCPT: (argument) => (/<grey/.test(argument) ? reply : undefined) });

const timesOf = (asked: readonly string[]): readonly number[] =>
  [...Map.groupBy(asked, (to) => to).values()].map((all) => all.length);

describe.concurrent('of 41 mails 40 are not taken for now', { timeout: 120_000 }, () => {
  test.each([
    ['the recipient’s', '450 4.2.0 <x>: Recipient address rejected: Greylisted'],
    ['nobody’s by name', '451 4.7.1 Service unavailable - try again later'],
  ])('with words that are %s: while these are tried again, the one goes out, and later they', async (whose, reply) =>
    relayed(async ({ smtp, ask, types, skip }) => {
      await atOnce(40, (n) => ask(`grey-${n}@example.com`));
      await until('each was tried', async () => new Set(smtp.asked).size === 40);
      await skip(45);
      await until('they are tried again', async () => smtp.asked.length > 45);
      const before = smtp.asked.length;
      const started = performance.now();
      expect((await ask('good@example.com')).status).toBe(200);
      await until('the good one is there', async () => smtp.taken.length > 0, 5000);
      expect(smtp.taken.map(({ to }) => to)).toEqual(['good@example.com']);
      const turn = smtp.asked.indexOf('good@example.com') - before;
      process.stdout.write(`${whose}: ${Math.round(performance.now() - started)} ms, after ${turn} others\n`);
      expect(turn).toBeLessThan(40);
      expect(Math.max(...timesOf(smtp.asked))).toBeLessThanOrEqual(8);
      smtp.say({});
      await skip(60);
      await until('all are there', async () => smtp.taken.length === 41);
      expect(Math.max(...timesOf(smtp.taken.map(({ to }) => to)))).toBe(1);
      await until('it is told', async () => (await types('grey-7@example.com')).length === 2);
      expect(await types('grey-7@example.com')).toEqual(['requested', 'sent']);
    }, greylists(reply))(),
  );
});
