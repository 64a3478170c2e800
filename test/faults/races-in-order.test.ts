/** The right code among wrong ones that arrive at the same moment: accepted whenever fewer than three came before it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mailedCode, readLog } from '../support/history.ts';
import { type Client, inTurns, pipelined, type Reply, sendOtp, tally, verifyOtp } from '../support/load.ts';
import { wrongCode } from '../support/mailbox.ts';
import type { ApiProcess } from '../support/api.ts';
import { createWorld, type World } from './world.ts';

const ROUNDS = 300;
const ROUNDS_AT_A_TIME = 6;
const CODES_AT_A_TIME = 12;

type Code = Readonly<{ address: string; token: string; otpId: string; code: string }>;

let world: World;
let apis: readonly [ApiProcess, ApiProcess];
let clients: readonly [Client, Client];

beforeAll(async () => {
  world = await createWorld();
  apis = await Promise.all([world.startSender(), world.startSender()]);
  clients = [world.client(apis[0], 100), world.client(apis[1], 100)];
});

afterAll(() => world.end());

/** As many fresh codes, of as many addresses; in turns, because the SES and its mailbox live in this very process. */
const codesOf = (name: string, count = ROUNDS): Promise<Code[]> =>
  inTurns(Array.from({ length: count }), CODES_AT_A_TIME, async (_, n) => {
    const { address, token } = await world.person(`${name}-${n}`);
    const { body } = await clients[n % 2 === 0 ? 0 : 1].ask(sendOtp(token, address));
    const otpId = String(body.otpId);
    const code = await mailedCode(world.ses.url, address, otpId);
    expect(code).toMatch(/^\d{6}$/);
    return { address, token, otpId, code };
  });

const right = ({ token, address, otpId, code }: Code) => verifyOtp(token, address, otpId, code);
const wrong = ({ token, address, otpId, code }: Code) => verifyOtp(token, address, otpId, wrongCode(code));

/** What the log says of each code: how many guesses were judged wrong, and whether it was verified. */
async function judged(): Promise<ReadonlyMap<string, Readonly<{ wrong: number; verified: number }>>> {
  const log = await readLog(world.db.owner);
  const count = (events: typeof log, type: string) => events.filter((event) => event.type === type).length;
  return new Map(
    [...Map.groupBy(log, ({ data }) => data.otpId)].map(([otpId, events]) => [
      otpId,
      { wrong: count(events, 'attempted'), verified: count(events, 'verified') },
    ]),
  );
}

const say = (what: string, replies: readonly (Reply | undefined)[]): boolean =>
  process.stdout.write(`${what}: right code ${JSON.stringify(tally(replies.flatMap((reply) => reply ?? [])))}\n`);

describe('the right code', () => {
  test('third on one connection and four wrong ones behind it in the same packet: accepted 300 of 300', async () => {
    const codes = await codesOf('packet');
    const answers = await inTurns(codes, ROUNDS_AT_A_TIME, async (code, n) => {
      const asks = [wrong(code), wrong(code), right(code), wrong(code), wrong(code), wrong(code), wrong(code)];
      const replies = await pipelined(apis[n % 2 === 0 ? 0 : 1].url, asks);
      expect(replies.slice(0, 2).map(({ error }) => error)).toEqual(['otp_incorrect', 'otp_incorrect']);
      expect(replies.slice(3).map(({ error }) => error)).toEqual(Array(4).fill('otp_used'));
      return replies[2];
    });
    say('third of seven in one packet', answers);
    expect(tally(answers.flatMap((reply) => reply ?? []))).toEqual({ '200': ROUNDS });
    const log = await judged();
    for (const { otpId } of codes) expect(log.get(otpId)).toEqual({ wrong: 2, verified: 1 });
  });

  test('after two wrong ones, racing ten more over both processes: refused only where a third was judged before it', async () => {
    const codes = await codesOf('crowd');
    let overtaken = 0;
    const answers = await inTurns(codes, ROUNDS_AT_A_TIME, async (code, n) => {
      const [one, two] = n % 2 === 0 ? clients : [clients[1], clients[0]];
      const first = await one.ask(wrong(code));
      const second = await two.ask(wrong(code));
      expect([first.error, second.error]).toEqual(['otp_incorrect', 'otp_incorrect']);
      const [reply, ...others] = await Promise.all([
        one.ask(right(code)),
        ...Array.from({ length: 10 }, (_, m) => (m % 2 === 0 ? one : two).ask(wrong(code))),
      ]);
      // The third wrong one may win the race for the last try; then, and only then, the right one is refused.
      const third = others.filter(({ error }) => error === 'otp_incorrect').length;
      if (third > 0) overtaken++;
      expect(third).toBeLessThanOrEqual(1);
      expect(reply.status === 200 ? '200' : reply.error).toBe(third === 0 ? '200' : 'too_many_attempts');
      const after = third === 0 ? 'otp_used' : 'too_many_attempts';
      expect(others.filter(({ error }) => error === after)).toHaveLength(10 - third);
      return reply;
    });
    say(`against ten at the same moment (overtaken ${overtaken} times)`, answers);
    const log = await judged();
    for (const [n, { otpId }] of codes.entries()) {
      const accepted = answers[n]?.status === 200;
      expect(log.get(otpId)).toEqual({ wrong: accepted ? 2 : 3, verified: accepted ? 1 : 0 });
    }
  });

  test('racing two wrong ones over two processes: accepted 300 of 300, and verified once', async () => {
    const codes = await codesOf('pair');
    const rounds = await inTurns(codes, ROUNDS_AT_A_TIME, async (code, n) => {
      const [one, two] = n % 2 === 0 ? clients : [clients[1], clients[0]];
      return Promise.all([two.ask(right(code)), one.ask(wrong(code)), two.ask(wrong(code))]);
    });
    const answers = rounds.map(([reply]) => reply);
    say('against two over both processes', answers);
    expect(tally(answers)).toEqual({ '200': ROUNDS });
    const log = await judged();
    for (const [n, { otpId }] of codes.entries()) {
      const others = rounds[n]?.slice(1).map(({ error }) => error) ?? [];
      const told = others.filter((error) => error === 'otp_incorrect').length;
      expect(others.filter((error) => error === 'otp_used')).toHaveLength(2 - told);
      expect(log.get(otpId)).toEqual({ wrong: told, verified: 1 });
    }
  });

  test('fourth, after three wrong ones in the same packet: refused 50 of 50, and nothing is verified', async () => {
    const codes = await codesOf('fourth', 50);
    for (const code of codes) {
      const replies = await pipelined(apis[0].url, [wrong(code), wrong(code), wrong(code), right(code)]);
      expect(replies.map(({ error }) => error)).toEqual([...Array(3).fill('otp_incorrect'), 'too_many_attempts']);
    }
    const log = await judged();
    for (const { otpId } of codes) expect(log.get(otpId)).toEqual({ wrong: 3, verified: 0 });
  });
});
