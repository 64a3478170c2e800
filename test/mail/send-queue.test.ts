/** The machine of the sender, stepped with times: what goes out, what goes back, and what waits; nothing is awaited. */
import { describe, expect, test } from 'vitest';
import { createBreaker } from '../../services/mail/breaker.ts';
import { createSendQueue } from '../../services/mail/send-queue.ts';
import { mailOf } from '../support/sender.ts';

type Circuit = 'closed' | 'open' | 'as the breaker says';

const ids = (mails: readonly { event: { data: { otpId: string } } }[]) => mails.map(({ event }) => event.data.otpId);

const refused = (name: string) => mailOf(name, 600_000, 1, 1);

/** So many permits at first; what the pace was asked for, and how often it was told to forget. */
function machine({
  permits = 99,
  rate = 10,
  holdMilliseconds = 8000,
  breaker = createBreaker(),
  circuit = 'closed' as Circuit,
} = {}) {
  const pace = { left: permits, asked: [] as number[], forgotten: 0 };
  const queue = createSendQueue({
    claimMilliseconds: 14_000,
    holdMilliseconds,
    breaker: circuit === 'as the breaker says' ? breaker : { ...breaker, state: () => circuit },
    pace: {
      rate: () => rate,
      forget: () => void pace.forgotten++,
      take: (waiting) => {
        pace.asked.push(waiting);
        return pace.left-- > 0;
      },
    },
  });
  const step = (now: number, room = 64) => {
    const { send, giveBack } = queue.step(now, room);
    return { send: ids(send), giveBack: ids(giveBack), waiting: queue.length() };
  };
  return { queue, pace, step, hold: (...names: string[]) => names.forEach((name) => queue.hold(mailOf(name), 0)) };
}

describe('a step', () => {
  test('sends the oldest first, as many as there is room for', () => {
    const { step, hold } = machine();
    hold('a', 'b', 'c');
    expect(step(1, 2)).toEqual({ send: ['a', 'b'], giveBack: [], waiting: 1 });
    expect(step(2, 0)).toEqual({ send: [], giveBack: [], waiting: 1 });
    expect(step(3)).toEqual({ send: ['c'], giveBack: [], waiting: 0 });
    expect(step(4)).toEqual({ send: [], giveBack: [], waiting: 0 });
  });

  test('sends as many as there are permits for, asks for what waits and at most for 64, and forgets permits only when nothing waits', () => {
    const { step, hold, pace } = machine({ permits: 1 });
    hold('a', 'b', 'c');
    expect(step(1)).toEqual({ send: ['a'], giveBack: [], waiting: 2 });
    expect([pace.asked, pace.forgotten]).toEqual([[3, 2], 0]);
    hold(...Array.from({ length: 98 }, (_, n) => `m${n}`));
    step(2);
    expect(pace.asked.at(-1)).toBe(64);
    pace.left = 1000;
    step(3, 1000);
    expect(pace.forgotten).toBe(1);
  });

  test('gives back what was held for too long, by its claim or its code, and no more', () => {
    const { step, queue } = machine({ permits: 0 });
    queue.hold(mailOf('dies', 500), 0);
    queue.hold(mailOf('claimed'), 0);
    expect(step(500)).toEqual({ send: [], giveBack: [], waiting: 2 });
    expect(step(501)).toEqual({ send: [], giveBack: ['dies'], waiting: 1 });
    expect(step(8000)).toEqual({ send: [], giveBack: [], waiting: 1 });
    expect(step(8001)).toEqual({ send: [], giveBack: ['claimed'], waiting: 0 });
  });

  test('gives all back while the circuit is open, and asks for no permit', () => {
    const { step, hold, pace } = machine({ circuit: 'open' });
    hold('a', 'b');
    expect(step(1)).toEqual({ send: [], giveBack: ['a', 'b'], waiting: 0 });
    expect(pace.asked).toEqual([]);
  });

  test('sends one of many as the probe of a service that was away; the others go back', () => {
    const breaker = createBreaker();
    breaker.saw({ kind: 'unavailable', reason: 'quota' }, 0, 0, 'm');
    const { step, queue } = machine({ breaker, circuit: 'as the breaker says', holdMilliseconds: 60_000 });
    for (const name of ['a', 'b', 'c']) queue.hold(mailOf(name), 0);
    expect(step(10_000)).toEqual({ send: ['a'], giveBack: ['b', 'c'], waiting: 0 });
  });
});

describe('mails that were refused for now', () => {
  test('go after all that never were, whenever these come, and each line keeps its order', () => {
    const { step, queue, hold } = machine({ permits: 4 });
    for (const name of ['r1', 'r2']) queue.hold(refused(name), 0);
    hold('a', 'b');
    expect(step(1, 64)).toEqual({ send: ['a', 'b', 'r1', 'r2'], giveBack: [], waiting: 0 });
    queue.hold(refused('r3'), 0);
    hold('c');
    expect(queue.freshLength()).toBe(1);
    expect(step(2)).toEqual({ send: [], giveBack: [], waiting: 2 });
  });

  test('leave half of the room for attempts to the others', () => {
    const { step, queue, hold } = machine();
    for (let n = 0; n < 40; n++) queue.hold(refused(`r${n}`), 0);
    expect(step(1).send).toHaveLength(32);
    expect(step(1, 32).send).toEqual([]);
    hold('a');
    expect(step(1, 32).send).toEqual(['a']);
    expect(step(1, 33).send).toEqual(['r32']);
  });

  test('are held no longer than others while those go before them', () => {
    const { step, queue } = machine({ permits: 0 });
    queue.hold(refused('r1'), 0);
    queue.hold(mailOf('later'), 7000);
    expect(step(8000)).toEqual({ send: [], giveBack: [], waiting: 2 });
    expect(step(8001)).toEqual({ send: [], giveBack: ['r1'], waiting: 1 });
  });
});

test('what is held counts from when its claim began, and ends with the claim or the code', () => {
  const { queue } = machine();
  queue.hold(mailOf('whole'), 1000);
  queue.hold(mailOf('dies', 9000), 1000);
  queue.hold(mailOf('dies first', 500), 1000);
  expect(queue.step(1000, 64).send.map(({ until, ends }) => [until, ends])).toEqual([
    [9000, 15_000],
    [9000, 10_000],
    [1500, 1500],
  ]);
});

test('everything can be taken out at once', () => {
  const { queue, hold } = machine();
  queue.hold(refused('r'), 0);
  hold('a', 'b');
  expect([ids(queue.empty()), queue.length(), ids(queue.empty())]).toEqual([['a', 'b', 'r'], 0, []]);
});

test.each([
  [0, 1],
  [0.2, 1],
  [1, 4],
  [14, 56],
  [250, 1000],
  [251, 1000],
])('at %d mails a second it holds %i: half of what goes out while a mail may wait for 8 s', (rate, length) => {
  expect(machine({ rate }).queue.lengthMax()).toBe(length);
});
