/** What waits in the sender: for how long, how much of it, in which order, and what becomes of it when it may wait no longer. */
import { beforeEach, describe, expect, test } from 'vitest';
import { mailOf, moved, senderTold, stopTheClock, told } from '../support/sender.ts';

beforeEach(stopTheClock);

const names = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, n) => `m${from + n}`);

describe('a mail that waits for a permit', () => {
  test('is held for the 14 s of its claim less the 6 s that an attempt may take, then given back unsent', async () => {
    const { mailer, sent, deferred, recorded } = senderTold({ permits: () => 0 });
    mailer.offer(mailOf('x'));
    await moved(8000);
    expect(deferred).toEqual([]);
    await moved(500);
    expect([sent, deferred, recorded]).toEqual([[], [['x', 0]], []]);
  });

  test('is still sent in the last moment in which it may be, and not in the next', async () => {
    let open = false;
    const { mailer, sent, deferred } = senderTold({ permits: (wanted) => (open ? wanted : 0) });
    mailer.offer(mailOf('in time'));
    await moved(7600);
    mailer.offer(mailOf('later'));
    await moved(399);
    open = true;
    await moved(1);
    expect([sent, deferred]).toEqual([['in time', 'later'], []]);
    open = false;
    mailer.offer(mailOf('late'));
    await moved(8001);
    open = true;
    await moved(499);
    expect([sent, deferred]).toEqual([['in time', 'later'], [['late', 0]]]);
  });

  test('is given back when its code dies, also where its claim would last longer', async () => {
    let open = false;
    const { mailer, sent, deferred } = senderTold({ permits: (wanted) => (open ? wanted : 0) });
    mailer.offer(mailOf('dies', 700));
    mailer.offer(mailOf('lives'));
    await moved(500);
    expect(deferred).toEqual([]);
    open = true;
    await moved(500);
    expect([sent, deferred]).toEqual([['lives'], [['dies', 0]]]);
  });

  test('is sent before those that came after it', async () => {
    let open = false;
    const { mailer, sent } = senderTold({ permits: () => (open ? 1 : 0) });
    for (const name of ['a', 'b', 'c']) mailer.offer(mailOf(name));
    await moved(499);
    open = true;
    await moved(1);
    expect(sent).toEqual(['a', 'b', 'c']);
  });

  test('is not sent before the rate is known, and at once when it is', async () => {
    const rate = Promise.withResolvers<number>();
    const { mailer, sent, asked } = senderTold({ rate: () => rate.promise });
    mailer.offer(mailOf('x'));
    await moved(499);
    expect([mailer.rate(), sent, asked]).toEqual([0, [], []]);
    rate.resolve(10);
    await moved();
    expect([mailer.rate(), sent, asked]).toEqual([8, ['x'], [[1, 8]]]);
  });
});

describe('permits', () => {
  test('are asked for as many mails as wait, at most 64 at once, at the shared pace', async () => {
    const { mailer, asked } = senderTold({ permits: () => 0, rate: () => 10 });
    for (const name of names(1, 3)) mailer.offer(mailOf(name));
    await moved();
    expect(asked).toEqual([[3, 8]]);
    for (const name of names(4, 70)) mailer.offer(mailOf(name));
    await moved(500);
    expect(asked.at(-1)).toEqual([64, 8]);
  });

  test('are of the moment: what nobody waits for is not kept for the next mail', async () => {
    const { mailer, sent, asked } = senderTold({ permits: () => 5 });
    mailer.offer(mailOf('a'));
    await moved();
    mailer.offer(mailOf('b'));
    await moved();
    expect([sent, asked.length]).toEqual([['a', 'b'], 2]);
  });

  test('are taken one a mail: with three for five mails, three go out', async () => {
    let first = true;
    const { mailer, sent } = senderTold({ permits: () => (first ? ((first = false), 3) : 0) });
    await moved(1);
    for (const name of names(1, 5)) mailer.offer(mailOf(name));
    await moved(1);
    expect(sent).toEqual(['m1', 'm2', 'm3']);
  });
});

