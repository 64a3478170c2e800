/** Ten thousand guesses at once over two api processes: three are judged, one succeeds, and a stampede mails once. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenOf } from '../support/api.ts';
import { mailedCode, mailsOf, outboxEmptied, readLog } from '../support/history.ts';
import { atOnce, type Client, type Reply, sendOtp, tally, verifyOtp } from '../support/load.ts';
import { wrongCode } from '../support/mailbox.ts';
import { createWorld, type World } from './world.ts';

const GUESSES = 10_000;
const SOCKETS = 200;

let world: World;
let clients: readonly [Client, Client];

beforeAll(async () => {
  world = await createWorld();
  const [one, two] = await Promise.all([world.startSender(), world.startSender()]);
  clients = [world.client(one, SOCKETS), world.client(two, SOCKETS)];
});

afterAll(() => world.end());

/** Every second one to the other process. */
const either = (n: number): Client => clients[n % 2 === 0 ? 0 : 1];

async function codeOf(name: string) {
  const { address, token } = await world.person(name);
  const { body } = await clients[0].ask(sendOtp(token, address));
  const otpId = String(body.otpId);
  const code = await mailedCode(world.ses.url, address, otpId);
  // The mail's own event must not fall between the guesses' events that are counted.
  expect(await outboxEmptied(world.db.owner, 10_000)).toBeDefined();
  return { address, token, otpId, code };
}

const typesOf = async (address: string): Promise<readonly string[]> =>
  (await readLog(world.db.owner)).filter((event) => event.address === address).map(({ type }) => type);

function report(what: string, replies: readonly Reply[], started: number): void {
  const seconds = (performance.now() - started) / 1000;
  const slowest = Math.max(...replies.map(({ milliseconds }) => milliseconds));
  const figures = `${seconds.toFixed(1)} s, ${Math.round(replies.length / seconds)}/s, slowest ${Math.round(slowest)} ms`;
  process.stdout.write(`${what}: ${JSON.stringify(tally(replies))} (${figures})\n`);
}

describe('over two processes', () => {
  test('of 10,000 wrong guesses at once exactly three are judged, and the right code is dead after them', async () => {
    const { address, token, otpId, code } = await codeOf('wrong');
    const started = performance.now();
    const replies = await atOnce(GUESSES, (n) => either(n).ask(verifyOtp(token, address, otpId, wrongCode(code))));
    report('10,000 wrong guesses', replies, started);
    expect(tally(replies)).toEqual({ '400 otp_incorrect': 3, '400 too_many_attempts': GUESSES - 3 });
    const remaining = replies
      .filter(({ error }) => error === 'otp_incorrect')
      .map(({ body }) => body.attemptsRemaining);
    expect(remaining.toSorted()).toEqual([0, 1, 2]);
    expect(await typesOf(address)).toEqual(['requested', 'sent', 'attempted', 'attempted', 'attempted']);
    const late = await clients[1].ask(verifyOtp(token, address, otpId, code));
    expect(late.error).toBe('too_many_attempts');
    expect(await typesOf(address)).not.toContain('verified');
  });

  test('of 10,000 right guesses at once one verifies, all are answered 200, and nothing else is recorded', async () => {
    const { address, token, otpId, code } = await codeOf('right');
    const started = performance.now();
    const replies = await atOnce(GUESSES, (n) => either(n).ask(verifyOtp(token, address, otpId, code)));
    report('10,000 right guesses', replies, started);
    expect(tally(replies)).toEqual({ '200': GUESSES });
    expect(await typesOf(address)).toEqual(['requested', 'sent', 'verified']);
    const [row] = await world.db.owner<[{ attempts: number; verified: boolean }]>`
      select attempts, verified from email_otp_verifications where id = ${otpId}
    `;
    expect(row).toEqual({ attempts: 0, verified: true });
  });

  test('of 1,000 users who ask for one address at once, one gets a code: one request, one mail, 999 told to wait', async () => {
    const address = 'stampede@example.com';
    const tokens = await atOnce(1000, () => tokenOf(crypto.randomUUID()));
    const started = performance.now();
    const replies = await Promise.all(tokens.map((token, n) => either(n).ask(sendOtp(token, address))));
    report('1,000 requests for one address', replies, started);
    expect(tally(replies)).toEqual({ '200': 1, '429 resend_cooldown': 999 });
    for (const { status, retryAfter } of replies) if (status === 429) expect(Number(retryAfter)).toBeGreaterThan(0);
    expect(await outboxEmptied(world.db.owner, 10_000)).toBeDefined();
    expect(await typesOf(address)).toEqual(['requested', 'sent']);
    expect(await mailsOf(world.ses.url, address)).toHaveLength(1);
    const [rows] = await world.db.owner<[{ emails: number; codes: number }]>`
      select
        (select count(*)::integer from user_email_addresses where email_address = ${address}) as emails,
        (select count(*)::integer from email_otp_verifications where email = ${address}) as codes
    `;
    expect(rows).toEqual({ emails: 1, codes: 1 });
  });

  test('new codes do not refill the budget: of 200 guesses at 10 codes of a day exactly 10 of one user are judged', async () => {
    const { address, token } = await world.person('budget');
    const replies: Reply[] = [];
    const asked: Reply[] = [];
    for (let n = 1; n <= 10; n++) {
      await world.db.setClockAhead(n * 2 * 3600);
      const sent = await either(n).ask(sendOtp(token, address));
      asked.push(sent);
      const otpId = sent.status === 200 ? String(sent.body.otpId) : crypto.randomUUID();
      const code = sent.status === 200 ? await mailedCode(world.ses.url, address, otpId) : '000000';
      const guess = wrongCode(code);
      replies.push(...(await atOnce(20, (m) => either(m).ask(verifyOtp(token, address, otpId, guess)))));
    }
    await world.db.setClockAhead(0);
    process.stdout.write(`budget: ${JSON.stringify(tally(replies))}, codes ${JSON.stringify(tally(asked))}\n`);
    expect(tally(replies)['400 otp_incorrect']).toBe(10);
    expect(replies.filter(({ status }) => status >= 500 || status === 0)).toEqual([]);
    const types = await typesOf(address);
    expect(types.filter((type) => type === 'attempted')).toHaveLength(10);
    expect(types).not.toContain('verified');
    // 3 of the first code, 2 of the second, then 5 codes of one guess each: what could not be judged is not mailed.
    expect(tally(asked)).toEqual({ '200': 7, '429 address_locked': 3 });
  });
});
