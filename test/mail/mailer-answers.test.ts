/** What each answer of the mail service leads to, and when the sender asks it again: on a clock that the test moves. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { SendResult } from '../../services/mail/transport.ts';
import { mailOf, moved, senderTold, stopTheClock, taken, told } from '../support/sender.ts';

beforeEach(stopTheClock);

const unavailable = { kind: 'unavailable', reason: 'quota' } as const;
/** The service's silence, for as long as any test looks. */
const silence = (): Promise<SendResult> =>
  new Promise((resolve) => setTimeout(() => resolve({ kind: 'unsure' }), 20_000));

describe('a mail is given back', () => {
  test.each<[SendResult, number, number]>([
    [{ kind: 'throttled' }, 0, 500],
    [{ kind: 'throttled' }, 0.5, 1250],
    [{ kind: 'unreached' }, 0, 1000],
    [{ kind: 'unreached' }, 0.5, 2500],
    [{ kind: 'deferred' }, 0.5, 16_500],
    [{ kind: 'disputed' }, 0, 15_000],
    [{ kind: 'late' }, 0.5, 0],
    [unavailable, 0.5, 5000],
  ])(
    'after %j, with the dice at %d, for %d ms; nothing is recorded, no second request made',
    async (what, dice, ms) => {
      vi.spyOn(Math, 'random').mockReturnValue(dice);
      const { mailer, sent, deferred, recorded } = senderTold({ answer: () => what });
      await moved();
      mailer.offer(mailOf('x'));
      await moved(1000);
      vi.restoreAllMocks();
      expect([sent, deferred, recorded]).toEqual([['x'], [['x', ms]], []]);
    },
  );
});

test('each answer is told with the time that it took', async () => {
  const { mailer, results } = senderTold({
    answer: (n) => new Promise((resolve) => setTimeout(() => resolve(n === 1 ? taken : { kind: 'rejected' }), 250)),
  });
  await moved(100);
  for (const name of ['a', 'b']) mailer.offer(mailOf(name));
  await moved(250);
  expect(results).toEqual([
    ['accepted', 250],
    ['rejected', 250],
  ]);
});

test('a refusal and a second lost answer are recorded, each as what it was, and lead to nothing more', async () => {
  const { mailer, sent, recorded, deferred } = senderTold({
    answer: (n) => (n === 1 ? { kind: 'rejected' } : { kind: 'unsure' }),
    countUnsure: async () => 2,
  });
  await moved();
  for (const name of ['refused', 'lost']) mailer.offer(mailOf(name));
  await moved(5000);
  const address = 'a@example.com';
  expect(recorded).toEqual([
    { type: 'record-send-failed', address, otpId: 'refused', mailing: 1, reason: 'rejected' },
    { type: 'record-send-failed', address, otpId: 'lost', mailing: 1, reason: 'unanswered' },
  ]);
  expect([sent, deferred]).toEqual([['refused', 'lost'], []]);
});

test('a lost answer whose count cannot be kept is taken for the first: nothing is recorded as failed', async () => {
  const { mailer, recorded, deferred } = senderTold({
    answer: () => ({ kind: 'unsure' }),
    countUnsure: () => Promise.reject(new Error('the store is away')),
  });
  await moved();
  mailer.offer(mailOf('x'));
  await moved(1000);
  expect([recorded, deferred]).toEqual([[], []]);
});

test('a mail whose key this process does not have is left to who has it, and the next goes out', async () => {
  const { mailer, sent, recorded, deferred } = senderTold({ compose: ({ event }) => event.data.otpId !== 'keyless' });
  await moved();
  for (const name of ['keyless', 'y']) mailer.offer(mailOf(name));
  await moved();
  expect([sent, told(recorded)]).toEqual([['y'], ['y sent']]);
  expect(deferred).toEqual([['keyless', expect.closeTo(1250, -3.2)]]);
});

