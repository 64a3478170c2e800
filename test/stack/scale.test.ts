/** Three apis behind one edge: limits, attempts and mails stay exact, and one killed fails no request. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awaitCode, mailsTo, wrongCode } from '../support/mailbox.ts';
import type { Answered } from './support/ask.ts';
import { MAILBOX, type Stack, startStack } from './support/stack.ts';
import { runTraffic, tokenOf, trafficEnv } from './support/traffic.ts';

const REQUESTS = 1000;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: trafficEnv });
  await stack.compose('up', '-d', '--wait', '--scale', 'api=3');
});
afterAll(() => stack?.stop());

async function post(path: string, user: number, body: object): Promise<Answered> {
  const token = await tokenOf(user);
  return stack.answer({ method: 'POST', path: `/api/email-verification/${path}`, token, body });
}

const statuses = (answers: readonly Answered[]): readonly number[] => answers.map(({ status }) => status).toSorted();

describe('with three apis', () => {
  test('each of them answers', async () => {
    await Promise.all(Array.from({ length: 60 }, (_, n) => post('send-otp', n, { email: `warm${n}@example.com` })));
    for (const index of ['1', '2', '3']) {
      const look = "fetch('http://127.0.0.1:9464/metrics').then((r) => r.text()).then(console.log)";
      const metrics = await stack.compose('exec', '-T', '--index', index, 'api', 'node', '-e', look);
      expect(metrics, index).toMatch(
        /sealpost_events_total\{type="requested",purpose="verification",outcome="new"\} [1-9]/,
      );
    }
  });

  test('thirty requests at once for one address are one code and one mail', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => post('send-otp', 200, { email: 'one@example.com' })),
    );
    expect(statuses(answers)).toEqual([200, ...Array.from({ length: 29 }, () => 429)]);
    await awaitCode(MAILBOX, 'one@example.com');
    await sleep(1000);
    expect(await mailsTo(MAILBOX, 'one@example.com')).toHaveLength(1);
  });

  test('thirty wrong guesses at once are three attempts, and thirty right ones verify once', async () => {
    const sent = await post('send-otp', 201, { email: 'guessed@example.com' });
    const code = await awaitCode(MAILBOX, 'guessed@example.com');
    const guess = { email: 'guessed@example.com', otp: wrongCode(code), otpId: sent.body.otpId };
    const wrong = await Promise.all(Array.from({ length: 30 }, () => post('verify-otp', 201, guess)));
    const errors = wrong.map(({ body }) => body.error);
    expect(errors.filter((error) => error === 'otp_incorrect').length).toBeLessThanOrEqual(3);
    expect(wrong.filter(({ status }) => status === 200)).toEqual([]);
    const story = await stack.sealpost('events', '--email', 'guessed@example.com');
    expect(story.match(/attempted/g)).toHaveLength(3);

    await post('send-otp', 202, { email: 'right@example.com' });
    const right = { email: 'right@example.com', otp: await awaitCode(MAILBOX, 'right@example.com') };
    await Promise.all(Array.from({ length: 30 }, () => post('verify-otp', 202, right)));
    const told = await stack.sealpost('events', '--email', 'right@example.com');
    expect(told.match(/\bverified\b/g)).toHaveLength(1);
  });

  test(`kill -9 of one api fails none of ${REQUESTS} requests, and it comes back`, async () => {
    const kill = async (): Promise<void> => stack.kill('api', 1);
    const { answers, accepted } = await runTraffic(stack, {
      count: REQUESTS,
      workers: 12,
      prefix: 'kill',
      at: [300, kill],
    });
    expect(Object.fromEntries(answers)).toEqual({ '200': REQUESTS });
    await expect
      .poll(async () => (await stack.inspect('api')).map(({ State }) => State.Health?.Status), { timeout: 30_000 })
      .toEqual(['healthy', 'healthy', 'healthy']);
    expect((await stack.inspect('api')).map(({ RestartCount }) => RestartCount).toSorted()).toEqual([0, 0, 1]);
    expect(accepted).toHaveLength(REQUESTS / 2);
    // What the killed one had taken on is mailed by the others.
    for (const address of [accepted.at(0), accepted.at(-1), ...accepted.filter((_, n) => n > 140 && n < 170)]) {
      await awaitCode(MAILBOX, String(address), 1, 40_000);
    }
  });
});
