/** The sender and its store: what is kept in hand while it is away, what is claimed twice, and how all ends at a stop. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Mail } from '../../services/core/mail.ts';
import type { SendResult } from '../../services/mail/transport.ts';
import { mailOf, moved, senderTold, stopTheClock, taken, told } from '../support/sender.ts';

beforeEach(stopTheClock);

const away = () => Promise.reject(new Error('the store is away'));

/** It claims x, cannot record for a second what came of it, and claims this one meanwhile. */
const claiming = (again: Mail) =>
  senderTold({
    claim: (n) => (n === 1 ? [mailOf('x')] : n === 2 ? [again] : []),
    record: (n) => (n <= 2 ? away() : Promise.resolve()),
  });

describe('while the store is away', () => {
  test('what the service took is recorded every half second until it is, and once', async () => {
    let tries = 0;
    const record = (n: number) => ((tries = n) < 4 ? away() : Promise.resolve());
    const { mailer, sent, recorded, failing } = senderTold({ record });
    await moved();
    mailer.offer(mailOf('x'));
    await moved(1499);
    expect([tries, recorded]).toEqual([3, []]);
    await moved(1);
    await moved(10_000);
    expect([sent, told(recorded), tries]).toEqual([['x'], ['x sent'], 4]);
    expect(recorded).toMatchObject([{ mayBeRecorded: true }]);
    expect(failing()).toEqual(Array(3).fill('record-outcome'));
  });

  test('what is recorded at once does not say that it may be there already', async () => {
    const { mailer, recorded } = senderTold({});
    await moved();
    mailer.offer(mailOf('x'));
    await moved(100);
    expect(recorded).toMatchObject([{ type: 'record-sent', mayBeRecorded: false }]);
  });

  test('it is not tried for ever: until the code is dead and the claim over', async () => {
    let tries = 0;
    const { mailer } = senderTold({ record: (n) => ((tries = n), away()) });
    await moved();
    mailer.offer(mailOf('x', 2000));
    await moved(4000);
    expect(tries).toBe(9);
    await moved(500);
    expect(tries).toBe(10);
    await moved(60_000);
    expect(tries).toBe(10);
  });

  test('claims that fail are made again half a second later', async () => {
    const { sent, claims } = senderTold({ claim: (n) => (n < 3 ? (away() as never) : [mailOf(`m${n}`)]) });
    await moved(999);
    expect([sent, claims.length]).toEqual([[], 2]);
    await moved(1);
    expect([sent, claims.length]).toEqual([['m3'], 3]);
  });
});

test('mails that others left are claimed at the start already, and sent as soon as the rate is known', async () => {
  const { sent, claims } = senderTold({ claim: (n) => (n === 1 ? [mailOf('left')] : []) });
  await moved();
  expect([sent, claims]).toEqual([['left'], [1]]);
});

test('a mail that cannot be composed is told with its loop’s name, and the next that can be ends it', async () => {
  const { mailer, failing, succeeding, recorded } = senderTold({
    compose: (mail) => {
      if (mail.event.data.otpId === 'torn') throw new Error('no template');
      return true;
    },
  });
  await moved();
  for (const name of ['torn', 'whole']) mailer.offer(mailOf(name));
  await moved(100);
  expect([failing(), told(recorded)]).toEqual([['compose-mail'], ['torn send-failed', 'whole sent']]);
  expect(succeeding().filter((loop) => loop === 'compose-mail')).toHaveLength(1);
});

describe('a mail that is claimed again', () => {
  test('while what came of it is not recorded yet is not sent again', async () => {
    const { sent, recorded } = claiming(mailOf('x'));
    await moved(5000);
    expect([sent, told(recorded)]).toEqual([['x'], ['x sent']]);
  });

  test('for another mailing of the same code is sent', async () => {
    const { sent, recorded } = claiming(mailOf('x', 600_000, 2));
    await moved(5000);
    expect([sent, recorded.length]).toEqual([['x', 'x'], 2]);
  });

  test('after it was recorded is nobody’s memory any more', async () => {
    const { sent } = senderTold({ claim: (n) => (n <= 2 ? [mailOf('x')] : []) });
    await moved(500);
    expect(sent).toEqual(['x', 'x']);
  });
});

describe('at a stop', () => {
  test('what waits goes back at once, what is under way is recorded first, and then the connection is closed, once', async () => {
    const answer = Promise.withResolvers<SendResult>();
    const { mailer, sent, deferred, recorded, count } = senderTold({
      permits: () => 1,
      answer: (n) => (n === 1 ? answer.promise : taken),
      rate: (n) => (n === 1 ? 10 : 1000),
    });
    await moved();
    mailer.offer(mailOf('under way'));
    await moved();
    const stopped = mailer.stop();
    for (const name of ['a', 'b']) mailer.offer(mailOf(name));
    await moved();
    mailer.offer(mailOf('too late'));
    await moved();
    expect([sent, mailer.hasRoom(), count.closed]).toEqual([['under way'], false, 0]);
    answer.resolve(taken);
    await moved();
    await stopped;
    expect([sent, told(recorded), count.closed]).toEqual([['under way'], ['under way sent'], 1]);
    expect(deferred).toEqual([
      ['a', 0],
      ['b', 0],
    ]);
  });

  test('a claim that was under way is given back too', async () => {
    const claim = Promise.withResolvers<readonly Mail[]>();
    const { mailer, sent, deferred } = senderTold({ claim: () => claim.promise });
    await moved();
    const stopped = mailer.stop();
    claim.resolve([mailOf('x'), mailOf('y')]);
    await stopped;
    expect([sent, deferred]).toEqual([
      [],
      [
        ['x', 0],
        ['y', 0],
      ],
    ]);
  });

  test('a record that the store does not take is given up, so that the process ends', async () => {
    const { mailer, recorded } = senderTold({ record: away });
    await moved();
    mailer.offer(mailOf('x'));
    await moved(100);
    const stopped = mailer.stop();
    await moved(500);
    await stopped;
    expect(recorded).toEqual([]);
  });

  test('nothing is asked for afterwards: no claim, no rate, no permit', async () => {
    const { mailer, claims, asked, count } = senderTold({ permits: () => 0 });
    await moved();
    mailer.offer(mailOf('x'));
    await moved(1);
    await mailer.stop();
    expect(vi.getTimerCount(), 'nothing keeps the process from its end').toBe(0);
    const before = [claims.length, asked.length, count.rates];
    await moved(2_000_000);
    expect([claims.length, asked.length, count.rates]).toEqual(before);
  });
});

test('what fails is told by the name of what it is', async () => {
  const answers: SendResult[] = [{ kind: 'throttled' }, { kind: 'unsure' }];
  const { mailer, failing } = senderTold({
    answer: (n) => answers[n - 1] ?? taken,
    claim: away,
    rate: (n) => (n === 1 ? 1000 : away()),
    permits: (wanted) => {
      if (failing().includes('count-unsure')) throw new Error('the store is away');
      return wanted;
    },
    record: away,
    countUnsure: away,
    defer: away,
  });
  await moved();
  for (const name of ['a', 'b']) mailer.offer(mailOf(name));
  await moved();
  mailer.offer(mailOf('c'));
  await moved(61_000);
  expect([...new Set(failing())].toSorted()).toEqual([
    'claim-mails',
    'count-unsure',
    'give-mail-back',
    'learn-send-rate',
    'take-permits',
  ]);
});