describe('the rate', () => {
  test.each([
    [14, 11.2],
    [1, 0.8],
    [0.05, 0.1],
    [0, 0.1],
  ])('of a service that takes %d a second is %d: 0.8 of it, and never nothing', async (of, rate) => {
    const { mailer } = senderTold({ rate: () => of });
    await moved();
    expect(mailer.rate()).toBeCloseTo(rate, 10);
  });

  test('that the service does not tell is 1 a second; asked again every second, then every minute', async () => {
    const { mailer, count } = senderTold({
      rate: (n) => {
        if (n < 3 || n === 5) throw new Error('away');
        return n === 3 ? 20 : 30;
      },
    });
    await moved(999);
    expect([mailer.rate(), count.rates]).toEqual([1, 1]);
    await moved(1001);
    expect([mailer.rate(), count.rates]).toEqual([16, 3]);
    await moved(59_999);
    expect(count.rates).toBe(3);
    await moved(1);
    expect([mailer.rate(), count.rates]).toEqual([24, 4]);
    await moved(60_000);
    expect([mailer.rate(), count.rates]).toEqual([24, 5]);
  });
});

describe('room', () => {
  test.each([
    [10, 32],
    [1, 3],
    [0.1, 1],
    [1000, 1000],
  ])('at %d a second is for %d mails: what goes out in half of the time that a mail may wait', async (rate, max) => {
    const { mailer, claims } = senderTold({ rate: () => rate, permits: () => 0 });
    await moved();
    for (const name of names(1, max - 1)) mailer.offer(mailOf(name));
    expect(mailer.hasRoom()).toBe(true);
    mailer.offer(mailOf('last'));
    expect(mailer.hasRoom()).toBe(false);
    const before = claims.length;
    await moved(2000);
    expect(claims.length, 'claimed nothing without room').toBe(before);
  });

  test('is claimed for: as many as find room, at most 500 at once', async () => {
    const { mailer, claims } = senderTold({ rate: (n) => (n === 1 ? 10 : 1000), permits: () => 0 });
    await moved(499);
    for (const name of names(1, 30)) mailer.offer(mailOf(name));
    await moved(1);
    expect(claims).toEqual([1, 2]);
    mailer.offer(mailOf('one more'));
    await moved(500);
    expect(claims.at(-1)).toBe(1);
    await moved(59_500);
    expect(claims.at(-1)).toBe(500);
  });

  test('there is none while a claim brings all that it asked for; there is again when the outbox has less', async () => {
    const left = names(1, 33).map((name) => mailOf(name));
    const { mailer, sent, claims } = senderTold({
      rate: () => 10,
      claim: (n, limit) => (n === 1 ? [] : left.splice(0, limit)),
    });
    await moved(499);
    expect(mailer.hasRoom()).toBe(true);
    await moved(1);
    expect([mailer.hasRoom(), sent.length]).toEqual([false, 32]);
    await moved(500);
    expect([mailer.hasRoom(), sent.length, claims]).toEqual([true, 33, [1, 32, 32]]);
    expect(mailer.isAvailable(), 'a backlog is no outage').toBe(true);
  });
});

test('at most 64 requests are under way, and the next begins when one ends', async () => {
  const ends: (() => void)[] = [];
  const { mailer, sent, recorded, asked } = senderTold({
    permits: () => 70,
    answer: () => new Promise((resolve) => ends.push(() => resolve({ kind: 'accepted', messageId: 'm' }))),
  });
  await moved();
  for (const name of names(1, 70)) mailer.offer(mailOf(name));
  await moved();
  expect(sent).toEqual(names(1, 64));
  ends[0]?.();
  await moved();
  expect([sent.length, told(recorded)]).toEqual([65, ['m1 sent']]);
  expect(asked.length, 'permits are kept while somebody waits').toBe(1);
  for (const end of ends) end();
  await moved();
  for (const end of ends) end();
  await moved();
});