describe('a service that takes no mail', () => {
  test('gets none of those that wait: they go back at once, and are neither asked for nor claimed for ten seconds', async () => {
    let permits = 0;
    const { mailer, sent, deferred, claims } = senderTold({ answer: () => unavailable, permits: () => permits });
    await moved();
    for (const name of ['a', 'b', 'c']) mailer.offer(mailOf(name));
    permits = 1;
    await moved(499);
    expect(sent).toEqual([]);
    await moved(1);
    expect([sent, deferred]).toEqual([
      ['a'],
      [
        ['a', 5000],
        ['b', 0],
        ['c', 0],
      ],
    ]);
    const before = claims.length;
    await moved(9999);
    expect([claims.length, sent.length, mailer.isAvailable(), mailer.hasRoom()]).toEqual([before, 1, false, false]);
  });

  test('is asked with one mail after ten seconds; the answer opens it for all', async () => {
    const left = ['a', 'b', 'c'].map((name) => mailOf(name));
    const { mailer, sent, claims } = senderTold({
      answer: (n) => (n === 1 ? unavailable : taken),
      claim: (_n, limit) => (sent.length === 0 ? [] : left.splice(0, limit)),
    });
    await moved(250);
    mailer.offer(mailOf('first'));
    await moved(9999);
    expect(sent).toEqual(['first']);
    await moved(251);
    expect([sent, claims.at(-1), mailer.hasRoom()]).toEqual([['first', 'a'], 1, true]);
    await moved(500);
    expect([sent, claims.at(-1)]).toEqual([['first', 'a', 'b', 'c'], 500]);
  });

  test('is told once when it stops to take mails, with its reason, and once when it takes them again', async () => {
    const { mailer, available } = senderTold({ answer: (n) => (n <= 3 ? unavailable : taken) });
    await moved();
    mailer.offer(mailOf('first'));
    for (let probe = 0; probe < 5; probe++) {
      await moved(10_500);
      mailer.offer(mailOf(`probe ${probe}`));
    }
    await moved(500);
    expect(available).toEqual([
      [false, unavailable.reason],
      [true, 'accepted'],
    ]);
  });

  test('gets one probe at a time: while it is under way nothing else is sent, and it is not room for more', async () => {
    const { mailer, sent, deferred } = senderTold({ answer: (n) => (n === 1 ? unavailable : silence()) });
    await moved();
    mailer.offer(mailOf('first'));
    await moved(10_000);
    for (const name of ['probe', 'other']) mailer.offer(mailOf(name));
    await moved();
    expect([sent, deferred]).toEqual([
      ['first', 'probe'],
      [
        ['first', 5000],
        ['other', 0],
      ],
    ]);
    expect([mailer.isAvailable(), mailer.hasRoom()]).toEqual([false, false]);
  });

  test('whose probe no mail is there for takes the next that is asked for, and says so', async () => {
    const { mailer, sent } = senderTold({ answer: (n) => (n === 1 ? unavailable : taken) });
    await moved(250);
    mailer.offer(mailOf('first'));
    await moved(10_100);
    expect([mailer.isAvailable(), mailer.hasRoom()]).toEqual([false, false]);
    await moved(150);
    expect([mailer.isAvailable(), mailer.hasRoom()]).toEqual([true, false]);
    mailer.offer(mailOf('next'));
    await moved();
    expect([sent, mailer.isAvailable(), mailer.hasRoom()]).toEqual([['first', 'next'], true, true]);
  });

  test('stays closed by a mail that was under way before and is taken only now', async () => {
    const { mailer, sent } = senderTold({
      answer: (n) =>
        n === 1 ? new Promise((resolve) => setTimeout(() => resolve(taken), 300)) : Promise.resolve(unavailable),
    });
    await moved();
    mailer.offer(mailOf('slow'));
    await moved(100);
    mailer.offer(mailOf('refused'));
    await moved(300);
    expect([sent, mailer.isAvailable()]).toEqual([['slow', 'refused'], false]);
  });
});

test('a transport whose attempt may outlast a claim is refused', () => {
  expect(() => senderTold({ attemptMillisecondsMax: 14_000 })).toThrow('may take longer than a claim lasts');
});
