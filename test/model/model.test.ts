/**
 * The model against the real thing: random histories over HTTP, and after every step the answer, the log, both read tables and
 * the mails are what the model says. `MODEL_SEED=7 MODEL_RUNS=2000 npm test -- test/model` is a longer campaign with another seed.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { examples } from './examples.ts';
import { History, type Reached } from './history.ts';
import { run } from './play.ts';
import { openReal, type Real } from './real.ts';
import { histories, readable } from './steps.ts';

const SEED = Number(process.env.MODEL_SEED ?? 20_261_127);
const RUNS = Number(process.env.MODEL_RUNS ?? 40);
/** With MODEL_SHRINK=no the first difference is told as it came. */
const endOnFailure = process.env.MODEL_SHRINK === 'no';
const MONTH = 30 * 86_400_000;

const types =
  'asserted attempted bounced complained delivered erased expired imported requested send_failed sent superseded suppressed unlocked unsuppressed verified'.split(
    ' ',
  );
const errors =
  'address_locked address_suppressed daily_limit email_unknown hourly_limit idempotency_mismatch invalid_request otp_expired otp_incorrect otp_superseded otp_unknown otp_used resend_cooldown too_many_attempts user_limit'.split(
    ' ',
  );

let real: Real;
beforeAll(async () => {
  real = await openReal();
});
afterAll(() => real?.stop());

test(
  'whatever happens, Sealpost answers, records, shows and mails what the model says',
  { timeout: RUNS * 10_000 },
  async () => {
    const reached: Reached = { types: new Set(), errors: new Set() };
    let number = 0;
    let now = Date.parse('2027-01-01T00:00:00.000Z');
    const outcome = await fc.check(
      fc.asyncProperty(histories, async (steps) => {
        now += MONTH;
        const history = new History(real, ++number, now, reached);
        try {
          await run(history, steps);
        } finally {
          now = history.world.now;
        }
      }),
      { seed: SEED, numRuns: RUNS, endOnFailure, examples: examples.map((history) => [history]) },
    );
    if (outcome.failed) {
      const [steps = []] = outcome.counterexample ?? [];
      const found = `MODEL_SEED=${SEED}, history ${outcome.numRuns}, made shorter ${outcome.numShrinks} times`;
      const error = outcome.errorInstance;
      throw new Error(`${found}:\n${readable(steps)}\n\n${error instanceof Error ? error.message : error}`);
    }
    // Histories that never came there would prove nothing of it.
    expect([...reached.types].toSorted()).toEqual(types);
    expect([...reached.errors].toSorted()).toEqual(errors);
  },
);
